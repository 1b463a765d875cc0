"""TAXII resources and errors as HTTP answers: always the one media type, exactly so spelled (§3.1, §3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson

from shieldwall.errors import ShieldwallError, StoreError
from shieldwall.http import Answer, Unprocessable, allow_header, status_of
from shieldwall.taxii.media import TAXII


class NothingUsable(Unprocessable):
    """Not one of the objects could be taken. `failures` are status details (§4.3.1), the first hundred."""

    def __init__(self, failures: list[dict[str, str]]) -> None:
        super().__init__(
            failures[0]["message"], rule="TAXII 2.1 §5.5", where=failures[0]["id"],
            remedy="mend the objects in `failures`",
        )  # fmt: skip
        self.failures = failures[:100]


def resource(value: Mapping[str, Any] | bytes, status: int = 200, **headers: str) -> Answer:
    """A TAXII resource; bytes are sent as they are."""
    return Answer(value if isinstance(value, bytes) else orjson.dumps(value), TAXII, status, **headers)


def render_error(error: ShieldwallError, request_id: str) -> Answer:
    """The error message of §3.6.1. Of our own failures it tells nothing but the id to ask with."""
    status = status_of(error)
    said = {"title": HTTPStatus(status).phrase, "error_id": request_id, "http_status": str(status)}
    if isinstance(error, StoreError):
        said["description"] = "this node cannot answer now; try again, or ask its operator with this error_id"
        return resource(said, status, **allow_header(error))
    details: dict[str, Any] = {"where": error.where, "remedy": error.remedy}
    if isinstance(error, NothingUsable):
        details["failures"] = error.failures
    message = said | {"description": str(error), "error_code": error.rule, "details": _told(details)}
    return resource(_told(message), status, **allow_header(error))


def _told(pairs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in pairs.items() if value}
