"""What the submitter may read of the objects at hand: versions to pass on, and the definitions of markings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import orjson

from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.policy import TLP
from shieldwall.stix import Checked
from shieldwall.store import READERS, Scope, collection_of, id_key, opened, run

Definition = dict[str, Any]


class Known(msgspec.Struct, frozen=True):
    """A version that may be read, as its owner published it. `tlp` and `note` say how it was marked there."""

    id: str
    owner: str
    digest: bytes
    revoked: bool
    body: bytes
    tlp: int
    note: str

    @property
    def ceiling(self) -> TLP:
        """How far it may travel, by what its owner gave it under; where that says nothing, nowhere."""
        return TLP(self.tlp) if self.tlp > 0 else TLP.RED


def readable_objects(scope: Scope, ids: Iterable[str], alias: str = READERS) -> list[Known]:
    """Every version under these ids in scope that was not withdrawn, oldest entry first."""
    by_key = {id_key(one): one for one in ids}
    if not by_key:
        return []
    keys = orjson.dumps([key.hex() for key in by_key]).decode()
    rows = run(alias, "objects_in_scope", keys=keys, collections=scope.ids())
    positions = orjson.dumps([row[1] for row in rows]).decode()
    hidden: dict[int, int] = dict(run(alias, "hidden_at", positions=positions))
    entries = {row[0]: row for row in run(alias, "entries_at", positions=positions)}
    found = []
    for key, place, owner, _, revoked, digest in sorted(rows, key=lambda row: row[1]):
        if hidden.get(place, SUPERSEDED) == SUPERSEDED:
            _, _, _, _, _, tlp, _, _, note, _, stored = entries[place]
            body = opened(scope.readable[collection_of(place)].collection, place, stored)
            if body is not None:
                found.append(Known(by_key[bytes(key)], owner, bytes(digest), bool(revoked), body, tlp, note))
    return found


class Given:
    """What others published under some ids and the submitter may read: versions that it may pass on, as they are."""

    def __init__(self, scope: Scope, ids: Iterable[str], alias: str = READERS) -> None:
        found = readable_objects(scope, ids, alias)
        self._revoked = {(one.id, one.owner) for one in found if one.revoked}
        # What was given twice may travel as far as the looser marking lets it.
        found.sort(key=lambda one: one.ceiling, reverse=True)
        self._versions = {(one.id, one.owner, one.digest): one for one in found}

    def version(self, checked: Checked, owner: str) -> Known | None:
        """`checked` as its owner published it; None where it is no version that was given."""
        return self._versions.get((checked.id, owner, checked.digest))

    def is_revoked(self, checked: Checked, owner: str) -> bool:
        """Whether its owner has said that the content is wrong, and `checked` would have it stand."""
        return not checked.revoked and (checked.id, owner) in self._revoked

    def still_allow(self, checked: Checked, owner: str) -> bool:
        """Whether it may be passed on."""
        return self.version(checked, owner) is not None and not self.is_revoked(checked, owner)


class Definitions:
    """The marking definitions at hand, for each owner of objects.

    A member's own objects are read by what it sends along, else by what it may read. What belongs to others is read by
    its owner's definitions alone: a recipient cannot loosen a marking by explaining it.
    """

    def __init__(self, scope: Scope, member: str, every: Iterable[Checked]) -> None:
        self._member = member
        self._sent: dict[str, Definition] = {}
        asked: set[str] = set()
        for one in every:
            if one.type == "marking-definition":
                self._sent[one.id] = one.object
            asked.update(one.marking_refs, (part.marking_ref for part in one.granular))
        self._read = [(one.owner, one.id, orjson.loads(one.body)) for one in readable_objects(scope, asked)]
        self._by_owner: dict[str, Mapping[str, Definition]] = {}

    def known_to(self, owner: str) -> Mapping[str, Definition]:
        """By id, the definitions by which an object of `owner` is read."""
        found = self._by_owner.get(owner)
        if found is None:
            theirs = {stix_id: definition for of, stix_id, definition in self._read if of == owner}
            if owner == self._member:
                anyones = {stix_id: definition for _, stix_id, definition in self._read}
                theirs = anyones | theirs | self._sent
            found = self._by_owner[owner] = theirs
        return found
