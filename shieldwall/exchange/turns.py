"""Turns: a submission goes in by a few hundred objects at a time, so that a bulk import makes nobody else wait long.

It is judged before any turn is taken, and each object is whole with its postings, salt, leaf and what it supersedes.
Where rights change between judging and writing, what is not yet placed is judged anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy

import msgspec

from shieldwall.errors import ShieldwallError
from shieldwall.exchange.audiences import audience_view
from shieldwall.exchange.judging import Judged, Submission, judge, refusal_of
from shieldwall.exchange.known import Given
from shieldwall.exchange.placing import Placing
from shieldwall.exchange.ready import Ready
from shieldwall.exchange.receipts import REFUSED, AudienceView, Outcome, Receipt, counted, settled
from shieldwall.exchange.requests import Request, addressed, default_of
from shieldwall.exchange.submissions import Keep, answered, finished, keep_receipt, note_progress, still_waits
from shieldwall.members import viewer_as_of_now
from shieldwall.policy import Viewer, may_read
from shieldwall.store import READERS, WRITER, Turn, node, scope_of, snapshot, writing

_TURN = 250
_TURN_VALUES = 4_000


class _RightsChanged(Exception):
    """The submitter's rights, or what it may pass on, changed between judging and writing."""


class _Answered(Exception):
    """Somebody used the same idempotency key, or worked on the same submission, and was first; `receipt` is theirs."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt


def place(viewer: Viewer, raws: Sequence[bytes], request: Request, keep: Keep) -> Receipt:
    """Judge `raws` and place them by turns; gives the receipt, which is kept.

    Raises BadInput or Absent for an address that cannot be used, Unauthenticated where the viewer's rights end; what
    had gone in by then is there.
    """
    draft = _Draft(request, keep)
    todo = {index: raw for index, raw in enumerate(raws) if index not in draft.outcomes}
    while True:
        judged = _judge(viewer, todo, draft, first_extra=max([len(raws) - 1, *draft.outcomes]) + 1)
        draft.outcomes |= judged.refused
        try:
            return _turns(viewer, judged.ready, draft, keep)
        except _Answered as answer:
            return answer.receipt
        except _RightsChanged:
            todo = {index: raw for index, raw in todo.items() if index not in draft.outcomes}
            with snapshot():
                viewer = viewer_as_of_now(viewer, READERS)


def _judge(viewer: Viewer, todo: Mapping[int, bytes], draft: _Draft, *, first_extra: int) -> Judged:
    indexes = list(todo)
    with snapshot():
        scope = scope_of(viewer)
        try:
            audience = addressed(viewer, draft.request, scope)
        except ShieldwallError as error:
            if draft.view is None:
                raise
            # Some of it went in while the viewer could still address this; the rest is refused one by one.
            return Judged((), {index: refusal_of(raw, error) for index, raw in todo.items()})
        submission = Submission(viewer, audience, default_of(viewer, draft.request), scope)
        judged = judge(submission, list(todo.values()), first_extra=first_extra)
        draft.view = draft.view or audience_view(viewer, audience)
    if indexes == list(range(len(indexes))):
        return judged
    return Judged(
        tuple(
            msgspec.structs.replace(one, index=indexes[one.index]) if one.index < len(indexes) else one
            for one in judged.ready
        ),
        {indexes[index]: outcome for index, outcome in judged.refused.items()},
    )


class _Draft:
    """A receipt in the making: `outcomes` by index of the submission, filled turn by turn."""

    def __init__(self, request: Request, keep: Keep) -> None:
        self.request = request
        self.outcomes = dict(keep.progress.outcomes)
        self.unmarked = keep.progress.unmarked
        self.view: AudienceView | None = None
        self._gone = keep.gone

    def add(self, chunk: Sequence[Ready], placed: Mapping[int, Outcome]) -> None:
        """Note what became of a turn's objects."""
        self.outcomes.update(placed)
        self.unmarked += _unmarked(chunk, placed)

    def receipt(self, submission: str) -> Receipt:
        """The finished receipt."""
        every = (*self._gone, *settled(self.outcomes))
        return Receipt(
            id=submission, state="complete", outcomes=every, counts=counted(every), unmarked_at_home=self.unmarked,
            advice=_advice(self.unmarked, self.request), audience=self.view, created=node().clock(),
        )  # fmt: skip


def _turns(viewer: Viewer, ready: Sequence[Ready], draft: _Draft, keep: Keep) -> Receipt:
    """Place by turns; then keep the receipt, in the last turn's own transaction."""
    chunks = _chunks(ready) or [[]]
    for chunk in chunks[:-1]:
        with writing() as turn:
            placed = _placed(turn, viewer, chunk, draft, keep)
            if keep.staged:
                note_progress(keep.id, placed, _unmarked(chunk, placed))
        draft.add(chunk, placed)
    with writing() as turn:
        placed = _placed(turn, viewer, chunks[-1], draft, keep)
        finished = copy(draft)  # a turn that fails must leave nothing in the draft either
        finished.outcomes = dict(draft.outcomes)
        finished.add(chunks[-1], placed)
        receipt = finished.receipt(keep.id)
        keep_receipt(turn, viewer, receipt, draft.request, keep)
    return receipt


def _unmarked(chunk: Sequence[Ready], placed: Mapping[int, Outcome]) -> int:
    return sum(one.stayed_home and placed[one.index].outcome != REFUSED for one in chunk)


def _placed(turn: Turn, viewer: Viewer, chunk: Sequence[Ready], draft: _Draft, keep: Keep) -> dict[int, Outcome]:
    if viewer_as_of_now(viewer, WRITER).version != viewer.version:
        raise _RightsChanged
    first = answered(viewer, draft.request, keep.idempotency, WRITER)
    if first is not None:
        raise _Answered(first)
    if keep.staged and not still_waits(keep.id):
        raise _Answered(finished(keep.id))
    if not _still_given(viewer, chunk):
        raise _RightsChanged
    return _told(viewer, chunk, Placing(turn, viewer.member, chunk).place())


def _still_given(viewer: Viewer, chunk: Sequence[Ready]) -> bool:
    """Whether what others own may still be passed on: they may have taken it back since it was judged."""
    passed = [one for one in chunk if one.owner != viewer.member]
    if not passed:
        return True
    given = Given(scope_of(viewer, WRITER), {one.checked.id for one in passed}, WRITER)
    return all(given.still_allow(one.checked, one.owner) for one in passed)


def _told(viewer: Viewer, chunk: Sequence[Ready], placed: dict[int, Outcome]) -> dict[int, Outcome]:
    """Without the numbers of what went where the submitter does not read: they count what others put there."""
    blind = {audience for audience in {one.audience for one in chunk} if not may_read(viewer, audience)}
    if not blind:
        return placed
    unread = {one.index for one in chunk if one.audience in blind}
    return {
        index: msgspec.structs.replace(one, number=None) if index in unread else one for index, one in placed.items()
    }


def _chunks(ready: Sequence[Ready]) -> list[list[Ready]]:
    """By the turn; what is made of an object stands behind it, and goes in the same one."""
    chunks: list[list[Ready]] = []
    current: list[Ready] = []
    values = 0
    for each in ready:
        if not chunks or ((len(current) >= _TURN or values >= _TURN_VALUES) and each.made_of is None):
            current, values = [], 0
            chunks.append(current)
        current.append(each)
        values += len(each.value_keys)
    return chunks


def _advice(unmarked: int, request: Request) -> str:
    if not unmarked:
        return ""
    where = request.audience or "community"
    objects = "1 object" if unmarked == 1 else f"{unmarked:,} objects"
    return (
        f"{objects} without TLP marking stayed in your organisation; to send them too: "
        f"shieldwall submit --audience {where!r} --default-marking TLP:GREEN FILE"
    )
