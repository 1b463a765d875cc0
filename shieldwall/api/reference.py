"""The API's reference for people, made from the same document that programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shieldwall.api.openapi import EVERY, document
from shieldwall.api.route import PREFIX, Route

_HEAD = f"""# JSON API

Made from the table of routes by `scripts/api_reference.py`; a test holds it current. Programs read the same as
OpenAPI 3.1 at `{PREFIX}/openapi.json`.

Everything lies under `{PREFIX}`. Say who you are with `Authorization: Bearer …`: a service key, or the token of a
session. Bodies are JSON, small ones strictly: an unknown, repeated or missing field is refused, and so is an unknown or
repeated parameter. Objects are given as they were sent, byte for byte. Times are UTC.

Every answer that is no success has one form:

    {{"error": {{"rule", "where", "message", "remedy", "request_id", "status"}}}}

| status | what it means |
|---|---|
| 400 | what was sent is wrong |
| 401 | nobody we know |
| 403 | a rule forbids it, or a scope is missing |
| 404 | it does not exist, or you may not read it: the two look alike |
| 405 | not with this method; `Allow` says which |
| 409 | it contradicts what stands |
| 413 | too large |
| 415 | another media type, or a coding |
| 429 | over a quota; wait as long as `Retry-After` says |
| 503 | this node cannot answer now |
"""


def reference() -> str:
    """The page, as Markdown."""
    schemas = document()["components"]["schemas"]
    lines = [_HEAD]
    for route in EVERY:
        lines += _section(route)
    lines += ["## Forms", ""]
    for name, schema in schemas.items():
        lines += _form(name, schema)
    return "\n".join(lines)


def _section(route: Route) -> Iterator[str]:
    yield f"## {route.method} {route.path}"
    yield ""
    scope = "Public." if route.public else f"Scope `{route.scope}`." if route.scope else "Any principal."
    yield f"{route.summary} {scope}"
    yield ""
    shown = [one for one in route.parameters if one.place != "credential"]
    if shown:
        yield "| parameter | in | needed | |"
        yield "|---|---|---|---|"
        for one in shown:
            needed = "yes" if one.required else "no"
            yield f"| `{one.name}` | {one.place} | {needed} | {one.sentence.replace('|', chr(92) + '|')} |"
        yield ""
    if route.takes is not None:
        form = "STIX" if route.takes.form is None else _link(route.takes.form.__name__)
        yield f"Takes {form} as {', '.join(f'`{media}`' for media in route.takes.media)}."
    gives = "an OpenAPI document" if route.gives is None else _link(route.gives.__name__)
    statuses = ", ".join(map(str, route.statuses))
    refusals = ", ".join(map(str, route.refusals()))
    yield f"Gives {gives} with {statuses}; otherwise {refusals}."
    yield ""


def _form(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    yield schema.get("description", "")
    yield ""
    needed = set(schema.get("required", ()))
    for field, kind in schema["properties"].items():
        yield f"- `{field}`: {_kind(kind)}{'' if field in needed else ', may be left out'}"
    yield ""


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if "additionalProperties" in schema:
        return f"object of {_kind(schema['additionalProperties'])}"
    words = {"integer": "whole number", "string": "text", "boolean": "true or false"}
    return words.get(schema["type"], str(schema["type"]))


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
