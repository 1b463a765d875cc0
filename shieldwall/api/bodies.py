"""Bodies: the media type first, then the bytes within their bound, then one strict decoding into a form."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.http import HttpRequest

from shieldwall.errors import BadInput
from shieldwall.http import UnsupportedMedia, read_body
from shieldwall.stix import refuse_crowd
from shieldwall.store import node

JSON = "application/json"
_SMALL = 1 << 16


class Body(msgspec.Struct, frozen=True):
    """What a route takes: a form to decode into, or bytes as they come (`form` is None). `most` in bytes.

    Without `most` the node's own bound holds (SHIELDWALL_MAX_BODY).
    """

    form: type[msgspec.Struct] | None
    media: tuple[str, ...] = (JSON,)
    most: int | None = _SMALL


def take_body(request: HttpRequest, body: Body, *, sender: str) -> Any:
    """The body as the route wants it. Raises UnsupportedMedia (415), TooLarge (413), BadInput (400)."""
    _judge_media(request.headers.get("Content-Type", ""), body.media)
    bound = node().config.max_body_bytes
    raw = read_body(request, bound if body.most is None else min(bound, body.most), sender=sender)
    return raw if body.form is None else decode(raw, body.form)


def _judge_media(stated: str, taken: tuple[str, ...]) -> None:
    name, *rest = (part.strip().lower() for part in stated.split(";"))
    settings = {part.replace(" ", "").replace('"', "") for part in rest if part} - {"charset=utf-8"}
    settings_taken = not settings or (settings == {"version=2.1"} and name != JSON)
    if settings_taken and name in {one.partition(";")[0] for one in taken}:
        return
    raise UnsupportedMedia(
        f"{stated[:80]!r} is not taken here", rule="Content-Type", where="Content-Type",
        remedy=f"send {' or '.join(taken)}",
    )  # fmt: skip


def decode(raw: bytes, form: type[msgspec.Struct]) -> msgspec.Struct:
    """`raw` as `form`, strictly: no unknown, missing or repeated field, no other type. Raises BadInput, TooLarge."""
    refuse_crowd(raw)
    try:
        value = msgspec.json.decode(raw, type=form, strict=True)
        json.loads(raw, object_pairs_hook=_once)  # the forms are flat: it cannot go deep
    except msgspec.ValidationError as problem:
        message, _, where = str(problem).partition(" - at ")
        raise BadInput(
            message, rule="request body", where=where.strip("`") or "$", remedy="see /api/v1/openapi.json"
        ) from problem
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInput(f"not JSON: {problem}", rule="json", where="$", remedy="send JSON in UTF-8") from problem
    return value


def _once(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput("a key written twice", rule="json-duplicate", where=f"$.{twice}", remedy="keep one")
