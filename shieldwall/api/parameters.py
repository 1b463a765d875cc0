"""Parameters: what may stand in a path, a query or a header, how it is read, and how OpenAPI says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from django.http import HttpRequest

from shieldwall.errors import Absent, BadInput
from shieldwall.exchange import instant

MOST_TEXT = 4_000
MOST_NUMBER = 10**12
MOST_HOLD = timedelta(days=30)
_MOST_PARAMETERS = 50
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,12}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DURATION = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?")


class Kind(msgspec.Struct, frozen=True):
    """How a value is read (given its text and its name), and its JSON Schema."""

    read: Callable[[str, str], Any]
    schema: Mapping[str, Any]


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter. `argument` is what the handler calls it; without `default` it must be given."""

    name: str
    argument: str
    sentence: str
    kind: Kind
    place: str = "query"
    default: Any = ...

    @property
    def required(self) -> bool:
        """Whether a request without it is refused."""
        return self.default is ...


def _read_text(text: str, name: str) -> str:
    if len(text) > MOST_TEXT or _CONTROL.search(text):
        raise _wrong(name, f"over {MOST_TEXT} characters, or a control character", "text of one line")
    return text


def _read_moment(text: str, name: str) -> int:
    return max(0, instant(_read_text(text, name), where=name))


def _read_hold(text: str, name: str) -> int:
    """Microseconds, from whole seconds or an ISO 8601 duration of weeks, days, hours, minutes, seconds."""
    if _NUMBER.fullmatch(text):
        held = timedelta(seconds=min(int(text), 10**9))
    else:
        parts = _DURATION.fullmatch(text)
        if parts is None or not any(parts.groups()) or text.endswith("T"):
            raise _wrong(name, f"{text[:40]!r} is no duration", "seconds, or a duration such as PT15M")
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        held = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if held > MOST_HOLD:
        raise _wrong(name, "longer than 30 days", "at most P30D")
    return held // timedelta(microseconds=1)


def uuid_of(what: str) -> Kind:
    """The UUID of a `what`; anything else names none, and is answered like one that does not exist."""

    def read(text: str, _: str) -> str:
        if not _UUID.fullmatch(text):
            raise Absent(f"no such {what}")
        return text

    return Kind(read, {"type": "string", "format": "uuid"})


def number(least: int, most: int = MOST_NUMBER) -> Kind:
    """Whole numbers in plain decimals, from `least` to `most`."""

    def read(text: str, name: str) -> int:
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise _wrong(name, f"{text[:40]!r} is no whole number from {least} to {most}", f"{least} to {most}")
        return int(text)

    return Kind(read, {"type": "integer", "minimum": least, "maximum": most})


TEXT = Kind(_read_text, {"type": "string", "maxLength": MOST_TEXT, "pattern": r"^[^\x00-\x1f\x7f]*$"})
MOMENT = Kind(_read_moment, {"type": "string", "format": "date-time"})
HOLD = Kind(_read_hold, {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,6}|P[0-9A-Z]{2,30})$"})


def _wrong(name: str, message: str, remedy: str) -> BadInput:
    return BadInput(message, rule="parameter", where=name, remedy=f"give {remedy}")


def read_parameters(parameters: Sequence[Parameter], request: HttpRequest, path: Mapping[str, str]) -> dict[str, Any]:
    """The handler's arguments. Raises BadInput for what is unknown, given twice, missing or malformed.

    A text given empty counts as not given.
    """
    known = {one.name for one in parameters if one.place == "query"}
    given: dict[str, Mapping[str, str]] = {
        "path": path,
        "query": _query(request.META.get("QUERY_STRING", ""), known),
        "header": request.headers,
        "credential": {"Authorization": request.headers.get("Authorization", "").partition(" ")[2].strip()},
    }
    arguments: dict[str, Any] = {}
    for one in parameters:
        text = given[one.place].get(one.name)
        if text or (text is not None and one.kind is not TEXT):
            arguments[one.argument] = one.kind.read(text, one.name)
        elif one.required:
            raise BadInput(f"{one.name} is missing", rule="parameter", where=one.name, remedy="give it")
        else:
            arguments[one.argument] = one.default
    return arguments


def _query(text: str, known: set[str]) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            text.encode("latin-1").decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError as problem:
        raise BadInput("the query is not UTF-8, or holds too much", rule="query", where="query") from problem
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            expected = ", ".join(sorted(known)) or "none"
            raise BadInput("an unknown parameter", rule="parameter", where=name[:80], remedy=f"known here: {expected}")
        if name in found:
            raise BadInput("given twice", rule="parameter", where=name, remedy="give it once")
        found[name] = value
    return found
