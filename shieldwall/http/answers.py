"""Answers: bytes with a media type and the headers that every door sends."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import http_date

from shieldwall.store import node

# Answers depend on who asks; nothing between us and them may keep one.
_ALWAYS = {
    "Cache-Control": "private, no-store",
    "Vary": "Accept, Authorization",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
NOTICE = "X-Shieldwall-Notice"
"""The header that tells a reader what they must know beside the answer: that a restore has moved their cursor."""


class Answer(HttpResponse):
    """A response of `body` as `media_type`, exactly so spelled, with the headers that every answer carries."""

    def __init__(self, body: bytes, media_type: str, status: int = 200, **headers: str) -> None:
        super().__init__(body, content_type=media_type, status=status)
        for name, value in _ALWAYS.items():
            self[name] = value
        for name, value in headers.items():
            self[name.replace("_", "-")] = value
        self["Content-Length"] = str(len(body))
        self["Date"] = http_date(node().clock() // 1_000_000)  # the clock that stamps entries, whatever the server's is


def absolute(path: str) -> str:
    """The public URL of `path` (which begins with a slash)."""
    return node().config.url + path
