"""The URL parameters of §3.4: read strictly, because what is malformed is refused and never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

import msgspec
from django.http import HttpRequest

from shieldwall.errors import BadInput
from shieldwall.exchange import ALL, FIRST, LAST, Wanted, instant

MOST = 1000
_MOST_FIELDS = 100
# Clients send none to nine digits, and `+00:00`, whose plus may arrive as the space it means in a query.
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+ -]00:00)", re.ASCII)
_VERSION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
_SPEC_VERSION = re.compile(r"\d+\.\d+", re.ASCII)
_NOTHING = frozenset({""})  # an id that no object has


class Query(msgspec.Struct, frozen=True):
    """What a request asks of an endpoint with filters. `added_after` in µs; `names_versions` where it chose them."""

    wanted: Wanted
    added_after: int | None = None
    cursor: str | None = None
    limit: int = MOST
    names_versions: bool = False

    def of_all_versions(self) -> Query:
        """The same query for every version there is."""
        return msgspec.structs.replace(self, wanted=msgspec.structs.replace(self.wanted, versions=frozenset({ALL})))


def query_of(request: HttpRequest, fields: Iterable[str], object_id: str = "") -> Query:
    """The query of `request`, of whose match fields the endpoint knows `fields`; others are ignored (§3.4).

    With `object_id` it asks for that object alone. Raises BadInput for what is malformed or given twice.
    """
    given = _parameters(request, {"added_after", "limit", "next", *(f"match[{field}]" for field in fields)})
    return Query(
        wanted=_wanted(given, object_id), added_after=_maybe(given, "added_after", _moment), cursor=given.get("next"),
        limit=min(_maybe(given, "limit", _positive) or MOST, MOST), names_versions="match[version]" in given,
    )  # fmt: skip


def _parameters(request: HttpRequest, known: set[str]) -> dict[str, str]:
    text = request.META.get("QUERY_STRING", "")
    try:
        raw = text.encode("latin-1").decode("utf-8")
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as problem:
        raise BadInput(
            f"not a query of UTF-8 and at most {_MOST_FIELDS} parameters", rule="TAXII 2.1 §3.4", where="query"
        ) from problem
    asked = [(name, value) for name, value in pairs if name in known]
    twice = [name for name, count in Counter(name for name, _ in asked).items() if count > 1]
    if twice:
        raise _malformed(twice[0], "given more than once", "give it once; several values are separated by commas")
    empty = next((name for name, value in asked if not value), None)
    if empty:
        raise _malformed(empty, "without a value", "leave it out, or give it one")
    return dict(asked)


def _malformed(where: str, message: str, remedy: str) -> BadInput:
    return BadInput(message, rule="TAXII 2.1 §3.4", where=where, remedy=remedy)


def _maybe(given: dict[str, str], name: str, read: Callable[[str], int]) -> int | None:
    return read(given[name]) if name in given else None


def _positive(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text) or not int(text):
        raise _malformed("limit", f"{text[:40]!r} is no number above zero", "use limit=1000")
    return int(text)


def _moment(text: str) -> int:
    if not _TIMESTAMP.fullmatch(text):
        raise _malformed("added_after", f"{text[:60]!r} is no timestamp", "write 2026-11-24T08:00:00.000000Z")
    return max(0, instant(text.replace(" ", "+"), where="added_after"))


def _wanted(given: dict[str, str], object_id: str) -> Wanted:
    ids = frozenset({object_id}) if object_id else _values(given, "id")
    spec_versions = _values(given, "spec_version")
    wrong = [value for value in spec_versions if not _SPEC_VERSION.fullmatch(value)]
    if wrong:
        raise _malformed("match[spec_version]", f"{wrong[0][:40]!r} is no version of STIX", "use 2.1")
    if spec_versions and "2.1" not in spec_versions:
        ids = _NOTHING  # everything here is STIX 2.1, observables that do not say so included (STIX 2.1 §3.2)
    versions = _versions(given["match[version]"]) if "match[version]" in given else frozenset({LAST})
    return Wanted(ids, _values(given, "type"), versions)


def _values(given: dict[str, str], field: str) -> frozenset[str]:
    name = f"match[{field}]"
    values = given[name].split(",") if name in given else []
    if not all(values):
        raise _malformed(name, "an empty value", "separate values by one comma each")
    return frozenset(values)


def _versions(text: str) -> frozenset[str]:
    """Words, and instants as µs in text: two spellings of one moment are one version."""
    values = [_version(value) for value in text.split(",")]
    if len(set(values)) < len(values):
        raise _malformed("match[version]", "the same version twice", "name each version once")
    if ALL in values and len(values) > 1:
        raise _malformed("match[version]", "`all` beside another version", "use `all` alone")
    return frozenset(values)


def _version(value: str) -> str:
    if value in {ALL, FIRST, LAST}:
        return value
    if not _VERSION.fullmatch(value):
        raise _malformed("match[version]", f"{value[:60]!r} is no version", "use all, first, last or a timestamp")
    return str(instant(value, where="match[version]"))
