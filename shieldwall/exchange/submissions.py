"""Submissions as the store keeps them: one row each, found again by the submitter's own key, and its staged bytes.

A submission that waits keeps its bytes, and with every turn what has become of its objects. So it survives a restart,
goes on where it stopped, and where it ends before its time its receipt tells what had gone in.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import orjson

from shieldwall.errors import BadInput, Conflict
from shieldwall.exchange.audiences import named_again
from shieldwall.exchange.receipts import HELD, Outcome, Receipt, counted, decode_receipt, encode_receipt, settled
from shieldwall.exchange.requests import Request
from shieldwall.policy import Viewer
from shieldwall.store import READERS, WRITER, Turn, node, one, run

LEASE_US = 120_000_000
_MOST_KEY = 200


class Progress(msgspec.Struct, frozen=True):
    """What has become of a submission's objects by now, by index; how many of them stayed home unmarked."""

    outcomes: dict[int, Outcome] = {}
    unmarked: int = 0


class Keep(msgspec.Struct, frozen=True):
    """Under which id, and idempotency key, the receipt is kept. `staged` if the submission has its row already."""

    id: str
    idempotency: str = ""
    staged: bool = False
    gone: tuple[Outcome, ...] = ()
    """What has become of parts of it already: revocations, which never wait."""
    progress: Progress = Progress()


def fresh_keep(viewer: Viewer, idempotency: str = "") -> Keep:
    """Under a new id."""
    return Keep(node().uuid4(f"submission {viewer.principal}"), idempotency)


def keep_receipt(turn: Turn, viewer: Viewer, receipt: Receipt, request: Request, keep: Keep) -> None:
    """Keep a finished receipt, in the turn that finished it."""
    if keep.staged:
        finish(keep.id, receipt)
        return
    put(viewer, keep, "complete", turn.stamp(), turn.stamp(), request, None, receipt)


def put(
    viewer: Viewer, keep: Keep, state: str, created: int, due: int, request: Request, staged: bytes | None,
    receipt: Receipt,
) -> None:  # fmt: skip
    """Inside a turn: the row of a new submission."""
    run(
        WRITER, "put_submission", id=keep.id, principal=viewer.principal, idempotency=keep.idempotency or None,
        state=state, created=created, due=due, request=msgspec.json.encode(request).decode(), staged=staged,
        receipt=encode_receipt(receipt),
    )  # fmt: skip


def finish(submission: str, receipt: Receipt) -> None:
    """Inside a turn: nothing of it waits any more."""
    run(WRITER, "finish_submission", id=submission, state=receipt.state, receipt=encode_receipt(receipt))
    run(WRITER, "drop_progress", submission=submission)


def still_waits(submission: str) -> bool:
    """Inside a turn: whether nobody else has finished it; if so, it is ours for another while."""
    return bool(run(WRITER, "postpone_submission", id=submission, due=node().clock() + LEASE_US))


def note_progress(submission: str, outcomes: Mapping[int, Outcome], unmarked: int) -> None:
    """Inside a turn: what this very turn did."""
    done = Progress(dict(outcomes), unmarked)
    run(WRITER, "put_progress", submission=submission, outcomes=msgspec.json.encode(done))


def progress_of(submission: str, alias: str) -> Progress:
    """What all its turns did. Where two worked on it at once, the first to put an object in tells of it."""
    outcomes: dict[int, Outcome] = {}
    unmarked = 0
    for row in run(alias, "progress_of", submission=submission):
        done = msgspec.json.decode(bytes(row[0]), type=Progress)
        unmarked += done.unmarked
        outcomes = done.outcomes | outcomes
    return Progress(outcomes, unmarked)


def voided(submission: str, receipt: Receipt, why: str) -> Receipt:
    """Inside a turn: the receipt of what ends before its time. What had gone in by then is there, and listed."""
    progress = progress_of(submission, WRITER)
    gone = tuple(one for one in receipt.outcomes if one.outcome != HELD)
    held = dict(enumerate(one for one in receipt.outcomes if one.outcome == HELD))
    outcomes = (*gone, *settled(held | progress.outcomes))
    return msgspec.structs.replace(
        receipt, state="void", advice=why, outcomes=outcomes, counts=counted(outcomes) if outcomes else {},
        unmarked_at_home=progress.unmarked,
    )  # fmt: skip


def finished(submission: str) -> Receipt:
    """Inside a turn: the receipt of what somebody else has finished."""
    row = one(WRITER, "submission", id=submission)
    assert row is not None, "submissions are never deleted"
    return msgspec.structs.replace(decode_receipt(bytes(row[6])), state=row[2])


def known_receipt(viewer: Viewer, request: Request, idempotency: str) -> Receipt | None:
    """What this principal was answered under that key. Raises BadInput for a key that is too long; Conflict."""
    if len(idempotency) > _MOST_KEY:
        raise BadInput("over 200 characters", rule="idempotency key", where="Idempotency-Key", remedy="shorten it")
    return answered(viewer, request, idempotency, READERS)


def answered(viewer: Viewer, request: Request, idempotency: str, alias: str) -> Receipt | None:
    """The same, of a key that was looked at. Raises Conflict where it was used for something else."""
    if not idempotency:
        return None
    row = one(alias, "submission_by_key", principal=viewer.principal, idempotency=idempotency)
    if row is None:
        return None
    if orjson.loads(row[3]) != orjson.loads(msgspec.json.encode(request)):
        raise Conflict(
            "this idempotency key was used for another submission",
            rule="idempotency key",
            where="Idempotency-Key",
            remedy="take a fresh key for each submission",
        )
    return msgspec.structs.replace(named_again(viewer, decode_receipt(bytes(row[2]))), state=row[1])
