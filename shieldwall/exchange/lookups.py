"""Looking up values: one seek in each collection of the scope for every value, whether it exists anywhere or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec
import orjson

from shieldwall.errors import BadInput
from shieldwall.exchange.instants import shown_version
from shieldwall.policy import Viewer
from shieldwall.stix import Value, find_value
from shieldwall.store import READERS, Scope, number_of, run, scope_of, snapshot, value_key

MOST_VALUES = 100_000
MOST_ENTRIES = 100
_BATCH = 2_000


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
        scope = scope_of(viewer)
        remaining = iter(values)
        answers: list[Answer] = []
        while batch := list(islice(remaining, _BATCH)):
            answers += _batch(scope, batch)
    return answers


def _batch(scope: Scope, texts: Sequence[str]) -> list[Answer]:
    found = [find_value(text) for text in texts]
    keys = {value: value_key(value.kind, value.normal).hex() for value in found if value is not None}
    places = positions_of_values(scope, keys.values())
    hits = headers(scope, {place for hit in places.values() for place in hit[:MOST_ENTRIES]})
    return [
        _answer(text, value, places.get(keys[value], []) if value else [], hits)
        for text, value in zip(texts, found, strict=True)
    ]


def positions_of_values(scope: Scope, keys: Iterable[str]) -> dict[str, list[int]]:
    """For each (hexadecimal) value key, its positions in scope that nothing hides, newest first."""
    ordered = sorted(set(keys))
    rows = run(READERS, "postings_in_scope", keys=orjson.dumps(ordered).decode(), collections=scope.ids(indexed=True))
    if not rows:
        return {}
    every = {row[1] for row in rows}
    hidden = {row[0] for row in run(READERS, "hidden_at", positions=orjson.dumps(sorted(every)).decode())}
    found: dict[str, list[int]] = defaultdict(list)
    for index, place in rows:
        if place not in hidden:
            found[ordered[index]].append(place)
    for places in found.values():
        places.sort(key=number_of, reverse=True)
    return found


def headers(scope: Scope, positions: Iterable[int]) -> dict[int, Hit]:
    """The headers of entries in scope, by position."""
    rows = run(READERS, "headers_at", positions=orjson.dumps(sorted(positions)).decode())
    return {
        place: Hit(
            stix_id, shown_version(version, added), owner, scope.readable[place >> 40].collection.uuid,
            number_of(place), added,
        )
        for place, added, _, owner, _, stix_id, version in rows
    }  # fmt: skip


def _answer(text: str, value: Value | None, places: Sequence[int], hits: dict[int, Hit]) -> Answer:
    if value is None:
        return Answer(text, "", "")
    shown = sorted((hits[place] for place in places[:MOST_ENTRIES]), key=lambda hit: (-hit.added, hit.id))
    return Answer(text, value.kind, value.normal, tuple(shown), len(places))
