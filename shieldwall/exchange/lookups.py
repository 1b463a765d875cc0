"""Looking up values: one seek in each collection of the scope for every value, whether it exists anywhere or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec
import orjson

from shieldwall.errors import BadInput
from shieldwall.exchange.instants import shown_version
from shieldwall.exchange.rights import scope_now
from shieldwall.gate import give_way
from shieldwall.policy import Viewer
from shieldwall.stix import Value, find_value
from shieldwall.store import READERS, Scope, collection_of, number_of, run, snapshot, value_key

MOST_VALUES = 100_000
MOST_ENTRIES = 100
_BATCH, _BATCH_CHARACTERS = 2_000, 32_000


class Hit(msgspec.Struct, frozen=True):
    """An entry in which a value occurs."""

    id: str
    version: str
    owner: str
    collection: str
    number: int
    added: int


class Answer(msgspec.Struct, frozen=True):
    """What is known of one value. `type` and `normal` are '' for what is no observable value.

    `entries` holds the newest hundred of `total`.
    """

    value: str
    type: str
    normal: str
    entries: tuple[Hit, ...] = ()
    total: int = 0


def lookup(viewer: Viewer, values: Sequence[str]) -> list[Answer]:
    """What `viewer` may know of each of `values`, defanged or not, in their order. Nobody else can tell."""
    if len(values) > MOST_VALUES:
        raise BadInput(
            f"{len(values)} values", rule="at most 100,000 values", where="values", remedy="split them over requests"
        )
    with snapshot():
        scope = scope_now(viewer)
        answers: list[Answer] = []
        for batch in _batches(values):
            answers += _batch(scope, batch)
            give_way()
    return answers


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Some values at a time, and less of long ones: odd spellings take a microsecond or three a character."""
    start = size = 0
    for end, value in enumerate(values):
        size += len(value)
        if size > _BATCH_CHARACTERS or end - start == _BATCH:
            yield values[start : end + 1]
            start, size = end + 1, 0
    if start < len(values):
        yield values[start:]


def _batch(scope: Scope, texts: Sequence[str]) -> list[Answer]:
    found = [find_value(text) for text in texts]
    keys = {value: value_key(value.kind, value.normal).hex() for value in found if value is not None}
    places = positions_of_values(scope, keys.values())
    hits = headers(scope, {place for found_at in places.values() for place in _newest_of_each(found_at)})
    return [
        _answer(text, value, places.get(keys[value], []) if value else [], hits)
        for text, value in zip(texts, found, strict=True)
    ]


def positions_of_values(scope: Scope, keys: Iterable[str]) -> dict[str, list[int]]:
    """For each (hexadecimal) value key, its positions in scope that nothing hides, ascending."""
    ordered = sorted(set(keys))
    rows = run(READERS, "postings_in_scope", keys=orjson.dumps(ordered).decode(), collections=scope.ids(indexed=True))
    if not rows:
        return {}
    past = not_latest(scope, {row[1] for row in rows})
    found: dict[str, list[int]] = defaultdict(list)
    for index, place in rows:
        if place not in past:
            found[ordered[index]].append(place)
    for places in found.values():
        places.sort()
    return found


def not_latest(scope: Scope, places: Iterable[int]) -> set[int]:
    """Of `places`, those withdrawn or superseded, in their own collection or by a newer version elsewhere in scope."""
    positions = orjson.dumps(sorted(places)).decode()
    past = {row[0] for row in run(READERS, "hidden_at", positions=positions)}
    newer = {place for place, other, newer, _ in run(READERS, "twins_at", positions=positions)
             if newer and collection_of(other) in scope}  # fmt: skip
    return past | newer


def _newest_of_each(places: Sequence[int]) -> list[int]:
    """Of ascending positions, the newest hundred of each collection: the newest hundred of all are among them."""
    kept: list[int] = []
    for _, group in groupby(places, key=collection_of):
        kept += list(group)[-MOST_ENTRIES:]
    return kept


def headers(scope: Scope, positions: Iterable[int]) -> dict[int, Hit]:
    """The headers of entries in scope, by position."""
    rows = run(READERS, "headers_at", positions=orjson.dumps(sorted(positions)).decode())
    return {
        place: Hit(
            stix_id, shown_version(version, added), owner, scope.readable[collection_of(place)].collection.uuid,
            number_of(place), added,
        )
        for place, added, _, owner, _, stix_id, version in rows
    }  # fmt: skip


def _answer(text: str, value: Value | None, places: Sequence[int], hits: dict[int, Hit]) -> Answer:
    if value is None:
        return Answer(text, "", "")
    found = [hits[place] for place in _newest_of_each(places)]
    found.sort(key=lambda hit: (-hit.added, hit.id, hit.collection, hit.number))
    return Answer(text, value.kind, value.normal, tuple(found[:MOST_ENTRIES]), len(places))
