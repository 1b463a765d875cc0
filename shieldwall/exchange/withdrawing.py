"""Withdrawing: it should not have been shared, so it vanishes, wherever it lies, and its owner learns who had it.

Revoking differs: it says the content is wrong, and stays readable. A withdrawal is an entry in every collection that
holds the object, appended in one transaction. It hides the version (or all versions), and the older ones there too
until something new is appended. What granular markings made of the object is withdrawn with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import orjson

from shieldwall.errors import Absent, BadInput
from shieldwall.exchange.instants import instant, timestamp
from shieldwall.exchange.lanes import COVERED, WITHDRAWN
from shieldwall.exchange.parts import made_of
from shieldwall.exchange.requests import require_submit
from shieldwall.exchange.rights import scope_now
from shieldwall.members import owners_served, readers_of, viewer_as_of_now
from shieldwall.policy import Viewer
from shieldwall.store import (
    READERS,
    WRITER,
    Collection,
    Draft,
    Kind,
    Turn,
    audience_of,
    collection_by_id,
    collection_of,
    deliveries_of,
    id_key,
    number_of,
    opened,
    position,
    run,
    run_many,
    scope_of,
    snapshot,
    writing,
)  # fmt: skip

_TELLING_DOORS = frozenset({"api", "cli", "web", "watch", "federation"})
_MOST_REASON = 2_000
_FEWEST_COUNTED = 5


class Sent(msgspec.Struct, frozen=True):
    """Somebody who was given what is withdrawn: when (TAXII timestamp), and whether their door can announce it."""

    member: str
    principal: str
    door: str
    at: str
    can_be_told: bool


class Withdrawn(msgspec.Struct, frozen=True):
    """One entry that a withdrawal hid. `collection` is a public id; `number` None where the asker does not read it."""

    id: str
    version: str
    collection: str
    number: int | None


class Withdrawal(msgspec.Struct, frozen=True):
    """The answer to a withdrawal. `others` counts readers whom the asker may not see by name, five where fewer."""

    withdrawn: tuple[Withdrawn, ...]
    sent_to: tuple[Sent, ...]
    others: int
    advice: str


class Announced(msgspec.Struct, frozen=True):
    """A withdrawal as its readers see it. `added` in µs."""

    id: str
    version: str | None
    owner: str
    reason: str
    collection: str
    number: int
    added: int


class _Known(msgspec.Struct, frozen=True):
    position: int
    owner: str
    modified: int


def withdraw(viewer: Viewer, stix_id: str, version: str | None, reason: str) -> Withdrawal:
    """Withdraw a version of the viewer's own object, or all of them where `version` is None, everywhere it lies.

    The same version of its parts goes with it; their readers, who may not know of the whole, are told no reason.

    Raises Absent where the viewer's member owns nothing of that id and version; BadInput for a version that is no
    timestamp or a reason over 2,000 characters; Refused without the scope `submit`.
    """
    require_submit(viewer)
    if len(reason) > _MOST_REASON:
        raise BadInput("over 2,000 characters", rule="withdrawal", where="reason", remedy="shorten it")
    moment = instant(version, where="version") if version else None
    with writing() as turn:
        current = viewer_as_of_now(viewer, WRITER)
        require_submit(current)
        owned = _owned(current, stix_id, WRITER)
        parts = _parts(stix_id, owned, WRITER)
        gone = _append_withdrawals(turn, current, owned, parts, _Asked(stix_id, version, moment, reason))
    sent = _sent(current, _meant(moment, owned, parts))  # nobody is given it any more
    return Withdrawal(gone, *sent, advice="" if stix_id.partition("--")[0] != "indicator" else _ADVICE)


_ADVICE = (
    "TAXII clients cannot be told of a withdrawal: those whose door cannot carry one keep the indicator until they "
    "re-read the collection. Where the content is wrong rather than secret, publish a version with `revoked: true`, "
    "which reaches every reader."
)


class _Asked(msgspec.Struct, frozen=True):
    id: str
    version: str | None
    moment: int | None
    reason: str


def told(viewer: Viewer, stix_id: str, version: str | None = None) -> tuple[tuple[Sent, ...], int]:
    """To whom the viewer's own object was sent so far: those the viewer may see by name, and how many others.

    Fewer than five others are told as five: a difference of one would tell who is among them. Raises Absent.
    """
    moment = instant(version, where="version") if version else None
    with snapshot():
        owned = _owned(viewer, stix_id, READERS)
        parts = _parts(stix_id, owned, READERS)
    return _sent(viewer, _meant(moment, owned, parts))


def _meant(moment: int | None, owned: Sequence[_Known], parts: Mapping[str, Sequence[_Known]]) -> list[_Known]:
    every = [*owned, *(one for some in parts.values() for one in some)]
    return [one for one in every if moment in (None, one.modified)]


def _sent(viewer: Viewer, owned: Sequence[_Known]) -> tuple[tuple[Sent, ...], int]:
    with snapshot():
        named: dict[int, frozenset[str]] = {}
        sent: dict[tuple[str, str, str], int] = {}
        others: set[str] = set()
        for one in owned:
            number = collection_of(one.position)
            if number not in named:
                named[number] = _nameable(viewer, number)
            for member, principal, door, at in deliveries_of(one.position):
                if member in named[number] or member == viewer.member:
                    key = (member, principal, door)
                    sent[key] = min(at, sent.get(key, at))
                else:
                    others.add(principal)
    listed = [
        Sent(member, principal, door, timestamp(at), door in _TELLING_DOORS)
        for (member, principal, door), at in sorted(sent.items(), key=lambda pair: (pair[1], pair[0]))
    ]
    return tuple(listed), max(len(others), _FEWEST_COUNTED) if others else 0


def _nameable(viewer: Viewer, number: int) -> frozenset[str]:
    """The members whom the viewer may see by name among a collection's readers."""
    collection = collection_by_id(READERS, number)
    return frozenset(one.id for one in readers_of(viewer, audience_of(collection.audience)).members)


def _owned(viewer: Viewer, stix_id: str, alias: str) -> list[_Known]:
    """What still stands of the viewer's object, else of that of the departed it stands in for. Raises Absent."""
    standing = _family(stix_id, owners_served(viewer, alias), alias)
    own = [one for one in standing if one.owner == viewer.member]
    if not standing:
        raise Absent("no such object of yours")
    return own or standing


def _family(stix_id: str, owners: Container[str], alias: str) -> list[_Known]:
    """What still stands under an id of these owners."""
    rows = run(alias, "family", keys=orjson.dumps([id_key(stix_id).hex()]).decode())
    known = [_Known(place, owner, modified) for _, place, owner, modified, _, _ in rows if owner in owners]
    return _standing(known, alias)


def _parts(stix_id: str, owned: Sequence[_Known], alias: str) -> dict[str, list[_Known]]:
    """What still stands of what was made of a whole by its owners, by id."""
    owners = {one.owner for one in owned}
    parts: dict[str, list[_Known]] = defaultdict(list)
    for (_, owner), made in made_of([id_key(stix_id)], alias).items():
        for part in made if owner in owners else ():
            parts[part] += _family(part, {owner}, alias)
    return parts


def _append_withdrawals(
    turn: Turn, viewer: Viewer, owned: Sequence[_Known], parts: Mapping[str, Sequence[_Known]], asked: _Asked
) -> tuple[Withdrawn, ...]:
    gone: list[Withdrawn] = []
    for stix_id, known in {asked.id: owned, **parts}.items():
        # A reason was written for those who have the whole: it may tell what a part leaves out.
        said = asked if stix_id == asked.id else msgspec.structs.replace(asked, id=stix_id, reason="")
        for collection, hit in _appended(turn, viewer.member, known, said):
            gone += _shown(viewer, collection, hit, stix_id)
    if not gone and not any(asked.moment in (None, one.modified) for one in owned):
        raise Absent("no such version of yours")
    return tuple(sorted(gone, key=lambda one: (one.collection, one.version, one.number or 0, one.id)))


def _appended(
    turn: Turn, submitter: str, owned: Sequence[_Known], asked: _Asked
) -> Iterator[tuple[Collection, list[_Known]]]:
    """Append a withdrawal wherever what is asked for lies; gives, for each place, what it hid there."""
    places: dict[tuple[int, str], list[_Known]] = defaultdict(list)
    for one in owned:
        places[collection_of(one.position), one.owner].append(one)
    for (number, _), here in sorted(places.items()):
        hit = [one for one in here if asked.moment is None or one.modified == asked.moment]
        if hit:
            collection = collection_by_id(WRITER, number)
            _append_one(turn, submitter, collection, hit, asked)
            _hide(here, hit, owned)
            yield collection, hit


def withdraw_again(turn: Turn, *, id: str, version: str | None, owner: str, reason: str, submitter: str) -> int:
    """Do once more, after a restore, what the journal says was withdrawn. How many entries that took back."""
    asked = _Asked(id, version, instant(version, where="version") if version else None, reason)
    return sum(len(hit) for _, hit in _appended(turn, submitter, _family(id, {owner}, WRITER), asked))


def _standing(known: Sequence[_Known], alias: str) -> list[_Known]:
    """Those that no withdrawal hides."""
    positions = orjson.dumps([one.position for one in known]).decode()
    gone = {place for place, why in run(alias, "hidden_at", positions=positions) if why in (WITHDRAWN, COVERED)}
    return [one for one in known if one.position not in gone]


def _append_one(turn: Turn, submitter: str, collection: Collection, hit: Sequence[_Known], asked: _Asked) -> None:
    owner = hit[0].owner
    body = orjson.dumps({
        "type": "withdrawal", "id": asked.id, "version": asked.version, "owner": owner, "reason": asked.reason,
        "numbers": sorted(number_of(one.position) for one in hit),
    })  # fmt: skip
    draft = Draft(
        kind=Kind.WITHDRAWAL, id=asked.id, version=asked.version or "", body=body, owner=owner, submitter=submitter
    )
    placed = turn.append(collection, [draft])
    run_many(WRITER, "put_withdrawal", [(placed[0].position,)])
    turn.journal("withdrawn", id=asked.id, version=asked.version, owner=owner, reason=asked.reason, submitter=submitter)


def _hide(here: Sequence[_Known], hit: Sequence[_Known], family: Sequence[_Known]) -> None:
    """Hide what is withdrawn, and what is older there (all of one owner); what vanished is nobody's twin any more."""
    newest = max(one.modified for one in hit)
    withdrawn = {one.position for one in hit}
    covered = [one.position for one in here if one.modified < newest and one.position not in withdrawn]
    vanished = [*withdrawn, *covered]
    run_many(WRITER, "hide", [*((place, WITHDRAWN) for place in withdrawn), *((place, COVERED) for place in covered)])
    pairs = {(one.position, place) for one in family for place in vanished}
    run_many(WRITER, "drop_twin", sorted(pairs | {(place, other) for other, place in pairs}))


def _shown(viewer: Viewer, collection: Collection, hit: Sequence[_Known], stix_id: str) -> list[Withdrawn]:
    """What the answer names: collections that the viewer reads, or put it into; elsewhere it was passed on."""
    entries = _entries(hit)
    reads = collection.id in scope_of(viewer, WRITER)
    if not reads and viewer.member not in {row[4] for row in entries}:
        return []
    versions = {row[0]: row[7] for row in entries}
    return [
        Withdrawn(stix_id, versions[one.position], collection.uuid, number_of(one.position) if reads else None)
        for one in sorted(hit, key=lambda one: one.position)
    ]


def _entries(hit: Sequence[_Known]) -> list[tuple[Any, ...]]:
    return run(WRITER, "entries_at", positions=orjson.dumps([one.position for one in hit]).decode())


def withdrawals(viewer: Viewer, since: int = 0) -> list[Announced]:
    """The withdrawals in the viewer's scope added after `since` (µs), oldest first."""
    with snapshot():
        scope = scope_now(viewer)
        ranges = [
            [position(one.collection.id, 1), position(one.collection.id, one.number)]
            for one in scope if one.added > since
        ]  # fmt: skip
        rows = run(READERS, "withdrawals_in_ranges", ranges=orjson.dumps(ranges).decode())
        positions = orjson.dumps([row[0] for row in rows]).decode()
        found = []
        for row in run(READERS, "entries_at", positions=positions):
            place, added, collection = row[0], row[1], scope.readable[collection_of(row[0])].collection
            body = opened(collection, place, row[10])
            if added > since and body is not None:
                said = orjson.loads(body)
                found.append(Announced(
                    said["id"], said["version"], said["owner"], said["reason"], collection.uuid, number_of(place), added
                ))  # fmt: skip
    return sorted(found, key=lambda one: (one.added, one.collection, one.number))
