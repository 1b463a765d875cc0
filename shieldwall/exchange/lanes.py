"""Merging the logs of several collections into one order that no cursor misses or repeats: (shown, collection, number).

`shown = max(added, since + number µs)`, where `since` is when the viewer's right to that collection began: a group
joined today brings its past after the viewer's cursor. Within one collection `shown` rises with the number, so the
place to go on from is found by one seek in each, whatever lies before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from shieldwall.exchange.cursors import Cursor
from shieldwall.exchange.filters import Wanted
from shieldwall.store import READERS, Kind, Readable, collection_by_uuid, collection_of, number_of, position, run

SUPERSEDED, WITHDRAWN, COVERED = 1, 2, 3
_SCAN_MOST = 50_000
_CHUNK_LEAST, _CHUNK_MOST = 32, 8192
_BEHIND_ALL = 1 << 62
_OBJECT = int(Kind.OBJECT)

Row = tuple[Any, ...]


def _collection(row: Row) -> int:
    return collection_of(row[0])


class Key(NamedTuple):
    """An entry as it is ordered: when shown (µs), collection (internal), number, position, STIX id, version."""

    shown: int
    collection: int
    number: int
    position: int
    id: str
    version: str


class _Lane:
    """One collection being walked."""

    __slots__ = ("bound", "collection", "head", "next", "since")

    def __init__(self, readable: Readable, start: int) -> None:
        self.collection = readable.collection.id
        self.since = readable.since
        self.head = readable.number
        self.next = start
        self.bound: tuple[int, int, int] = (0, self.collection, 0)

    @property
    def open(self) -> bool:
        return self.next <= self.head


def after_of(cursor: Cursor) -> tuple[int, int, int]:
    """What a key must lie behind. A bare time (`added_after`) leaves its whole microsecond behind.

    The cursor's collection keeps its place in the order even where it is no longer in scope.
    """
    known = collection_by_uuid(READERS, cursor.collection) if cursor.collection else None
    return cursor.shown, known.id if known else _BEHIND_ALL, cursor.number


def whole_ties(keys: Sequence[Key], most: int) -> int:
    """How many of `keys` to show, at most `most`, so that no tie is cut that could be left whole."""
    if len(keys) <= most or keys[most].shown != keys[most - 1].shown:
        return min(most, len(keys))
    cut = most
    while cut and keys[cut - 1].shown == keys[most].shown:
        cut -= 1
    return cut or most


def superfluous(
    shown: Mapping[int, Key], twins: Iterable[tuple[int, int, int, int]], since: Mapping[int, int], horizon: int, *,
    only_latest: bool,
) -> set[int]:  # fmt: skip
    """Which positions of `shown` to leave out: a newer version is readable elsewhere, or the same one comes before.

    `twins` are rows (position, other, whether that is newer, when it was added); `since` says, for each collection
    that is readable, since when.
    """
    gone = set()
    for place, other, newer, other_added in twins:
        began, key = since.get(collection_of(other)), shown.get(place)
        if began is None or key is None:
            continue
        other_shown = max(other_added, began + number_of(other)) if began else other_added
        earlier = (other_shown, collection_of(other), number_of(other)) < key[:3]
        if other_shown <= horizon and (only_latest if newer else earlier):
            gone.add(place)
    return gone


class Walk:
    """A walk over collections in virtual order, behind `cursor`, no further than `horizon` (µs)."""

    def __init__(
        self, readable: Sequence[Readable], cursor: Cursor, wanted: Wanted, *, horizon: int, across: bool
    ) -> None:
        self._wanted = wanted
        self._horizon = horizon
        self._across = across
        self._since = {one.collection.id: one.since for one in readable}
        self._after = after_of(cursor)
        self._lanes = {lane.collection: lane for lane in self._starts(readable)}
        self._known: list[Key] = []
        self._scanned = 0
        self.reached = self._after
        """How far `keys` went: the last key given, or where it stopped looking."""

    def keys(self, most: int) -> tuple[list[Key], bool]:
        """Up to `most` keys in order, and whether there may be more behind them.

        No page ends inside a tie that it could leave whole.
        """
        chunk = self._chunk(most)
        safe: list[Key] = []
        while True:
            waiting = [lane for lane in self._lanes.values() if lane.open]
            bound = min((lane.bound for lane in waiting), default=None)
            safe = self._ready(bound)
            if len(safe) > most or bound is None or self._scanned >= _SCAN_MOST:
                break
            self._read([lane for lane in waiting if lane.bound == bound or not lane.bound[0]], chunk)
            chunk = min(chunk * 2, _CHUNK_MOST)
        cut = whole_ties(safe, most)
        self.reached = safe[cut - 1][:3] if cut else bound or self._after
        return safe[:cut], cut < len(safe) or any(lane.open for lane in self._lanes.values())

    def _chunk(self, most: int) -> int:
        lanes = sum(lane.open for lane in self._lanes.values())
        return max(_CHUNK_LEAST, min(_CHUNK_MOST, most + 1 if lanes == 1 else 3 * most // (2 * max(1, lanes))))

    def _ready(self, bound: tuple[int, int, int] | None) -> list[Key]:
        self._known.sort()
        if bound is None:
            return self._known
        return [key for key in self._known if key[:3] <= bound]

    def _starts(self, readable: Sequence[Readable]) -> Iterable[_Lane]:
        """Where each collection goes on behind the cursor; those that cannot have anything are left out."""
        shown, own, number = self._after
        fresh = [one for one in readable if one.number and self._may_follow(one)]
        found = dict(self._first_from(fresh, shown)) if shown else {}
        for one in fresh:
            if one.collection.id == own:
                start = number + 1
            elif not shown:
                start = 1
            else:
                live = number_of(found[one.collection.id]) if found.get(one.collection.id) else one.number + 1
                past = max(1, shown - one.since) if one.since else live
                start = min(live, past)
            if start <= one.number:
                yield _Lane(one, start)

    def _may_follow(self, one: Readable) -> bool:
        shown = self._after[0]
        return one.added >= shown or bool(one.since and one.since + one.number >= shown)

    def _first_from(self, readable: Sequence[Readable], shown: int) -> Iterable[tuple[int, int]]:
        ids = orjson.dumps([one.collection.id for one in readable]).decode()
        for row in run(READERS, "first_after_each", collections=ids, after=shown - 1):
            yield row[0], row[1]

    def _read(self, lanes: Sequence[_Lane], chunk: int) -> None:
        pairs = []
        for lane in lanes:
            end = min(lane.next + chunk - 1, lane.head)
            pairs.append([position(lane.collection, lane.next), position(lane.collection, end)])
            lane.next = end + 1
        ranges = orjson.dumps(pairs).decode()
        left_out = self._left_out(ranges)
        rows = run(READERS, "keys_in_ranges", ranges=ranges)
        self._scanned += len(rows)
        for collection, group in groupby(rows, key=_collection):
            self._take(self._lanes[collection], group, left_out)
        if self._across:
            self._drop_twins(ranges)

    def _take(self, lane: _Lane, rows: Iterable[Row], left_out: set[int]) -> None:
        """The rows of one lane, in log order: the hot loop of every virtual page."""
        wanted, known, after, since, collection = self._wanted, self._known, self._after, lane.since, lane.collection
        every = not (wanted.ids or wanted.types or wanted.spec_versions)
        shown, number = 0, 0
        for place, added, kind, stix_id, version in rows:
            later = max(added, since + number_of(place)) if since else added
            if later > self._horizon:
                lane.next, lane.head = 1, 0  # later numbers are shown later still
                break
            shown, number = later, number_of(place)
            fits = kind == _OBJECT and place not in left_out and (every or wanted.takes(stix_id))
            if fits and (shown, collection, number) > after:
                known.append(Key(shown, collection, number, place, stix_id, version))
        lane.bound = max(lane.bound, (shown, collection, number))

    def _left_out(self, ranges: str) -> set[int]:
        latest = self._wanted.only_latest
        rows = run(READERS, "hidden_in_ranges", ranges=ranges)
        return {place for place, reason in rows if latest or reason != SUPERSEDED}

    def _drop_twins(self, ranges: str) -> None:
        """Of one object's entries in several readable collections, keep the newest version, once."""
        shown = {key.position: key for key in self._known}
        twins = run(READERS, "twins_in_ranges", ranges=ranges)
        gone = superfluous(shown, twins, self._since, self._horizon, only_latest=self._wanted.only_latest)
        if gone:
            self._known = [key for key in self._known if key.position not in gone]
