"""Reading a body: a bounded stream, before any parser sees it."""

from __future__ import annotations

from typing import Protocol, cast

from django.http import HttpRequest

from shieldwall.errors import BadInput, TooLarge
from shieldwall.gate import stepping_aside
from shieldwall.http.errors import UnsupportedMedia

_CHUNK = 1 << 16


def read_body(request: HttpRequest, most: int, *, sender: str) -> bytes:
    """The body of `request`, at most `most` bytes; refused before it is read where its length says so.

    Others are served while it arrives: what `sender` may do is to be asked again afterwards.

    Raises TooLarge (413), UnsupportedMedia for a Content-Encoding, BadInput where it ends before its stated length,
    TooMany (429) where too many bodies are on their way.
    """
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        raise UnsupportedMedia(
            f"the coding {coding[:40]!r} is not taken", rule="Content-Encoding", remedy="send the body as it is"
        )
    stated = _stated(request)
    if stated is not None and stated > most:
        raise _too_large(most)
    with stepping_aside(sender):
        body = _arrived(_stream(request), most)
    if stated is not None and len(body) < stated:
        raise BadInput(
            f"the body ends after {len(body)} of {stated} bytes", rule="RFC 9112 §6.3", remedy="send the whole body"
        )
    return body


def _arrived(stream: _Stream, most: int) -> bytes:
    parts: list[bytes] = []
    held = 0
    while part := stream.read(_CHUNK):
        held += len(part)
        if held > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _stream(request: HttpRequest) -> _Stream:
    """Where the body comes from. Django takes a body without a length, such as a chunked one, for an empty one."""
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    return cast(_Stream, request.META["wsgi.input"]) if chunked else request


def _stated(request: HttpRequest) -> int | None:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdigit() else None


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"the body is larger than {most} bytes",
        rule="SHIELDWALL_MAX_BODY",
        remedy="split it, or use `shieldwall submit`, which does",
    )
