"""What the indexes must hold, said purely from the entries: the reference that checking and rebuilding share.

Admission and withdrawal keep the indexes as they go. Here the same rows follow from the log alone: those of one entry
from the entry, and those of one object's family (what is hidden, what is a twin) from its entries in log order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import orjson

from shieldwall.exchange.lanes import COVERED, SUPERSEDED, WITHDRAWN
from shieldwall.stix import values_of, words_of
from shieldwall.stix.check import digest_of
from shieldwall.stix.times import microseconds
from shieldwall.store import Collection, Entry, Kind, collection_of, id_key, value_key, word_key

Rows = set[tuple[Any, ...]]


class Projection(msgspec.Struct, frozen=True):
    """An index whose rows follow from one entry each: the table, its statements, and what an entry gives."""

    table: str
    held: str
    after: str
    count: str
    put: str
    drop: str
    rows_of: Callable[[Collection, Entry, dict[str, Any]], Rows]


def object_key_rows(collection: Collection, entry: Entry, obj: dict[str, Any]) -> Rows:
    """The object key of an entry: also in sealed collections, since it says nothing but the id."""
    modified = microseconds(entry.version) if entry.version else 0
    return {(id_key(entry.id), entry.position, entry.owner, modified, int(obj.get("revoked") is True), digest_of(obj))}


def posting_rows(collection: Collection, entry: Entry, obj: dict[str, Any]) -> Rows:
    """The values by which an entry is found; none of what is sealed."""
    if collection.is_sealed:
        return set()
    return {(value_key(value.kind, value.normal), entry.position) for value in values_of(obj)}


def word_rows(collection: Collection, entry: Entry, obj: dict[str, Any]) -> Rows:
    """The words by which an entry is found; none of what is sealed."""
    if collection.is_sealed:
        return set()
    return {(word_key(word), entry.position) for word in words_of(obj)}


def _projection(table: str, put: str, rows_of: Callable[[Collection, Entry, dict[str, Any]], Rows]) -> Projection:
    return Projection(table, f"{table}s_at", f"{table}_after", f"count_{table}", put, f"drop_{table}", rows_of)


KEYS = _projection("object_key", "replace_object_key", object_key_rows)
POSTINGS = _projection("posting", "restore_posting", posting_rows)
WORDS = _projection("word_posting", "put_word", word_rows)


def rows_given(projections: Sequence[Projection], collection: Collection, entry: Entry) -> list[Rows]:
    """What one entry gives to each of these indexes. An erased entry gives nothing but what its index has already."""
    if entry.kind != Kind.OBJECT or entry.body is None:
        return [set() for _ in projections]
    obj = orjson.loads(entry.body)
    return [projection.rows_of(collection, entry, obj) for projection in projections]


class Kin(msgspec.Struct):
    """One entry of an object, as its family knows it. `hidden` is 0, or why a page leaves it out."""

    position: int
    owner: str
    modified: int
    added: int
    hidden: int = 0

    @property
    def vanished(self) -> bool:
        """It was withdrawn, or covers what was."""
        return self.hidden in (WITHDRAWN, COVERED)


class Recall(msgspec.Struct, frozen=True):
    """A withdrawal in the log: where it lies, and which positions it withdrew."""

    position: int
    withdrawn: frozenset[int]


def settle(family: Iterable[Kin], recalls: Mapping[int, Sequence[Recall]]) -> list[Kin]:
    """The entries of one id with what is hidden of them. `recalls` are this id's withdrawals, by collection."""
    places: dict[int, list[Kin]] = defaultdict(list)
    for one in family:
        places[collection_of(one.position)].append(one)
    for collection, here in places.items():
        _replay(here, recalls.get(collection, ()))
    return [one for here in places.values() for one in here]


def _replay(here: Sequence[Kin], recalls: Sequence[Recall]) -> None:
    """Appends and withdrawals of one id in one collection, in log order."""
    events: list[Kin | Recall] = [*here, *recalls]
    before: list[Kin] = []
    for event in sorted(events, key=lambda one: one.position):
        if isinstance(event, Kin):
            if event.modified:
                _supersede(event, [one for one in before if one.owner == event.owner])
            before.append(event)
        else:
            _withdraw(event, before)


def _supersede(fresh: Kin, before: Iterable[Kin]) -> None:
    """A new version hides the older ones, and ends their covering by a withdrawal."""
    for other in before:
        if other.hidden == WITHDRAWN:
            continue
        if other.modified < fresh.modified:
            other.hidden = SUPERSEDED
        elif other.modified > fresh.modified and other.hidden != COVERED:
            fresh.hidden = SUPERSEDED


def _withdraw(recall: Recall, before: Sequence[Kin]) -> None:
    hit = [one for one in before if one.position in recall.withdrawn]
    for owner in {one.owner for one in hit}:
        newest = max(one.modified for one in hit if one.owner == owner)
        for one in before:
            if one.owner == owner and one.modified < newest and not one.vanished:
                one.hidden = COVERED
    for one in hit:
        one.hidden = WITHDRAWN


def twin_rows(family: Sequence[Kin]) -> Rows:
    """Which entries of one id, settled, stand beside a newer or the same version of the same owner elsewhere."""
    standing: dict[str, list[Kin]] = defaultdict(list)
    for one in family:
        if one.modified and not one.vanished:
            standing[one.owner].append(one)
    return {
        (one.position, other.position, int(other.modified > one.modified), other.added)
        for kin in standing.values()
        for one in kin
        for other in kin
        if other.modified >= one.modified and collection_of(other.position) != collection_of(one.position)
    }
