"""Which status an error of ours has, in one table."""

from __future__ import annotations

from collections.abc import Iterable

from shieldwall.errors import (
    Absent,
    BadInput,
    Conflict,
    Refused,
    ShieldwallError,
    StoreError,
    TooLarge,
    TooMany,
    Unauthenticated,
)  # fmt: skip


class MethodNotAllowed(ShieldwallError):
    """The resource is there, but not for this method."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__("this method is not allowed here", rule="RFC 9110 §15.5.6", remedy=f"use {self.allowed}")


class NotAcceptable(ShieldwallError):
    """No representation that the client accepts."""


class UnsupportedMedia(ShieldwallError):
    """The body is of a media type, or in a coding, that is not taken."""


class Unprocessable(BadInput):
    """The body is well-formed HTTP but no usable content."""


_STATUSES: tuple[tuple[type[ShieldwallError], int], ...] = (
    (TooLarge, 413),
    (Unprocessable, 422),
    (BadInput, 400),
    (Unauthenticated, 401),
    (Refused, 403),
    (Absent, 404),
    (MethodNotAllowed, 405),
    (NotAcceptable, 406),
    (Conflict, 409),
    (UnsupportedMedia, 415),
    (TooMany, 429),
    (StoreError, 503),
)


def status_of(error: ShieldwallError) -> int:
    """The HTTP status of an error; the first class in the table that it belongs to."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)


def allow_header(error: ShieldwallError) -> dict[str, str]:
    """The headers that an error's answer must carry (RFC 9110: WWW-Authenticate, Allow, Retry-After)."""
    if isinstance(error, Unauthenticated):
        return {"WWW_Authenticate": 'Basic realm="Shieldwall", charset="UTF-8", Bearer realm="Shieldwall"'}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": error.allowed}
    if isinstance(error, TooMany):
        return {"Retry_After": str(error.retry_after)}
    return {"Retry_After": "5"} if isinstance(error, StoreError) else {}
