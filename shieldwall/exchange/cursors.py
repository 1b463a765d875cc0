"""Cursors: signed, stateless, opaque: (shown, collection, number), bound to the query they page through, and
to the epoch of the log they were made in.

A cursor names its collection by the public id, so that what happens elsewhere on the node changes none of its bytes.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from hashlib import blake2b
from hmac import compare_digest

import msgspec

from shieldwall.errors import BadInput
from shieldwall.store import node

_MAC_BYTES, _QUERY_BYTES, _PLACE_BYTES = 16, 8, 44


class Cursor(msgspec.Struct, frozen=True, order=True):
    """The last thing a reader was shown: when (µs), in which collection (public id, '' for none), its number.

    `asked_after` is the query's own `added_after` (µs), -1 for none; `epoch` the node's when the cursor was made.
    """

    shown: int
    collection: str = ""
    number: int = 0
    asked_after: int = -1
    epoch: int = 0


def seal_cursor(cursor: Cursor, query: bytes) -> str:
    """`cursor` as URL-safe text, good only for the same `query` (a canonical description of collection and filters)."""
    body = (
        cursor.shown.to_bytes(8)
        + (uuid.UUID(cursor.collection).bytes if cursor.collection else bytes(16))
        + cursor.number.to_bytes(8)
        + (cursor.asked_after + 1).to_bytes(8)
        + cursor.epoch.to_bytes(4)
        + _query_key(query)
    )
    return base64.urlsafe_b64encode(body + _mac(body)).rstrip(b"=").decode()


def open_cursor(text: str, query: bytes) -> Cursor:
    """The cursor in `text`. Raises BadInput where it was forged, cut, or made for another query (TAXII 2.1 §3.5)."""
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise _forged() from problem
    body, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
    if len(body) != _PLACE_BYTES + _QUERY_BYTES or not compare_digest(mac, _mac(body)):
        raise _forged()
    if not compare_digest(body[_PLACE_BYTES:], _query_key(query)):
        raise other_query()
    public = body[8:24]
    return Cursor(
        shown=int.from_bytes(body[:8]),
        collection=str(uuid.UUID(bytes=public)) if any(public) else "",
        number=int.from_bytes(body[24:32]),
        asked_after=int.from_bytes(body[32:40]) - 1,
        epoch=int.from_bytes(body[40:44]),
    )


def other_query() -> BadInput:
    """The refusal of a cursor beside parameters it was not made for."""
    return BadInput(
        "this `next` belongs to another query",
        rule="TAXII 2.1 §3.5",
        where="next",
        remedy="repeat the parameters of the request that gave it, or start anew without `next`",
    )


def _forged() -> BadInput:
    return BadInput(
        "this `next` was not made here", rule="TAXII 2.1 §3.5", where="next", remedy="start anew without `next`"
    )


def _query_key(query: bytes) -> bytes:
    return blake2b(query, digest_size=_QUERY_BYTES).digest()


def _mac(body: bytes) -> bytes:
    return blake2b(body, digest_size=_MAC_BYTES, key=node().secret("cursor")).digest()
