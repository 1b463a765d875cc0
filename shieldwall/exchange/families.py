"""Families: all entries of an object, wherever they lie, as the indexes know them. Read in a turn at writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set

import msgspec
import orjson

from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.store import WRITER, Collection, bounds, collection_of, run


class Relative(msgspec.Struct):
    """One entry of an object; `position` 0 until it is placed in this turn."""

    collection: int
    owner: str
    modified: int
    revoked: bool
    digest: bytes
    position: int = 0
    added: int = 0
    hidden: int = 0

    @property
    def stands(self) -> bool:
        """It was not withdrawn."""
        return self.hidden in (0, SUPERSEDED)


def read_families(keys: Set[bytes], *, within: Collection | None = None) -> defaultdict[bytes, list[Relative]]:
    """Every entry under these keys, or those within one collection."""
    families: defaultdict[bytes, list[Relative]] = defaultdict(list)
    if not keys:
        return families
    asked = orjson.dumps([key.hex() for key in keys]).decode()
    if within is None:
        rows = run(WRITER, "family", keys=asked)
    else:
        low, high = bounds(within.id)
        rows = run(WRITER, "family_within", keys=asked, low=low, high=high)
    for key, place, owner, modified, revoked, digest in rows:
        one = Relative(collection_of(place), owner, modified, bool(revoked), bytes(digest), place)
        families[bytes(key)].append(one)
    _mark_hidden({one.position: one for family in families.values() for one in family})
    return families


def _mark_hidden(every: dict[int, Relative]) -> None:
    if every:
        for place, reason in run(WRITER, "hidden_at", positions=orjson.dumps(list(every)).decode()):
            every[place].hidden = reason


def added(one: Relative) -> int:
    """When it was added, µs; looked up where it is asked for."""
    if not one.added:
        one.added = int(run(WRITER, "keys_between", low=one.position, high=one.position, limit=1)[0][1])
    return one.added
