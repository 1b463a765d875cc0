"""Admission: from what a member sent to entries that every reader of the audience can read at once.

Everything refusable is refused before a turn at writing is taken. Objects go in by turns of a few hundred, so that a
bulk import makes nobody else wait long; each object is whole with its postings, salt, leaf and what it supersedes. One
bad object does not stop the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from hashlib import blake2b

import msgspec
import orjson

from shieldwall.errors import BadInput, Conflict, Refused, ShieldwallError
from shieldwall.exchange.audiences import audience_view, named_again
from shieldwall.exchange.judging import Judged, Submission, header_of, judge, refusal_of, single_audience
from shieldwall.exchange.known import Given
from shieldwall.exchange.placing import Placing
from shieldwall.exchange.ready import Ready
from shieldwall.exchange.receipts import (
    HELD,
    REFUSED,
    AudienceView,
    Outcome,
    Receipt,
    counted,
    decode_receipt,
    encode_receipt,
)
from shieldwall.members import resolve
from shieldwall.members.viewers import viewer_as_of_now
from shieldwall.policy import UNMARKED, Audience, Marking, Viewer, home_audience, may_read, parse_label
from shieldwall.stix import MAX_BYTES, split
from shieldwall.store import READERS, WRITER, Scope, Turn, audience_of, node, one, run, scope_of, snapshot, writing

MOST_AT_ONCE = 10_000
MOST_HELD_US = 90 * 86_400 * 1_000_000
LEASE_US = 120_000_000
_TURN = 250


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a submission is to be released, as it was asked: an address or a collection, a default for the unmarked."""

    audience: str = ""
    collection: str = ""
    default_marking: str = ""
    digest: str = ""


class _RightsChanged(Exception):
    """The submitter's rights, or what it may pass on, changed between judging and writing."""


class _Answered(Exception):
    """Somebody used the same idempotency key, or worked on the same submission, and was first; `receipt` is theirs."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt


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
    known = _known_receipt(viewer, request, idempotency)
    if known is not None:
        return known
    if hold_us:
        return _hold(viewer, raw, request, idempotency, hold_us)
    if len(raw) > MAX_BYTES:
        return stage(viewer, raw, request, idempotency, state="pending")
    raws = split(raw)
    if len(raws) > MOST_AT_ONCE:
        return stage(viewer, raw, request, idempotency, state="pending")
    return _place(viewer, raws, request, _Keep(node().uuid4(f"submission {viewer.principal}"), idempotency))


def require_submit(viewer: Viewer) -> None:
    """Raises Refused where the viewer may not submit."""
    if "submit" not in viewer.scopes:
        raise Refused("this principal may not submit", rule="scope", remedy="use a key or role with the scope submit")


class _Keep(msgspec.Struct, frozen=True):
    """Under which id, and idempotency key, the receipt is kept. `staged` if the submission has its row already."""

    id: str
    idempotency: str = ""
    staged: bool = False
    gone: tuple[Outcome, ...] = ()
    """What has become of parts of it already: revocations, which never wait."""


def admit_staged(viewer: Viewer, submission: str) -> Receipt:
    """Admit what was staged under `submission`, for the worker. What went in before a crash is found present."""
    row = one(READERS, "submission", id=submission)
    staged = one(READERS, "staged", id=submission)
    assert row is not None and staged is not None, "the worker was given this submission by the store"
    receipt = decode_receipt(bytes(row[6]))
    if staged[0] is None:  # another worker has been here
        return msgspec.structs.replace(receipt, state=row[2])
    request = msgspec.json.decode(row[5], type=Request)
    raws = split(bytes(staged[0]), cap=node().config.max_body_bytes)
    gone = tuple(one for one in receipt.outcomes if one.outcome != HELD)
    return _place(viewer, raws, request, _Keep(submission, staged=True, gone=gone))


def _place(viewer: Viewer, raws: Sequence[bytes], request: Request, keep: _Keep) -> Receipt:
    """Judge, then place by turns; where rights change meanwhile, what is not yet placed is judged anew."""
    draft = _Draft(request, keep.gone)
    todo = dict(enumerate(raws))
    while True:
        judged = _judge(viewer, todo, draft, first_extra=max([len(raws) - 1, *draft.outcomes]) + 1)
        draft.outcomes |= judged.refused
        try:
            return _turns(viewer, judged.ready, draft, keep)
        except _Answered as answered:
            return answered.receipt
        except _RightsChanged:
            todo = {index: raw for index, raw in todo.items() if index not in draft.outcomes}
            with snapshot():
                viewer = viewer_as_of_now(viewer, READERS)


def _judge(viewer: Viewer, todo: Mapping[int, bytes], draft: _Draft, *, first_extra: int) -> Judged:
    indexes = list(todo)
    with snapshot():
        scope = scope_of(viewer)
        try:
            audience = _audience(viewer, draft.request, scope)
        except ShieldwallError as error:
            if draft.view is None:
                raise
            # Some of it went in while the viewer could still address this; the rest is refused one by one.
            return Judged((), {index: refusal_of(raw, error) for index, raw in todo.items()})
        submission = Submission(viewer, audience, _default(viewer, draft.request), scope)
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

    def __init__(self, request: Request, gone: tuple[Outcome, ...]) -> None:
        self.request = request
        self.outcomes: dict[int, Outcome] = {}
        self.unmarked = 0
        self.view: AudienceView | None = None
        self._gone = gone

    def add(self, chunk: Sequence[Ready], placed: Mapping[int, Outcome]) -> None:
        """Note what became of a turn's objects."""
        self.outcomes.update(placed)
        self.unmarked += sum(one.stayed_home and placed[one.index].outcome != REFUSED for one in chunk)

    def receipt(self, submission: str) -> Receipt:
        """The finished receipt."""
        every = (*self._gone, *(_settled(self.outcomes, index) for index in sorted(self.outcomes)))
        return Receipt(
            id=submission, state="complete", outcomes=every, counts=counted(every), unmarked_at_home=self.unmarked,
            advice=_advice(self.unmarked, self.request), audience=self.view, created=node().clock(),
        )  # fmt: skip


def _turns(viewer: Viewer, ready: Sequence[Ready], draft: _Draft, keep: _Keep) -> Receipt:
    """Place by turns; then keep the receipt, in the last turn's own transaction."""
    chunks = _chunks(ready) or [[]]
    for chunk in chunks[:-1]:
        with writing() as turn:
            placed = _placed(turn, viewer, chunk, draft, keep)
        draft.add(chunk, placed)
    with writing() as turn:
        placed = _placed(turn, viewer, chunks[-1], draft, keep)
        finished = copy(draft)  # a turn that fails must leave nothing in the draft either
        finished.outcomes = dict(draft.outcomes)
        finished.add(chunks[-1], placed)
        receipt = finished.receipt(keep.id)
        _keep_receipt(turn, viewer, receipt, draft.request, keep)
    return receipt


def _placed(turn: Turn, viewer: Viewer, chunk: Sequence[Ready], draft: _Draft, keep: _Keep) -> dict[int, Outcome]:
    if viewer_as_of_now(viewer, WRITER).version != viewer.version:
        raise _RightsChanged
    if keep.idempotency:
        answered = _answered(viewer, draft.request, keep.idempotency, WRITER)
        if answered is not None:
            raise _Answered(answered)
    if keep.staged and not run(WRITER, "postpone_submission", id=keep.id, due=node().clock() + LEASE_US):
        raise _Answered(_finished(keep.id))
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


def _finished(submission: str) -> Receipt:
    row = one(WRITER, "submission", id=submission)
    assert row is not None, "submissions are never deleted"
    return msgspec.structs.replace(decode_receipt(bytes(row[6])), state=row[2])


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
    for each in ready:
        if not chunks or (len(current) >= _TURN and each.made_of is None):
            current = []
            chunks.append(current)
        current.append(each)
    return chunks


def _settled(outcomes: Mapping[int, Outcome], index: int) -> Outcome:
    """The outcome of one object; what was sent twice in one turn takes its number from the first."""
    mine = outcomes[index]
    if mine.outcome != "present" or mine.number is not None:
        return mine
    twins = (
        one for one in outcomes.values()
        if one.id == mine.id and one.number is not None and one.collection == mine.collection
    )  # fmt: skip
    first = next(twins, None)
    return msgspec.structs.replace(mine, number=first.number, version=first.version) if first else mine


def _advice(unmarked: int, request: Request) -> str:
    if not unmarked:
        return ""
    where = request.audience or "community"
    objects = "1 object" if unmarked == 1 else f"{unmarked:,} objects"
    return (
        f"{objects} without TLP marking stayed in your organisation; to send them too: "
        f"shieldwall submit --audience {where!r} --default-marking TLP:GREEN FILE"
    )


def _keep_receipt(turn: Turn, viewer: Viewer, receipt: Receipt, request: Request, keep: _Keep) -> None:
    if keep.staged:
        run(WRITER, "finish_submission", id=keep.id, state="complete", receipt=encode_receipt(receipt))
        return
    _put(viewer, keep, "complete", turn.stamp(), turn.stamp(), request, None, receipt)


def _put(
    viewer: Viewer, keep: _Keep, state: str, created: int, due: int, request: Request, staged: bytes | None,
    receipt: Receipt,
) -> None:  # fmt: skip
    run(
        WRITER, "put_submission", id=keep.id, principal=viewer.principal, idempotency=keep.idempotency or None,
        state=state, created=created, due=due, request=msgspec.json.encode(request).decode(), staged=staged,
        receipt=encode_receipt(receipt),
    )  # fmt: skip


def stage(
    viewer: Viewer, raw: bytes, request: Request, idempotency: str, *, state: str, hold_us: int = 0,
    outcomes: tuple[Outcome, ...] = (),
) -> Receipt:  # fmt: skip
    """Keep `raw` for the worker; it survives a restart."""
    keep = _Keep(node().uuid4(f"submission {viewer.principal}"), idempotency)
    view = audience_view(viewer, target(viewer, request))
    with writing() as turn:
        answered = _answered(viewer, request, idempotency, WRITER) if idempotency else None
        if answered is not None:
            return answered
        receipt = Receipt(
            id=keep.id, state=state, outcomes=outcomes, counts=counted(outcomes) if outcomes else {}, audience=view,
            created=turn.stamp(), due=turn.stamp() + hold_us,
        )  # fmt: skip
        _put(viewer, keep, state, receipt.created, receipt.due, request, raw, receipt)
    return receipt


def _hold(viewer: Viewer, raw: bytes, request: Request, idempotency: str, hold_us: int) -> Receipt:
    """Hold what may be held. Revocations never wait: they go at once, and the receipt says so."""
    if not 0 < hold_us <= MOST_HELD_US:
        raise BadInput("a release is held for up to 90 days", rule="held release", where="hold", remedy="hold it less")
    raws = split(raw, cap=node().config.max_body_bytes)
    urgent = [one for one in raws if _is_revoked(one)]
    waiting = [one for one in raws if not _is_revoked(one)]
    if not waiting:
        return _place(viewer, raws, request, _Keep(node().uuid4(f"submission {viewer.principal}"), idempotency))
    target(viewer, request)  # an address that nobody could use is refused before anything is kept
    gone: tuple[Outcome, ...] = ()
    if urgent:
        gone = _place(viewer, urgent, request, _Keep(node().uuid4(f"submission {viewer.principal}"))).outcomes
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


def target(viewer: Viewer, request: Request) -> Audience:
    """The audience a request addresses. Raises BadInput for an address nobody can use, Absent for an unreadable id."""
    with snapshot():
        _default(viewer, request)
        return _audience(viewer, request, scope_of(viewer))


def _audience(viewer: Viewer, request: Request, scope: Scope) -> Audience:
    single_audience(request.audience, request.collection)
    if request.collection and request.collection != scope.facts.virtual_collection:
        return audience_of(scope.by_uuid(request.collection).collection.audience)
    address = request.audience or viewer.default_audience
    return resolve(address, viewer) if address else home_audience(viewer.member)


def _default(viewer: Viewer, request: Request) -> Marking:
    label = request.default_marking or viewer.default_marking
    return parse_label(label) if label else UNMARKED


def _known_receipt(viewer: Viewer, request: Request, idempotency: str) -> Receipt | None:
    if not idempotency:
        return None
    if len(idempotency) > 200:
        raise BadInput("over 200 characters", rule="idempotency key", where="Idempotency-Key", remedy="shorten it")
    return _answered(viewer, request, idempotency, READERS)


def _answered(viewer: Viewer, request: Request, idempotency: str, alias: str) -> Receipt | None:
    """The receipt that this principal was given under that key."""
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
