"""Admission: from what a member sent to entries that every reader of the audience can read at once.

Everything refusable is refused before a turn at writing is taken. Objects go in by turns of a few hundred, so that a
bulk import makes nobody else wait long; each object is whole with its postings, salt, leaf and what it supersedes. One
bad object does not stop the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice

import msgspec
import orjson

from shieldwall.errors import BadInput, Conflict, Refused
from shieldwall.exchange.audiences import audience_view
from shieldwall.exchange.judging import Judged, Ready, Submission, judge, single_audience
from shieldwall.exchange.placing import Placing
from shieldwall.exchange.receipts import AudienceView, Outcome, Receipt, counted, decode_receipt, encode_receipt
from shieldwall.members import resolve
from shieldwall.members.viewers import viewer_as_of_now
from shieldwall.policy import UNMARKED, Audience, Marking, Viewer, home_audience, parse_label
from shieldwall.stix import MAX_BYTES, split
from shieldwall.store import READERS, WRITER, Scope, Turn, audience_of, node, one, run, scope_of, snapshot, writing

MOST_AT_ONCE = 10_000
_TURN = 250


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a submission is to be released, as it was asked: an address or a collection, a default for the unmarked."""

    audience: str = ""
    collection: str = ""
    default_marking: str = ""
    digest: str = ""


class _RightsChanged(Exception):
    """The submitter's rights changed between judging and writing."""


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
    target(viewer, request)  # an address that nobody could use is refused before anything is kept
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


def admit_staged(viewer: Viewer, submission: str) -> Receipt:
    """Admit what was staged under `submission`, for the worker. What went in before a crash is found present."""
    row = one(READERS, "submission", id=submission)
    staged = one(READERS, "staged", id=submission)
    assert row is not None and staged is not None, "the worker was given this submission by the store"
    request = msgspec.json.decode(row[5], type=Request)
    raws = split(bytes(staged[0]), cap=node().config.max_body_bytes)
    return _place(viewer, raws, request, _Keep(submission, staged=True))


def _place(viewer: Viewer, raws: Sequence[bytes], request: Request, keep: _Keep) -> Receipt:
    outcomes: dict[int, Outcome] = {}
    unmarked = 0
    ready: Iterator[Ready] = iter(())
    todo = dict(enumerate(raws))
    while True:
        judged, view = _judge(viewer, todo, request, first_extra=max([len(raws) - 1, *outcomes]) + 1)
        outcomes |= judged.refused
        unmarked = sum(one.stayed_home for one in judged.ready)
        ready = iter(judged.ready)
        try:
            return _turns(viewer, ready, _Draft(outcomes, unmarked, request, view), keep)
        except _RightsChanged:
            todo = {index: raw for index, raw in todo.items() if index not in outcomes}
            with snapshot():
                viewer = viewer_as_of_now(viewer, READERS)


def _judge(
    viewer: Viewer, todo: Mapping[int, bytes], request: Request, *, first_extra: int
) -> tuple[Judged, AudienceView]:
    indexes = list(todo)
    with snapshot():
        scope = scope_of(viewer)
        audience = _audience(viewer, request, scope)
        submission = Submission(viewer, audience, _default(viewer, request), scope)
        judged = judge(submission, list(todo.values()), first_extra=first_extra)
        view = audience_view(viewer, audience)
    if indexes == list(range(len(indexes))):
        return judged, view
    renumbered = Judged(
        tuple(
            msgspec.structs.replace(one, index=indexes[one.index]) if one.index < len(indexes) else one
            for one in judged.ready
        ),
        {indexes[index]: outcome for index, outcome in judged.refused.items()},
    )
    return renumbered, view


class _Draft(msgspec.Struct, frozen=True):
    """A receipt in the making. `outcomes` grows turn by turn."""

    outcomes: dict[int, Outcome]
    unmarked: int
    request: Request
    view: AudienceView

    def receipt(self, submission: str) -> Receipt:
        """The finished receipt."""
        every = tuple(_settled(self.outcomes, index) for index in sorted(self.outcomes))
        return Receipt(
            id=submission, state="complete", outcomes=every, counts=counted(every), unmarked_at_home=self.unmarked,
            advice=_advice(self.unmarked, self.request), audience=self.view, created=node().clock(),
        )  # fmt: skip


def _turns(viewer: Viewer, ready: Iterator[Ready], draft: _Draft, keep: _Keep) -> Receipt:
    """Place by turns; the receipt is kept in the last turn's own transaction."""
    chunk = list(islice(ready, _TURN))
    while True:
        following = list(islice(ready, _TURN))
        with writing() as turn:
            if viewer_as_of_now(viewer, WRITER).version != viewer.version:
                raise _RightsChanged
            placed = Placing(turn, viewer.member, chunk).place()
            receipt = None
            if not following:
                finished = msgspec.structs.replace(draft, outcomes=draft.outcomes | placed)
                receipt = finished.receipt(keep.id)
                _keep_receipt(turn, viewer, receipt, draft.request, keep)
        draft.outcomes.update(placed)
        if receipt is not None:
            return receipt
        chunk = following


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
    return msgspec.structs.replace(mine, number=first.number) if first else mine


def _advice(unmarked: int, request: Request) -> str:
    if not unmarked:
        return ""
    where = request.audience or "community"
    return (
        f"{unmarked} objects carry no TLP marking and stayed in your organisation; to send them too: "
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


def stage(viewer: Viewer, raw: bytes, request: Request, idempotency: str, *, state: str, hold_us: int = 0) -> Receipt:
    """Keep `raw` for the worker; it survives a restart."""
    keep = _Keep(node().uuid4(f"submission {viewer.principal}"), idempotency)
    view = audience_view(viewer, target(viewer, request))
    with writing() as turn:
        receipt = Receipt(id=keep.id, state=state, audience=view, created=turn.stamp(), due=turn.stamp() + hold_us)
        _put(viewer, keep, state, receipt.created, receipt.due, request, raw, receipt)
    return receipt


def _hold(viewer: Viewer, raw: bytes, request: Request, idempotency: str, hold_us: int) -> Receipt:
    """Hold what may be held. Revocations never wait: they go at once."""
    raws = split(raw, cap=node().config.max_body_bytes)
    urgent = [one for one in raws if _is_revoked(one)]
    if urgent:
        _place(viewer, urgent, request, _Keep(node().uuid4(f"submission {viewer.principal}")))
    waiting = [one for one in raws if not _is_revoked(one)]
    envelope = b'{"objects":[' + b",".join(waiting) + b"]}"
    return stage(viewer, envelope, request, idempotency, state="held", hold_us=hold_us)


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
    row = one(READERS, "submission_by_key", principal=viewer.principal, idempotency=idempotency)
    if row is None:
        return None
    if orjson.loads(row[3]) != orjson.loads(msgspec.json.encode(request)):
        raise Conflict(
            "this idempotency key was used for another submission",
            rule="idempotency key",
            where="Idempotency-Key",
            remedy="take a fresh key for each submission",
        )
    return decode_receipt(bytes(row[2]))
