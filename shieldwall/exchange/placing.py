"""Placing: numbering, hashing and indexing what was judged, in a turn at writing.

"Already there", "conflict" and "further statement" are judged within the target collection alone, so that nobody can
probe or squat an id. What is written with an entry: its object key, value postings, what it supersedes, its twins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from shieldwall.exchange.families import Relative, added, read_families
from shieldwall.exchange.instants import shown_version
from shieldwall.exchange.lanes import COVERED, SUPERSEDED, WITHDRAWN
from shieldwall.exchange.parts import made_of, revoked_part
from shieldwall.exchange.ready import Ready
from shieldwall.exchange.receipts import ADMITTED, PRESENT, REFUSED, Outcome, Refusal
from shieldwall.policy import TLP, Audience, Marking, within_ceiling
from shieldwall.store import (
    WRITER,
    Collection,
    Draft,
    Entry,
    Kind,
    Placed,
    Turn,
    audience_of,
    collection_by_id,
    entries_at,
    id_key,
    number_of,
    run_many,
)  # fmt: skip


class _Fresh(msgspec.Struct):
    """An entry about to be appended."""

    ready: Ready
    known: Relative
    reported: bool


class Placing:
    """The work of one turn. `outcomes` are by index of the submission."""

    def __init__(self, turn: Turn, submitter: str, ready: Sequence[Ready]) -> None:
        self._turn = turn
        self._submitter = submitter
        self._ready = ready
        self.outcomes: dict[int, Outcome] = {}
        self._collections: dict[Audience, Collection] = {}
        self._by_id: dict[int, Collection] = {}
        self._warned: dict[int, str] = {}
        self._fresh: dict[int, list[_Fresh]] = defaultdict(list)
        self._changed: dict[int, int] = {}
        self._uncovered: list[tuple[bytes, Relative]] = []
        self._refused: dict[bytes, Refusal] = {}
        self._families = self._read_families()

    def place(self) -> dict[int, Outcome]:
        """Append everything that is new; gives the outcome of each."""
        for one in self._ready:
            self._decide(one)
        self._revoke_parts()
        self._append()
        self._index()
        return self.outcomes

    def _read_families(self) -> dict[bytes, list[Relative]]:
        """Every entry under the ids at hand. What carries no version is looked for in its target alone."""
        families = read_families({one.key for one in self._ready if one.checked.modified_us})
        for audience, ones in self._by_audience().items():
            keys = {one.key for one in ones if not one.checked.modified_us}
            collection = self._found(audience) if keys else None
            if collection is not None:
                for key, here in read_families(keys, within=collection).items():
                    families[key] += here
        return families

    def _by_audience(self) -> dict[Audience, list[Ready]]:
        groups: dict[Audience, list[Ready]] = defaultdict(list)
        for one in self._ready:
            groups[one.audience].append(one)
        return groups

    def _found(self, audience: Audience) -> Collection | None:
        """The collection of an audience, where there is one: what is refused makes none."""
        known = self._collections.get(audience) or self._turn.found(audience)
        return known and self._known_as(audience, known)

    def _made(self, audience: Audience) -> Collection:
        """The collection of an audience, for what goes in; sealed where only named people read it."""
        known = self._collections.get(audience)
        if known is None:
            sealed = any(all(token.startswith("person:") for token in part) for part in audience.needs)
            known = self._turn.collection(audience, kind="sealed" if sealed else "open")
        return self._known_as(audience, known)

    def _known_as(self, audience: Audience, collection: Collection) -> Collection:
        self._collections[audience] = self._by_id[collection.id] = collection
        return collection

    def _numbered(self, number: int) -> Collection:
        found = self._by_id.get(number)
        if found is None:
            found = self._by_id[number] = collection_by_id(WRITER, number)
        return found

    def _decide(self, ready: Ready) -> None:
        checked, whole = ready.checked, ready.made_of
        family = self._family(ready.key, ready.owner)
        collection = self._found(ready.audience) if family else None
        here = [one for one in family if collection is not None and one.collection == collection.id]
        same = [one for one in here if one.modified == checked.modified_us]
        if whole is not None and whole.digest in self._refused:
            self._refuse(ready, self._refused[whole.digest])
        elif any(one.digest == checked.digest and one.stands for one in same):
            self._present(ready, same)
        elif checked.modified_us and any(one.digest != checked.digest for one in same):
            self._refuse(ready, _CONFLICT)
        elif self._unrevokes(ready, family, here):
            self._refuse(ready, _REVOKED)
        else:
            target = self._made(ready.audience)
            self._add(ready, target, reported=True)
            if checked.revoked:
                self._tell_everyone(ready, family, besides=target.id)

    def _family(self, key: bytes, owner: str) -> list[Relative]:
        return [one for one in self._families.get(key, ()) if one.owner == owner]

    def _unrevokes(self, ready: Ready, family: Sequence[Relative], here: Sequence[Relative]) -> bool:
        """Whether this would let a revoked object stand again. A revocation reaches wherever the object lies, so a
        member's own objects are judged by all of them; what came from others by what lies in the target alone.

        A part stands no longer than its whole. Versions older than a revocation beside them are its history, in
        whatever order they come.
        """
        checked = ready.checked
        known = family if ready.owner == self._submitter else here
        if ready.made_of is not None:
            known = [*known, *self._family(id_key(ready.made_of.id), ready.owner)]
        if checked.revoked or not checked.modified_us or not any(one.revoked for one in known):
            return False
        return not any(one.revoked and one.stands and one.modified > checked.modified_us for one in here)

    def _present(self, ready: Ready, same: Sequence[Relative]) -> None:
        known = next(one for one in same if one.digest == ready.checked.digest and one.stands)
        # Sent twice in this very turn: the number is not known yet, and the first one's outcome will tell it.
        number = number_of(known.position) if known.position else None
        collection = self._numbered(known.collection)
        self.outcomes[ready.index] = Outcome(
            ready.checked.id, self._version(ready, known), PRESENT, collection.uuid, number, ready.warnings
        )

    def _version(self, ready: Ready, known: Relative) -> str:
        """What a door calls this version: of a marking definition `created` (TAXII 2.1 §3.4.1)."""
        if ready.checked.type == "marking-definition":
            return str(ready.checked.object["created"])
        if ready.checked.version or not known.position:
            return ready.checked.version
        return shown_version("", added(known))

    def _refuse(self, ready: Ready, refusal: Refusal) -> None:
        checked = ready.checked
        self._refused[checked.digest] = refusal
        named = msgspec.structs.replace(refusal, where=f"{checked.id} {refusal.where}")
        self.outcomes[ready.index] = Outcome(checked.id, checked.version, REFUSED, None, None, ready.warnings, named)

    def _add(self, ready: Ready, collection: Collection, *, reported: bool) -> None:
        checked = ready.checked
        known = Relative(collection.id, ready.owner, checked.modified_us, checked.revoked, checked.digest)
        if checked.modified_us:
            self._supersede(known, ready.key)
        self._families[ready.key].append(known)
        self._fresh[collection.id].append(_Fresh(ready, known, reported))

    def _supersede(self, known: Relative, key: bytes) -> None:
        """A new version hides the older ones in its collection, and is what ends their covering by a withdrawal."""
        for other in self._families[key]:
            if other.collection != known.collection or other.owner != known.owner or other.hidden == WITHDRAWN:
                continue
            if other.modified < known.modified and other.hidden != SUPERSEDED:
                if other.hidden == COVERED:
                    self._uncovered.append((key, other))
                other.hidden = SUPERSEDED
                if other.position:
                    self._changed[other.position] = SUPERSEDED
            elif other.modified > known.modified and other.hidden != COVERED:
                known.hidden = SUPERSEDED

    def _tell_everyone(self, ready: Ready, family: Sequence[Relative], *, besides: int = 0) -> None:
        """A revocation goes to every reader: it is appended wherever the object lies, marked as it was shared there."""
        marking = Marking(tlp=TLP(ready.tlp)) if ready.tlp >= 0 else Marking()
        for number in sorted({one.collection for one in family if one.hidden != WITHDRAWN} - {besides}):
            same = [one for one in family if one.collection == number and one.modified == ready.checked.modified_us]
            collection = self._numbered(number)
            if any(one.revoked and one.stands for one in same):
                continue
            if within_ceiling(audience_of(collection.audience), marking):
                self._add(ready, collection, reported=False)
            else:
                self._warned[ready.index] = _UNTOLD

    def _revoke_parts(self) -> None:
        """What was made of a whole is revoked with it, wherever it lies: its readers cannot see that the whole is."""
        went_in = [one for one in self._ready if not self._was_refused(one)]
        run_many(WRITER, "put_derived", sorted({
            (id_key(one.made_of.id), one.owner, one.checked.id) for one in went_in if one.made_of is not None
        }))  # fmt: skip
        wholes = [one for one in went_in if one.checked.revoked and one.made_of is None]
        parts = made_of({one.key for one in wholes}, WRITER) if wholes else {}
        unread = {id_key(one) for some in parts.values() for one in some} - {one.key for one in self._ready}
        self._families.update(read_families(unread))
        for whole in wholes:
            for part in parts.get((whole.key, whole.owner), ()):
                self._revoke_part(whole, self._family(id_key(part), whole.owner))

    def _was_refused(self, ready: Ready) -> bool:
        outcome = self.outcomes.get(ready.index)
        return outcome is not None and outcome.outcome == REFUSED

    def _revoke_part(self, whole: Ready, family: Sequence[Relative]) -> None:
        """Say of the newest version that was not withdrawn that it is revoked, as of the whole's revocation."""
        for known in sorted(family, key=lambda one: one.modified, reverse=True):
            if known.hidden != WITHDRAWN:
                stored = self._stored(known)
                if stored is not None:
                    self._tell_everyone(revoked_part(whole, stored, now=self._turn.stamp()), family)
                    return

    def _stored(self, known: Relative) -> Draft | Entry | None:
        """What an entry says; None where it was erased."""
        if not known.position:
            return next(self._draft(one.ready) for one in self._fresh[known.collection] if one.known is known)
        [entry] = entries_at(self._numbered(known.collection), [known.position], alias=WRITER)
        return entry if entry.body is not None else None

    def _append(self) -> None:
        """Number everything, collection by collection, in the order it was sent."""
        for number, fresh in sorted(self._fresh.items()):
            collection = self._numbered(number)
            placed = self._turn.append(collection, [self._draft(one.ready) for one in fresh])
            for one, where in zip(fresh, placed, strict=True):
                one.known.position, one.known.added = where.position, where.added
                if one.known.revoked:
                    self._journal(one.ready, collection)
                if one.reported:
                    self._admitted(one, collection, where)

    def _journal(self, ready: Ready, collection: Collection) -> None:
        """A revocation is permanent, whatever backup the node goes back to."""
        self._turn.journal(
            "revoked", collection=collection.uuid, owner=ready.owner, submitter=self._submitter, tlp=ready.tlp,
            note=ready.note, body=ready.body,
        )  # fmt: skip

    def _draft(self, ready: Ready) -> Draft:
        return Draft(
            kind=Kind.OBJECT, id=ready.checked.id, version=ready.checked.version, body=ready.body,
            owner=ready.owner, submitter=self._submitter, tlp=ready.tlp, note=ready.note,
        )  # fmt: skip

    def _admitted(self, fresh: _Fresh, collection: Collection, where: Placed) -> None:
        ready = fresh.ready
        warned = self._warned.get(ready.index)
        self.outcomes[ready.index] = Outcome(
            ready.checked.id, self._version(ready, fresh.known), ADMITTED, collection.uuid, where.number,
            (*ready.warnings, warned) if warned else ready.warnings,
        )  # fmt: skip

    def _index(self) -> None:
        every = [one for fresh in self._fresh.values() for one in fresh]
        placed = [(one.ready.key, one.known) for one in every]
        run_many(WRITER, "put_object_key", sorted(
            (key, known.position, known.owner, known.modified, int(known.revoked), known.digest)
            for key, known in placed
        ))  # fmt: skip
        sealed = {number for number in self._fresh if self._numbered(number).is_sealed}
        run_many(WRITER, "put_posting", sorted(
            (key, one.known.position)
            for one in every if one.known.collection not in sealed for key in one.ready.value_keys
        ))  # fmt: skip
        hidden = [(one.known.position, one.known.hidden) for one in every if one.known.hidden]
        run_many(WRITER, "hide", [*hidden, *self._changed.items()])
        standing = [*placed, *self._uncovered]
        run_many(WRITER, "put_twin", [row for key, known in standing for row in self._twins(key, known)])

    def _twins(self, key: bytes, mine: Relative) -> list[tuple[int, int, int, int]]:
        """How this entry stands to the object's entries in other collections, in both directions."""
        if not mine.modified:
            return []
        rows = []
        for other in self._families[key]:
            if other.collection == mine.collection or other.owner != mine.owner or other.hidden in (WITHDRAWN, COVERED):
                continue
            if other.modified >= mine.modified:
                rows.append((mine.position, other.position, int(other.modified > mine.modified), added(other)))
            if other.modified <= mine.modified:
                rows.append((other.position, mine.position, int(other.modified < mine.modified), added(mine)))
        return rows


_UNTOLD = (
    "its marking keeps this revocation from some who have the object; mark it as the version was that they were given"
)
_CONFLICT = Refusal(
    "STIX 2.1 §3.6: one content for one version",
    "$.modified",
    "this version is there already, with other content",
    "give the changed object a later `modified`",
)
_REVOKED = Refusal(
    "STIX 2.1 §3.6: revoking is permanent",
    "$.revoked",
    "this object was revoked, and it stays so for every reader",
    "publish a new object under a new id, with a derived-from relationship",
)
