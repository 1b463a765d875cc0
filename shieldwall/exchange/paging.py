"""Pages of a collection, or of all that a viewer may read, as stored bytes in log order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import orjson

from shieldwall.errors import Absent
from shieldwall.exchange.cursors import Cursor, open_cursor, other_query, seal_cursor
from shieldwall.exchange.filters import PLAIN, Wanted
from shieldwall.exchange.instants import chosen_versions
from shieldwall.exchange.lanes import SUPERSEDED, Key, Walk, after_of, whole_ties
from shieldwall.policy import TLP, Viewer
from shieldwall.store import (
    READERS,
    Kind,
    Readable,
    Scope,
    id_key,
    number_of,
    opened,
    position,
    record_deliveries,
    run,
    scope_of,
    snapshot,
)  # fmt: skip

MOST = 1000


class Page(msgspec.Struct, frozen=True):
    """One page: the stored bytes of objects (none for a manifest), their keys, and where to go on.

    `first` and `last` are when the first and last were shown (µs). Of an empty page both say behind what to ask next:
    the `added_after` of the request, else the time the collection was made, or how far a long search came.
    """

    keys: tuple[Key, ...]
    bodies: tuple[bytes, ...]
    next: str | None
    first: int
    last: int


class _Query(msgspec.Struct, frozen=True):
    """A page's question, resolved: what to walk, behind what, and how to name the next cursor."""

    scope: Scope
    readable: tuple[Readable, ...]
    across: bool
    cursor: Cursor
    described: bytes
    wanted: Wanted
    empty_at: int


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
    with snapshot():
        query = _resolve(viewer, collection, added_after, cursor, wanted)
        found = _plain_page(query, limit) if bodies and wanted.is_plain and not query.across else None
        keys, texts, tlps, reached = found or _walked_page(query, limit, bodies)
        behind = max(query.empty_at, reached.shown - 1) if reached else query.empty_at
    if bodies:
        _record(viewer, keys, tlps, door)
    return Page(
        keys=tuple(keys),
        bodies=tuple(texts),
        next=_sealed(query, reached) if reached else None,
        first=keys[0].shown if keys else behind,
        last=keys[-1].shown if keys else behind,
    )


def _sealed(query: _Query, reached: Cursor) -> str:
    return seal_cursor(msgspec.structs.replace(reached, asked_after=query.cursor.asked_after), query.described)


_Found = tuple[Sequence[Key], Sequence[bytes], Sequence[int], Cursor | None]


def _resolve(viewer: Viewer, collection: str, added_after: int | None, cursor: str | None, wanted: Wanted) -> _Query:
    scope = scope_of(viewer)
    virtual = collection == scope.facts.virtual_collection
    if virtual and "read" not in viewer.scopes:
        raise Absent("no such collection")
    readable = tuple(scope) if virtual else (_from_its_beginning(scope.by_uuid(collection)),)
    described = wanted.described(collection)
    began = Cursor(added_after or 0, asked_after=-1 if added_after is None else added_after)
    place = began if cursor is None else _continued(open_cursor(cursor, described), added_after)
    return _Query(
        scope=scope,
        readable=readable,
        across=virtual,
        cursor=place,
        described=described,
        wanted=wanted,
        empty_at=place.asked_after if place.asked_after >= 0 else _made(scope, readable, virtual),
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


def _plain_page(query: _Query, limit: int) -> _Found:
    """The hot path: the latest of one collection, a range of its rows joined with what is hidden in that range."""
    one = query.readable[0]
    start = _start(query)
    keys: list[Key] = []
    texts: list[bytes] = []
    tlps: list[int] = []
    while start <= one.number and len(keys) <= limit:
        end = min(one.number, start + limit)
        low, high = position(one.collection.id, start), position(one.collection.id, end)
        hidden = {row[0] for row in run(READERS, "hidden_between", low=low, high=high)}
        for place, added, kind, tlp, stix_id, version, body in run(
            READERS, "bodies_between", low=low, high=high, limit=limit + 1
        ):
            text = opened(one.collection, place, body)
            if kind == Kind.OBJECT and place not in hidden and text is not None:
                keys.append(Key(added, one.collection.id, number_of(place), place, stix_id, version))
                texts.append(text)
                tlps.append(tlp)
        start = end + 1
    more = len(keys) > limit
    del keys[limit:], texts[limit:], tlps[limit:]
    last = keys[-1] if keys else None
    return keys, texts, tlps, Cursor(last.shown, one.collection.uuid, last.number) if more and last else None


def _start(query: _Query) -> int:
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


def _walked_page(query: _Query, limit: int, bodies: bool) -> _Found:
    if query.wanted.ids:
        keys, more, reached = _of_ids(query, limit)
    else:
        walk = Walk(query.readable, query.cursor, query.wanted, horizon=query.scope.facts.stamp, across=query.across)
        keys, more = walk.keys(limit)
        reached = walk.reached
        keys = _chosen(query, keys)
    texts, tlps = _texts(query, keys) if bodies else ([], [])
    return keys, texts, tlps, _cursor(query, reached) if more else None


def _of_ids(query: _Query, limit: int) -> tuple[list[Key], bool, tuple[int, int, int]]:
    """Few objects, asked for by id: one seek in each collection instead of a walk."""
    after = after_of(query.cursor)
    ids = orjson.dumps([id_key(one).hex() for one in sorted(query.wanted.ids)]).decode()
    rows = run(READERS, "objects_in_scope", keys=ids, collections=_ids(query.readable))
    numbers = sorted({row[1] for row in rows})
    chosen: list[Key] = []
    for one in query.readable:
        pairs = [[place, place] for place in numbers if place >> 40 == one.collection.id]
        if pairs:
            chosen += _keys_at(query, one, pairs)
    chosen = sorted(key for key in chosen if key[:3] > after and query.wanted.takes(key.id))
    chosen = _chosen(query, _once(query, chosen))
    cut = whole_ties(chosen, limit)
    return chosen[:cut], cut < len(chosen), chosen[cut - 1][:3] if cut else after


def _chosen(query: _Query, keys: list[Key]) -> list[Key]:
    return chosen_versions(_dated(query, keys), query.wanted, _ids(query.readable))


class _Created(msgspec.Struct):
    created: str = ""


def _dated(query: _Query, keys: list[Key]) -> list[Key]:
    """Marking definitions have no `modified`: their version is `created` (TAXII 2.1 §3.4.1)."""
    bare = {key.position: key.collection for key in keys if not key.version and key.id.startswith("marking-definition")}
    if not bare:
        return keys
    created: dict[int, str] = {}
    for row in run(READERS, "bodies_at", positions=orjson.dumps(list(bare)).decode()):
        text = opened(query.scope.readable[bare[row[0]]].collection, row[0], row[3])
        created[row[0]] = msgspec.json.decode(text, type=_Created).created if text is not None else ""
    return [key._replace(version=created[key.position]) if key.position in bare else key for key in keys]


def _keys_at(query: _Query, one: Readable, pairs: list[list[int]]) -> list[Key]:
    ranges = orjson.dumps(pairs).decode()
    hidden = {
        place for place, reason in run(READERS, "hidden_in_ranges", ranges=ranges)
        if query.wanted.only_latest or reason != SUPERSEDED
    }  # fmt: skip
    return [
        Key(
            max(added, one.since + number_of(place)) if one.since else added,
            one.collection.id, number_of(place), place, stix_id, version,
        )
        for place, added, kind, stix_id, version in run(READERS, "keys_in_ranges", ranges=ranges)
        if kind == Kind.OBJECT and place not in hidden
    ]  # fmt: skip


def _once(query: _Query, keys: list[Key]) -> list[Key]:
    """Across collections, drop what a twin in scope makes superfluous."""
    if not query.across or not keys:
        return keys
    ranges = orjson.dumps([[key.position, key.position] for key in keys]).decode()
    shown = {key.position: key for key in keys}
    gone = set()
    for place, other, newer, _ in run(READERS, "twins_in_ranges", ranges=ranges):
        twin = shown.get(other)
        if (newer and query.wanted.only_latest and other >> 40 in query.scope) or (
            twin is not None and not newer and twin < shown[place]
        ):
            gone.add(place)
    return [key for key in keys if key.position not in gone]


def _ids(readable: Sequence[Readable]) -> str:
    return orjson.dumps([one.collection.id for one in readable]).decode()


def _cursor(query: _Query, reached: tuple[int, int, int]) -> Cursor:
    shown, collection, number = reached
    return Cursor(shown, query.scope.readable[collection].collection.uuid, number)


def _texts(query: _Query, keys: Sequence[Key]) -> tuple[list[bytes], list[int]]:
    rows = run(READERS, "bodies_at", positions=orjson.dumps([key.position for key in keys]).decode())
    found = {row[0]: row for row in rows}
    texts, tlps = [], []
    for key in keys:
        text = opened(query.scope.readable[key.collection].collection, key.position, found[key.position][3])
        if text is not None:
            texts.append(text)
            tlps.append(found[key.position][2])
    return texts, tlps


def _record(viewer: Viewer, keys: Sequence[Key], tlps: Sequence[int], door: str) -> None:
    urgent = any(tlp >= TLP.AMBER_STRICT for tlp in tlps)
    record_deliveries(viewer.principal, viewer.member, [key.position for key in keys], door, urgent=urgent)
