"""The OpenAPI 3.1 document, made from the table of routes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from shieldwall import __version__
from shieldwall.api.bodies import JSON, Body
from shieldwall.api.parameters import TEXT, Parameter
from shieldwall.api.problems import ProblemAnswer
from shieldwall.api.route import PREFIX, Reply, Route
from shieldwall.api.table import ROUTES
from shieldwall.http import absolute
from shieldwall.policy import Viewer
from shieldwall.store import node

_REF = "#/components/schemas/{name}"
_SEEN_HEADERS = {
    202: {"Location": ("Where the receipt is to be read.", {"type": "string", "format": "uri"})},
    401: {"WWW-Authenticate": ("How to say who one is.", {"type": "string"})},
    429: {"Retry-After": ("Seconds to wait.", {"type": "string", "pattern": "^[0-9]+$"})},
    503: {"Retry-After": ("Seconds to wait.", {"type": "string", "pattern": "^[0-9]+$"})},
}


def read_openapi(viewer: Viewer) -> Reply:
    """This document, made once for each node that is served."""
    cache = node().cache
    made = cache.get("openapi") or cache.setdefault("openapi", msgspec.json.encode(document()))
    return Reply(msgspec.Raw(made))


DESCRIBING = Route(
    method="GET", path="/openapi.json", handler=read_openapi, gives=None, public=True,
    summary="This API as an OpenAPI 3.1 document.",
)  # fmt: skip
EVERY = (*ROUTES, DESCRIBING)


def document() -> dict[str, Any]:
    """The whole document as plain values."""
    paths: dict[str, dict[str, Any]] = {}
    for route in EVERY:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shieldwall",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Give, find, recall and verify shared knowledge of cyber threats. What you may not read "
            "answers exactly like what does not exist.",
        },
        "servers": [{"url": absolute(PREFIX)}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A service key, or a session's token."}
            },
            "schemas": _schemas(),
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    shown: dict[str, Any] = {"operationId": route.name, "summary": route.summary}
    if route.scope:
        shown["description"] = f"Needs the scope `{route.scope}`."
    if route.public:
        shown["security"] = []
    parameters = [_parameter(one) for one in route.parameters if one.place != "credential"]
    if parameters:
        shown["parameters"] = parameters
    if route.takes is not None:
        shown["requestBody"] = {"required": True, "content": _content(route.takes)}
    shown["responses"] = _responses(route)
    return shown


def _parameter(one: Parameter) -> dict[str, Any]:
    schema = dict(one.kind.schema)
    if isinstance(one.default, int) and schema["type"] == "integer":
        schema["default"] = one.default
    if one.required and one.kind is TEXT:
        schema["minLength"] = 1
    return {
        "name": one.name, "in": one.place, "required": one.required, "description": one.sentence, "schema": schema,
    }  # fmt: skip


def _content(body: Body) -> dict[str, Any]:
    schema = {"type": ["object", "array"]} if body.form is None else _ref(body.form)
    return {media: {"schema": schema} for media in body.media}


def _responses(route: Route) -> dict[str, Any]:
    gives = {"type": "object"} if route.gives is None else _ref(route.gives)
    found = {str(status): _response(status, gives) for status in route.statuses}
    return found | {str(status): _response(status, _ref(ProblemAnswer)) for status in route.refusals()}


def _response(status: int, schema: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "description": HTTPStatus(status).phrase, "content": {JSON: {"schema": schema}},
    }  # fmt: skip
    if status in _SEEN_HEADERS:
        shown["headers"] = {
            name: {"description": sentence, "required": True, "schema": kind}
            for name, (sentence, kind) in _SEEN_HEADERS[status].items()
        }
    return shown


def _ref(form: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=form.__name__)}


def _schemas() -> dict[str, Any]:
    taken = [route.takes.form for route in EVERY if route.takes is not None and route.takes.form is not None]
    given = [route.gives for route in EVERY if route.gives is not None]
    _, asked = msgspec.json.schema_components(taken, ref_template=_REF)
    _, answered = msgspec.json.schema_components([*given, ProblemAnswer], ref_template=_REF)
    every = asked | {name: _always_whole(schema) for name, schema in answered.items()}
    return dict(sorted(every.items()))


def _always_whole(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An answer carries every field, those with a default too."""
    fields = {
        name: {word: value for word, value in field.items() if word != "default"}
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": fields, "required": list(fields)}
