"""A viewer's scope: the set of collections they may read, found in the snapshot whose entries it guards.

Every query of the log takes a scope. It is found by SQL over the same rows that `policy.may_read` judges; a property
test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec
import orjson

from shieldwall.errors import Absent
from shieldwall.policy import Audience, Viewer, parse_audience, since
from shieldwall.store.collections import Collection
from shieldwall.store.connector import run
from shieldwall.store.layout import READERS
from shieldwall.store.node import node
from shieldwall.store.turn import NodeFacts, node_facts


class Readable(msgspec.Struct, frozen=True):
    """A collection in scope: how far its log goes, and since when (µs) this viewer may read it."""

    collection: Collection
    since: int
    number: int = 0
    added: int = 0


class Scope:
    """What one viewer may read in one snapshot."""

    def __init__(self, viewer: Viewer, facts: NodeFacts, readable: dict[int, Readable]) -> None:
        self.viewer = viewer
        self.facts = facts
        self.readable = readable

    def __iter__(self) -> Iterator[Readable]:
        return iter(self.readable.values())

    def __contains__(self, collection: int) -> bool:
        return collection in self.readable

    def __len__(self) -> int:
        return len(self.readable)

    def by_uuid(self, uuid: str) -> Readable:
        """The readable collection of that public id. Raises Absent, also where it exists but is not in scope."""
        for one in self.readable.values():
            if one.collection.uuid == uuid:
                return one
        raise Absent("no such collection")

    def ids(self, *, indexed: bool = False) -> str:
        """Internal numbers as a JSON array, to bind; `indexed` leaves the sealed ones out."""
        chosen = [number for number, one in self.readable.items() if not (indexed and one.collection.is_sealed)]
        return orjson.dumps(chosen).decode()


@lru_cache(maxsize=65536)
def audience_of(text: str) -> Audience:
    """The audience of a collection's stored text."""
    return parse_audience(text, volumes=True)


def scope_of(viewer: Viewer, alias: str = READERS) -> Scope:
    """The scope of `viewer`; call it inside the snapshot that also reads the entries.

    A viewer without the scope `read` has an empty one.
    """
    facts = node_facts(alias)
    if "read" not in viewer.scopes:
        return Scope(viewer, facts, {})
    reachable = _reachable(viewer, alias)
    heads = {row[0]: row for row in run(alias, "heads", collections=reachable.ids)}
    return Scope(
        viewer,
        facts,
        {one.id: Readable(one, began, heads[one.id][1], heads[one.id][2]) for one, began in reachable.collections},
    )


class _Reachable(msgspec.Struct, frozen=True):
    """The part of a scope that only grants and new collections change."""

    version: int
    newest: int
    collections: tuple[tuple[Collection, int], ...]
    ids: str


def _reachable(viewer: Viewer, alias: str) -> _Reachable:
    """Cached by principal and its grant version, both read in this snapshot, until a collection is made.

    What a turn sees is not kept: it may yet be rolled back, and another collection take the number it saw.
    """
    if alias != READERS:
        return _reached(viewer, alias, newest=0)
    newest = int(run(alias, "newest_collection")[0][0])
    key = ("scope", viewer.principal)
    known = node().cache.get(key)
    if isinstance(known, _Reachable) and known.newest == newest and known.version == viewer.version:
        return known
    fresh = node().cache[key] = _reached(viewer, alias, newest)
    return fresh


def _reached(viewer: Viewer, alias: str, newest: int) -> _Reachable:
    rows = run(alias, "scope", tokens=orjson.dumps(list(viewer.tokens)).decode())
    found = [Collection.of(row[:5]) for row in rows]
    return _Reachable(
        viewer.version,
        newest,
        tuple((one, since(viewer, audience_of(one.audience))) for one in found),
        orjson.dumps([one.id for one in found]).decode(),
    )
