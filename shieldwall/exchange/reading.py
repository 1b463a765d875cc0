"""One object: its latest version that the reader may read, or all of them, under each of its owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
import orjson

from shieldwall.errors import Absent
from shieldwall.exchange.instants import shown_version
from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.exchange.rights import scope_now
from shieldwall.policy import TLP, Viewer
from shieldwall.store import READERS, Scope, collection_of, id_key, number_of, opened, record_deliveries, run, snapshot


class Found(msgspec.Struct, frozen=True):
    """An object as one of its owners published it. `collection` is a public id; `added` and `shown` are µs."""

    id: str
    version: str
    owner: str
    submitter: str
    collection: str
    number: int
    added: int
    shown: int
    note: str
    revoked: bool
    body: bytes
    position: int


class _Row(msgspec.Struct, frozen=True):
    position: int
    owner: str
    modified: int
    revoked: bool
    digest: bytes


def get(viewer: Viewer, stix_id: str, *, door: str) -> list[Found]:
    """The latest that `viewer` may read under this id, one for each owner (observables: each statement).

    Raises Absent, also where it exists but none of it may be read.
    """
    return _read(viewer, stix_id, door, latest=True)


def versions(viewer: Viewer, stix_id: str, *, door: str) -> list[Found]:
    """Every version under this id that `viewer` may read, in the order in which they were shown. Raises Absent."""
    return _read(viewer, stix_id, door, latest=False)


def _read(viewer: Viewer, stix_id: str, door: str, *, latest: bool) -> list[Found]:
    with snapshot():
        scope = scope_now(viewer)
        rows = visible_rows(scope, stix_id)
        found = _founds(scope, stix_id, latest_of(rows) if latest else rows)
    if not found:
        raise Absent("no such object")
    record_deliveries(
        viewer.principal, viewer.member, [one.position for one, _ in found], door,
        urgent=any(tlp >= TLP.AMBER_STRICT for _, tlp in found),
    )  # fmt: skip
    return [one for one, _ in found]


def withdrawn_versions(viewer: Viewer, collection: str, stix_id: str) -> frozenset[int]:
    """The versions (µs) of an object that were withdrawn from a collection, or from all that the viewer reads.

    `collection` is a public id, or that of the virtual one. Raises Absent where it may not be read.
    """
    with snapshot():
        scope = scope_now(viewer)
        virtual = collection == scope.facts.virtual_collection
        ids = scope.ids() if virtual else orjson.dumps([scope.by_uuid(collection).collection.id]).decode()
        rows = run(READERS, "objects_in_scope", keys=orjson.dumps([id_key(stix_id).hex()]).decode(), collections=ids)
        moments = {row[1]: row[3] for row in rows}
        gone: dict[int, int] = dict(run(READERS, "hidden_at", positions=orjson.dumps(list(moments)).decode()))
    standing = {moment for place, moment in moments.items() if gone.get(place, SUPERSEDED) == SUPERSEDED}
    return frozenset(moments.values()) - standing


def visible_rows(scope: Scope, stix_id: str) -> list[_Row]:
    """Entries under this id in scope that were not withdrawn: one seek in each collection."""
    rows = run(
        READERS, "objects_in_scope", keys=orjson.dumps([id_key(stix_id).hex()]).decode(), collections=scope.ids()
    )
    found = [
        _Row(place, owner, modified, bool(revoked), bytes(digest))
        for _, place, owner, modified, revoked, digest in rows
    ]
    if not found:
        return []
    positions = orjson.dumps([one.position for one in found]).decode()
    gone = {place for place, reason in run(READERS, "hidden_at", positions=positions) if reason != SUPERSEDED}
    return [one for one in found if one.position not in gone]


def latest_of(rows: Sequence[_Row]) -> list[_Row]:
    """For each owner the newest version, once; of what has no versions, each different statement once."""
    by_owner: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_owner[row.owner].append(row)
    kept: list[_Row] = []
    for owned in by_owner.values():
        newest = max(row.modified for row in owned)
        unique = {row.digest: row for row in sorted(owned, key=lambda row: -row.position) if row.modified == newest}
        kept += unique.values()
    return kept


def _founds(scope: Scope, stix_id: str, rows: Sequence[_Row]) -> list[tuple[Found, int]]:
    facts = {row.position: row for row in rows}
    entries = run(READERS, "entries_at", positions=orjson.dumps(list(facts)).decode())
    found = []
    for place, added, _, owner, submitter, tlp, _, version, note, _, stored in entries:
        readable = scope.readable[collection_of(place)]
        body = opened(readable.collection, place, stored)
        if body is not None:
            shown = max(added, readable.since + number_of(place)) if readable.since else added
            one = Found(
                stix_id, shown_version(version, added), owner, submitter, readable.collection.uuid, number_of(place),
                added, shown, note, facts[place].revoked, body, place,
            )  # fmt: skip
            found.append((one, tlp))
    return sorted(found, key=lambda pair: (pair[0].shown, pair[0].position))
