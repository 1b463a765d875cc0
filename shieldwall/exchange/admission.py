"""Admission: from what a member sent to entries that every reader of the audience can read at once.

Everything refusable is refused before a turn at writing is taken. One bad object does not stop the others. What is too
large to do at once, or is to go out later, is staged for the worker.
"""

from __future__ import annotations

from hashlib import blake2b

from shieldwall.exchange.receipts import Receipt
from shieldwall.exchange.requests import Request, require_submit
from shieldwall.exchange.staging import hold, stage
from shieldwall.exchange.submissions import fresh_keep, known_receipt
from shieldwall.exchange.turns import place
from shieldwall.policy import Viewer
from shieldwall.stix import MAX_BYTES, split

MOST_AT_ONCE = 10_000


def admit(
    viewer: Viewer,
    raw: bytes,
    *,
    audience: str = "",
    collection: str = "",
    default_marking: str = "",
    idempotency: str = "",
    hold_us: int = 0,
) -> Receipt:
    """Admit the bundle, envelope, list or object in `raw`, addressed to `audience` or put into `collection`.

    Without an address nothing leaves the submitter's organisation. Over 10 MiB or 10,000 objects, or with `hold_us`,
    the receipt is pending or held and the worker goes on. The same `idempotency` key returns the first receipt.

    Raises Refused without the scope `submit`; BadInput for an unknown address or what is not JSON; Absent for a
    collection that the viewer may not read; Conflict for an idempotency key that was used for something else.
    """
    request = Request(audience, collection, default_marking, blake2b(raw, digest_size=16).hexdigest())
    require_submit(viewer)
    known = known_receipt(viewer, request, idempotency)
    if known is not None:
        return known
    if hold_us:
        return hold(viewer, raw, request, idempotency, hold_us)
    if len(raw) > MAX_BYTES:
        return stage(viewer, raw, request, idempotency, state="pending")
    raws = split(raw)
    if len(raws) > MOST_AT_ONCE:
        return stage(viewer, raw, request, idempotency, state="pending")
    return place(viewer, raws, request, fresh_keep(viewer, idempotency))
