"""What the HTTP doors share: who asks, how much they may ask, the body as a bounded stream, errors as statuses.

    @door(render_error)      a view that is given the viewer, and answers every error of ours in its door's own form
    read_body                the request's bytes, never more than allowed
    absolute                 a public URL, from SHIELDWALL_URL and never from the Host header

Each door says in its own form what these refuse.
"""

from __future__ import annotations

from shieldwall.http.answers import NOTICE, Answer, absolute
from shieldwall.http.bodies import read_body
from shieldwall.http.doors import View, door, viewer_of
from shieldwall.http.errors import NotAcceptable, Unprocessable, UnsupportedMedia, allow_header, status_of
from shieldwall.http.quotas import OBJECTS, REQUESTS, spend, spend_address

__all__ = [
    "NOTICE", "OBJECTS", "REQUESTS", "Answer", "NotAcceptable", "Unprocessable", "UnsupportedMedia", "View",
    "absolute", "allow_header", "door", "read_body", "spend", "spend_address", "status_of", "viewer_of",
]  # fmt: skip
