"""Staging: what is kept for the worker, because it is large or because it is to go out later."""

from __future__ import annotations

import msgspec

from shieldwall.errors import BadInput
from shieldwall.exchange.audiences import audience_view
from shieldwall.exchange.judging import header_of
from shieldwall.exchange.receipts import HELD, Outcome, Receipt, counted, decode_receipt
from shieldwall.exchange.requests import Request, target
from shieldwall.exchange.submissions import Keep, answered, fresh_keep, progress_of, put
from shieldwall.exchange.turns import place
from shieldwall.policy import Viewer
from shieldwall.stix import split
from shieldwall.store import READERS, WRITER, node, one, writing

MOST_HELD_US = 90 * 86_400 * 1_000_000


def stage(
    viewer: Viewer, raw: bytes, request: Request, idempotency: str, *, state: str, hold_us: int = 0,
    outcomes: tuple[Outcome, ...] = (),
) -> Receipt:  # fmt: skip
    """Keep `raw` for the worker; it survives a restart."""
    keep = fresh_keep(viewer, idempotency)
    view = audience_view(viewer, target(viewer, request))
    with writing() as turn:
        first = answered(viewer, request, idempotency, WRITER)
        if first is not None:
            return first
        receipt = Receipt(
            id=keep.id, state=state, outcomes=outcomes, counts=counted(outcomes) if outcomes else {}, audience=view,
            created=turn.stamp(), due=turn.stamp() + hold_us,
        )  # fmt: skip
        put(viewer, keep, state, receipt.created, receipt.due, request, raw, receipt)
    return receipt


def hold(viewer: Viewer, raw: bytes, request: Request, idempotency: str, hold_us: int) -> Receipt:
    """Hold what may be held. Revocations never wait: they go at once, and the receipt says so."""
    if not 0 < hold_us <= MOST_HELD_US:
        raise BadInput("a release is held for up to 90 days", rule="held release", where="hold", remedy="hold it less")
    raws = split(raw, cap=node().config.max_body_bytes)
    urgent = [one for one in raws if _is_revoked(one)]
    waiting = [one for one in raws if not _is_revoked(one)]
    if not waiting:
        return place(viewer, raws, request, fresh_keep(viewer, idempotency))
    target(viewer, request)  # an address that nobody could use is refused before anything is kept
    gone: tuple[Outcome, ...] = ()
    if urgent:
        gone = place(viewer, urgent, request, fresh_keep(viewer)).outcomes
    envelope = b'{"objects":[' + b",".join(waiting) + b"]}"
    outcomes = (*gone, *map(_held, waiting))
    return stage(viewer, envelope, request, idempotency, state="held", hold_us=hold_us, outcomes=outcomes)


def _held(raw: bytes) -> Outcome:
    stix_id, version = header_of(raw)
    return Outcome(stix_id, version, HELD)


class _Revoked(msgspec.Struct):
    revoked: bool = False


def _is_revoked(raw: bytes) -> bool:
    try:
        return msgspec.json.decode(raw, type=_Revoked).revoked
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def admit_staged(viewer: Viewer, submission: str) -> Receipt:
    """Admit what was staged under `submission`, for the worker. Goes on where a crash or a restart stopped it."""
    row = one(READERS, "submission", id=submission)
    staged = one(READERS, "staged", id=submission)
    assert row is not None and staged is not None, "the worker was given this submission by the store"
    receipt = decode_receipt(bytes(row[6]))
    if staged[0] is None:  # another worker has been here
        return msgspec.structs.replace(receipt, state=row[2])
    request = msgspec.json.decode(row[5], type=Request)
    raws = split(bytes(staged[0]), cap=node().config.max_body_bytes)
    gone = tuple(one for one in receipt.outcomes if one.outcome != HELD)
    keep = Keep(submission, staged=True, gone=gone, progress=progress_of(submission, READERS))
    return place(viewer, raws, request, keep)
