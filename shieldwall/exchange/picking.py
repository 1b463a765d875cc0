"""The keys of a page that asks for certain ids, or for certain versions."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import orjson

from shieldwall.exchange.cursors import Cursor
from shieldwall.exchange.filters import Wanted
from shieldwall.exchange.instants import chosen_versions
from shieldwall.exchange.lanes import SUPERSEDED, Key, after_of, superfluous, whole_ties
from shieldwall.store import READERS, Kind, Readable, Scope, collection_of, id_key, number_of, opened, run


class Query(msgspec.Struct, frozen=True):
    """A page's question, resolved: what to walk, behind what, and how to name the next cursor."""

    scope: Scope
    readable: tuple[Readable, ...]
    across: bool
    cursor: Cursor
    described: bytes
    wanted: Wanted
    empty_at: int
    notice: str = ""


def keys_of_ids(query: Query, limit: int) -> tuple[list[Key], bool, tuple[int, int, int]]:
    """Few objects, asked for by id: one seek in each collection instead of a walk."""
    after = after_of(query.cursor)
    ids = orjson.dumps([id_key(one).hex() for one in sorted(query.wanted.ids)]).decode()
    rows = run(READERS, "objects_in_scope", keys=ids, collections=_ids(query.readable))
    numbers = sorted({row[1] for row in rows})
    chosen: list[Key] = []
    for one in query.readable:
        pairs = [[place, place] for place in numbers if collection_of(place) == one.collection.id]
        if pairs:
            chosen += _keys_at(query, one, pairs)
    chosen = sorted(key for key in chosen if key[:3] > after and query.wanted.takes(key.id))
    chosen = of_wanted_versions(query, _once(query, chosen))
    cut = whole_ties(chosen, limit)
    return chosen[:cut], cut < len(chosen), chosen[cut - 1][:3] if cut else after


def of_wanted_versions(query: Query, keys: list[Key]) -> list[Key]:
    """Of `keys`, those whose version the query asks for."""
    return chosen_versions(dated(query, keys), query.wanted, _ids(query.readable))


class _Created(msgspec.Struct):
    created: str = ""


def dated(query: Query, keys: list[Key]) -> list[Key]:
    """Marking definitions have no `modified`: their version is `created` (TAXII 2.1 §3.4.1)."""
    bare = {key.position: key.collection for key in keys if not key.version and key.id.startswith("marking-definition")}
    if not bare:
        return keys
    created: dict[int, str] = {}
    for row in run(READERS, "bodies_at", positions=orjson.dumps(list(bare)).decode()):
        text = opened(query.scope.readable[bare[row[0]]].collection, row[0], row[3])
        created[row[0]] = msgspec.json.decode(text, type=_Created).created if text is not None else ""
    return [key._replace(version=created[key.position]) if key.position in bare else key for key in keys]


def _keys_at(query: Query, one: Readable, pairs: list[list[int]]) -> list[Key]:
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


def _once(query: Query, keys: list[Key]) -> list[Key]:
    """Across collections, drop what a twin in scope makes superfluous."""
    if not query.across or not keys:
        return keys
    twins = run(READERS, "twins_at", positions=orjson.dumps([key.position for key in keys]).decode())
    since = {one.collection.id: one.since for one in query.readable}
    shown = {key.position: key for key in keys}
    gone = superfluous(shown, twins, since, query.scope.facts.stamp, only_latest=query.wanted.only_latest)
    return [key for key in keys if key.position not in gone]


def _ids(readable: Sequence[Readable]) -> str:
    return orjson.dumps([one.collection.id for one in readable]).decode()
