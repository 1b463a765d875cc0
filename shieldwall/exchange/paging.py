"""Pages of a collection, or of all that a viewer may read, as stored bytes in log order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import orjson

from shieldwall.errors import Absent, BadInput
from shieldwall.exchange.cursors import Cursor, open_cursor, other_query, seal_cursor
from shieldwall.exchange.filters import PLAIN, Wanted
from shieldwall.exchange.lanes import Key, Walk
from shieldwall.exchange.picking import Query, dated, keys_of_ids, of_wanted_versions
from shieldwall.exchange.rewinding import rewound
from shieldwall.exchange.rights import scope_now
from shieldwall.exchange.weighing import how_many_fit, last_that_fits
from shieldwall.policy import TLP, Viewer
from shieldwall.store import (
    READERS,
    Readable,
    Scope,
    collection_of,
    number_of,
    opened,
    position,
    record_deliveries,
    run,
    snapshot,
)  # fmt: skip

MOST = 1000
_SCAN_MOST = 50_000


class Page:
    """One page: the stored bytes of objects (none for a manifest), their keys, and where to go on.

    `joined` holds the objects with commas between them: the very bytes that a door sends. `first` and `last` are when
    the first and last were shown (µs). Of an empty page both say behind what to ask next: the `added_after` of the
    request, else the time the collection was made, or how far a long search came.
    `notice` tells whoever came with a cursor what a restore did to it; '' for nothing.
    """

    __slots__ = ("_bodies", "_keys", "first", "joined", "last", "next", "notice")

    def __init__(
        self,
        keys: Sequence[Key] | Callable[[], Sequence[Key]],
        bodies: Sequence[bytes] | Callable[[], Sequence[bytes]],
        next: str | None,
        first: int,
        last: int,
        joined: bytes | None = None,
        notice: str = "",
    ) -> None:
        self._keys = keys
        self._bodies = bodies
        self.joined = b",".join(self.bodies) if joined is None else joined
        self.next = next
        self.first = first
        self.last = last
        self.notice = notice

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """The objects one by one."""
        found = self._bodies() if callable(self._bodies) else self._bodies
        self._bodies = kept = tuple(found)
        return kept

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of its objects; of a page of bodies they are read when asked for, since few ask."""
        found = self._keys() if callable(self._keys) else self._keys
        self._keys = kept = tuple(found)
        return kept


def page(
    viewer: Viewer,
    collection: str,
    *,
    door: str,
    added_after: int | None = None,
    cursor: str | None = None,
    wanted: Wanted = PLAIN,
    limit: int = MOST,
    bodies: bool = True,
) -> Page:
    """Objects of `collection` (a public id, or that of the virtual one) behind `cursor` or `added_after` (µs).

    `limit` counts objects, 1 to 1000; a cursor wins over `added_after`. Records the delivery through `door`. Raises
    Absent for a collection that this viewer may not read, as for one that does not exist (TAXII 2.1 §5.4), and
    BadInput for a cursor that was not given for this query.
    """
    if limit < 1:
        raise BadInput("a page holds at least one", rule="TAXII 2.1 §3.4", where="limit", remedy="ask for 1 to 1000")
    with snapshot():
        query = _resolve(viewer, collection, added_after, cursor, wanted)
        plain = bodies and wanted.is_plain and not query.across
        found = (_plain_page if plain else _walked_page)(query, min(limit, MOST), bodies)
        behind = max(query.empty_at, found.reached.shown - 1) if found.reached else query.empty_at
    if bodies:
        record_deliveries(viewer.principal, viewer.member, found.positions, door, urgent=found.tlp >= TLP.AMBER_STRICT)
    first, last = found.shown or (behind, behind)
    following = _sealed(query, found.reached) if found.reached else None
    return Page(
        keys=found.keys, bodies=found.texts, next=following, first=first, last=last, joined=found.joined,
        notice=query.notice,
    )  # fmt: skip


def _sealed(query: Query, reached: Cursor) -> str:
    made = msgspec.structs.replace(reached, asked_after=query.cursor.asked_after, epoch=query.scope.facts.epoch)
    return seal_cursor(made, query.described)


class _Found(msgspec.Struct, frozen=True):
    """What a page will hold: `shown` of the first and last (None where there is none), the strictest TLP among them."""

    keys: Sequence[Key] | Callable[[], Sequence[Key]]
    positions: Sequence[int]
    texts: Sequence[bytes] | Callable[[], Sequence[bytes]]
    tlp: int
    shown: tuple[int, int] | None
    reached: Cursor | None
    joined: bytes | None = None


def _resolve(viewer: Viewer, collection: str, added_after: int | None, cursor: str | None, wanted: Wanted) -> Query:
    scope = scope_now(viewer)
    viewer = scope.viewer
    virtual = collection == scope.facts.virtual_collection
    if virtual and "read" not in viewer.scopes:
        raise Absent("no such collection")
    readable = tuple(scope) if virtual else (_from_its_beginning(scope.by_uuid(collection)),)
    described = wanted.described(collection)
    added_after = None if added_after is None else max(0, added_after)  # nothing is older than 1970
    began = Cursor(added_after or 0, asked_after=-1 if added_after is None else added_after)
    place, notice = (
        (began, "") if cursor is None else rewound(_continued(open_cursor(cursor, described), added_after), scope)
    )
    return Query(
        scope=scope,
        readable=readable,
        across=virtual,
        cursor=place,
        described=described,
        wanted=wanted,
        empty_at=place.asked_after if place.asked_after >= 0 else _made(scope, readable, virtual),
        notice=notice,
    )


def _continued(place: Cursor, added_after: int | None) -> Cursor:
    """A cursor beside an `added_after` is good with the query's own, or with where it stands itself.

    OpenCTI has sent the date of the last page beside its `next`, cut to the millisecond.
    """
    if added_after not in (None, place.asked_after) and added_after // 1000 != place.shown // 1000:
        raise other_query()
    return place


def _from_its_beginning(one: Readable) -> Readable:
    """A single collection is read in the order of its own log, whoever reads it since when."""
    return msgspec.structs.replace(one, since=0)


def _made(scope: Scope, readable: Sequence[Readable], virtual: bool) -> int:
    return scope.facts.created if virtual else readable[0].collection.created


def _plain_page(query: Query, limit: int, _: bool) -> _Found:
    """The hot path: the latest of one collection, a range of its rows without what is hidden in that range."""
    one = query.readable[0]
    start, most = _start(query), 0
    last = last_that_fits(one, start)
    whole = None if one.collection.is_sealed else _whole_range(query, start, min(last, start + limit - 1))
    if whole is not None:
        return whole
    rows: list[tuple[int, int, bytes]] = []
    while start <= last and len(rows) <= limit and most < _SCAN_MOST:
        end = min(last, start + limit)
        low, high = position(one.collection.id, start), position(one.collection.id, end)
        hidden = {row[0] for row in run(READERS, "hidden_between", low=low, high=high)}
        fresh = run(READERS, "objects_between", low=low, high=high, limit=limit + 1)
        rows += [row for row in fresh if row[0] not in hidden and row[2] is not None] if hidden else fresh
        start, most = end + 1, most + limit + 1
    more = rows[limit][0] if len(rows) > limit else position(one.collection.id, start)
    del rows[limit:]
    positions = [row[0] for row in rows]
    texts = [row[2] for row in rows]
    if one.collection.is_sealed:
        texts = [opened(one.collection, row[0], row[2]) or b"" for row in rows]
    return _Found(
        keys=partial(_keys_of, query, positions),
        positions=positions,
        texts=texts,
        tlp=max((row[1] for row in rows), default=0),
        shown=_shown(positions),
        reached=_reached(one, more),
    )


def _whole_range(query: Query, start: int, end: int) -> _Found | None:
    """A page of neighbours of which nothing is left out, joined by the database; None where something is."""
    one = query.readable[0]
    if end < start:
        return None
    low, high = position(one.collection.id, start), position(one.collection.id, end)
    if run(READERS, "hidden_between", low=low, high=high):
        return None
    count, tlp, first, last, joined = run(READERS, "joined_between", low=low, high=high)[0]
    if count != end - start + 1:
        return None
    places = range(low, high + 1)
    return _Found(
        keys=partial(_keys_of, query, places),
        positions=places,
        texts=partial(_texts_of, low, high),
        tlp=tlp,
        shown=(first, last),
        reached=_more(one, end, last),
        joined=bytes(joined),
    )


def _texts_of(low: int, high: int) -> list[bytes]:
    return [row[2] for row in run(READERS, "objects_between", low=low, high=high, limit=high - low + 1)]


def _more(one: Readable, end: int, added: int) -> Cursor | None:
    """The cursor behind number `end`, added when; None where nothing visible follows."""
    if end >= one.number:
        return None
    low = position(one.collection.id, end + 1)
    following = run(
        READERS, "next_visible", low=low, high=min(position(one.collection.id, one.number), low + _SCAN_MOST)
    )
    if not following and one.number - end <= _SCAN_MOST:
        return None
    return Cursor(added, one.collection.uuid, end)


def _start(query: Query) -> int:
    """The number to go on from in a single collection."""
    one, cursor = query.readable[0], query.cursor
    if cursor.collection == one.collection.uuid:
        return cursor.number + 1
    if not cursor.shown:
        return 1
    if one.added <= cursor.shown:
        return one.number + 1
    found = run(READERS, "first_after", collection=one.collection.id, after=cursor.shown)
    return number_of(found[0][0]) if found else one.number + 1


def _reached(one: Readable, low: int) -> Cursor | None:
    """The cursor before position `low` of one collection; None where nothing may follow."""
    if number_of(low) > one.number:
        return None
    before = low - 1
    if not number_of(before):
        return None
    added = run(READERS, "keys_between", low=before, high=before, limit=1)[0][1]
    return Cursor(added, one.collection.uuid, number_of(before))


def _shown(positions: Sequence[int]) -> tuple[int, int] | None:
    """When the first and the last of one collection's positions were added."""
    if not positions:
        return None
    ends = orjson.dumps([positions[0], positions[-1]]).decode()
    added = sorted(row[1] for row in run(READERS, "headers_at", positions=ends))
    return added[0], added[-1]


def _keys_of(query: Query, positions: Sequence[int]) -> list[Key]:
    rows = run(READERS, "headers_at", positions=orjson.dumps(list(positions)).decode())
    keys = sorted(
        Key(added, collection_of(place), number_of(place), place, stix_id, version)
        for place, added, _, _, _, stix_id, version in rows
    )  # fmt: skip
    return dated(query, keys)


def _walked_page(query: Query, limit: int, bodies: bool) -> _Found:
    if query.wanted.ids:
        keys, more, reached = keys_of_ids(query, limit)
    else:
        walk = Walk(query.readable, query.cursor, query.wanted, horizon=query.scope.facts.stamp, across=query.across)
        keys, more = walk.keys(limit)
        reached = walk.reached
        keys = of_wanted_versions(query, keys)
    fit = how_many_fit([key.position for key in keys]) if bodies else len(keys)
    if fit < len(keys):
        keys, more, reached = keys[:fit], True, keys[fit - 1][:3]
    given = _given(query, keys) if bodies else [(key, b"", 0) for key in keys]
    keys = [key for key, _, _ in given]
    return _Found(
        keys=keys,
        positions=[key.position for key in keys],
        texts=[text for _, text, _ in given] if bodies else [],
        tlp=max((tlp for _, _, tlp in given), default=0),
        shown=(keys[0].shown, keys[-1].shown) if keys else None,
        reached=_cursor(query, reached) if more else None,
    )


def _cursor(query: Query, reached: tuple[int, int, int]) -> Cursor:
    shown, collection, number = reached
    return Cursor(shown, query.scope.readable[collection].collection.uuid, number)


def _given(query: Query, keys: Sequence[Key]) -> list[tuple[Key, bytes, int]]:
    """Of these keys, those whose body was not erased, with body and TLP level."""
    rows = run(READERS, "bodies_at", positions=orjson.dumps([key.position for key in keys]).decode())
    found = {row[0]: (row[2], row[3]) for row in rows}
    given = []
    for key in keys:
        tlp, stored = found[key.position]
        text = opened(query.scope.readable[key.collection].collection, key.position, stored)
        if text is not None:
            given.append((key, text, tlp))
    return given
