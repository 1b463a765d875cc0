"""Submissions that wait: for a chosen time (held) or for the worker (pending); seen, sent now, or taken back unread."""

from __future__ import annotations

import msgspec

from shieldwall.errors import Absent, Conflict, ShieldwallError, StoreError
from shieldwall.exchange.audiences import named_again
from shieldwall.exchange.receipts import WAITING, Receipt, decode_receipt
from shieldwall.exchange.staging import admit_staged
from shieldwall.exchange.submissions import LEASE_US, finish, still_waits, voided
from shieldwall.members import viewer_of_key, viewer_of_person
from shieldwall.policy import Viewer
from shieldwall.store import READERS, WRITER, node, one, run, writing

_NO_LONGER_HELD = {
    "void": (
        "this submission was taken back, or refused when it was due",
        "nothing went out but what its receipt lists; give it anew if it should",
    ),
    "pending": ("this submission goes out at this moment", "ask for its status, then withdraw what was admitted"),
    "complete": ("this submission has gone out", "withdraw what was admitted, if it should not have"),
}


def submission(viewer: Viewer, submission_id: str) -> Receipt:
    """The receipt of the viewer's own submission as it stands. Raises Absent, also for another principal's."""
    row = one(READERS, "submission", id=submission_id)
    if row is None or row[1] != viewer.principal:
        raise Absent("no such submission")
    receipt = named_again(viewer, decode_receipt(bytes(row[6])))
    return msgspec.structs.replace(receipt, state=row[2], due=row[4] if row[2] in WAITING else receipt.due)


def take_back(viewer: Viewer, submission_id: str) -> Receipt:
    """Take back what is still held, unread by anybody. Raises Conflict where it has gone out already."""
    receipt = msgspec.structs.replace(submission(viewer, submission_id), state="void")
    with writing() as turn:
        _claim(submission_id, becomes="void")
        finish(submission_id, receipt)
        turn.journal("taken-back", submission=submission_id)
    return receipt


def send_now(viewer: Viewer, submission_id: str) -> Receipt:
    """Release what is held, at once. Raises Conflict where it has gone out or was taken back."""
    submission(viewer, submission_id)
    with writing():
        _claim(submission_id, becomes="pending")
    return admit_staged(viewer, submission_id)


def _claim(submission_id: str, *, becomes: str) -> None:
    if not _claimed(submission_id, "held", becomes):
        row = one(WRITER, "submission", id=submission_id)
        assert row is not None, "submissions are never deleted"
        message, remedy = _NO_LONGER_HELD[row[2]]
        raise Conflict(message, rule="held release", where=submission_id, remedy=remedy)


def _claimed(submission_id: str, state: str, becomes: str) -> bool:
    """Inside a turn: whether it was ours to take."""
    now = node().clock()
    return bool(run(
        WRITER, "claim_submission", id=submission_id, state=state, becomes=becomes, due=now + LEASE_US, now=now
    ))  # fmt: skip


def release_due(limit: int = 10) -> int:
    """Admit what is due, for the worker: with the rights of its submitter as they are now, or not at all.

    Each is leased while it is worked on, so that a killed worker's is taken up again. Returns how many were done.
    """
    rows = run(READERS, "due_submissions", now=node().clock(), limit=limit)
    for submission_id, principal, state, _ in rows:
        with writing():
            if not _claimed(submission_id, state, "pending"):
                continue
        _release(submission_id, principal)
    return len(rows)


def _release(submission_id: str, principal: str) -> None:
    try:
        admit_staged(submitter_of(principal), submission_id)
    except StoreError:
        raise
    except ShieldwallError as refusal:
        with writing():
            row = one(WRITER, "submission", id=submission_id)
            assert row is not None, "submissions are never deleted"
            if still_waits(submission_id):
                finish(submission_id, voided(submission_id, decode_receipt(bytes(row[6])), str(refusal)))


def submitter_of(principal: str) -> Viewer:
    """Who submitted, with their rights as they are now. Raises Unauthenticated where they have none."""
    kind, _, identifier = principal.partition(":")
    return viewer_of_key(identifier) if kind == "key" else viewer_of_person(identifier)
