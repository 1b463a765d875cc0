"""Searching words and values: postings intersected within the scope, ranked by terms matched and recency alone.

No statistics of the whole corpus: they would move with what the reader may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import orjson

from shieldwall.errors import BadInput
from shieldwall.exchange.instants import shown_version
from shieldwall.exchange.lookups import not_latest, positions_of_values
from shieldwall.exchange.rights import scope_now
from shieldwall.policy import Viewer
from shieldwall.stix import find_value, words_in
from shieldwall.store import READERS, Scope, collection_of, number_of, opened, run, snapshot, value_key, word_key

MOST_RESULTS = 100
MOST_TERMS = 16
_MOST_OF_A_WORD = 2_000
_SNIPPET = 160


class Result(msgspec.Struct, frozen=True):
    """An object that matches. `matched` of the query's terms occur in it; `snippet` comes from its visible body."""

    id: str
    version: str
    owner: str
    collection: str
    number: int
    added: int
    name: str
    snippet: str
    matched: int


def search(viewer: Viewer, query: str, *, limit: int = 20) -> list[Result]:
    """The objects in scope that match most of the words and values of `query`, newest first among equals.

    `limit` 1 to 100. Raises BadInput where nothing in `query` can be searched for.
    """
    words, values = _terms(query)
    limit = max(1, min(limit, MOST_RESULTS))
    with snapshot():
        scope = scope_now(viewer)
        matched = _matched(scope, words, values)
        return _results(scope, matched, words, limit)


def _terms(query: str) -> tuple[list[str], list[str]]:
    values, words = [], []
    for part in query.split()[:MOST_TERMS]:
        value = find_value(part)
        if value is not None:
            values.append(value_key(value.kind, value.normal).hex())
        else:
            words += words_in(part)
    if not words and not values:
        raise BadInput(
            "no word of at least two letters and no value", rule="search", where="q", remedy="give words or values"
        )
    return list(dict.fromkeys(words))[:MOST_TERMS], values


def _matched(scope: Scope, words: Sequence[str], values: Sequence[str]) -> Counter[int]:
    """How many terms occur at each position: driven by the rarest word, the others probed there."""
    matched: Counter[int] = Counter()
    for places in positions_of_values(scope, values).values():
        matched.update(places)
    keys = sorted((word_key(word) for word in words), key=lambda key: _frequency(scope, key))
    candidates: set[int] = set(matched)
    for key in keys:
        fresh = _newest(scope, key) if len(candidates) < _MOST_OF_A_WORD else set()
        present = fresh | _carrying(key, candidates - fresh)
        matched.update(present)
        candidates |= present
    return matched


def _frequency(scope: Scope, key: bytes) -> int:
    rows = run(READERS, "word_count_in_scope", key=key, collections=scope.ids(indexed=True), most=_MOST_OF_A_WORD)
    return int(rows[0][0] or 0)


def _newest(scope: Scope, key: bytes) -> set[int]:
    most = max(50, _MOST_OF_A_WORD // max(1, len(scope)))
    rows = run(READERS, "words_in_scope", key=key, collections=scope.ids(indexed=True), most=most)
    return {row[0] for row in rows}


def _carrying(key: bytes, places: Iterable[int]) -> set[int]:
    positions = orjson.dumps(sorted(places)).decode()
    return {row[0] for row in run(READERS, "words_at", key=key, positions=positions)}


def _results(scope: Scope, matched: Counter[int], words: Sequence[str], limit: int) -> list[Result]:
    positions = orjson.dumps(sorted(matched)).decode()
    past = not_latest(scope, matched)
    rows = [row for row in run(READERS, "headers_at", positions=positions) if row[0] not in past]
    home = {row[0]: scope.readable[collection_of(row[0])].collection for row in rows}
    rows.sort(key=lambda row: (-matched[row[0]], -row[1], home[row[0]].uuid, row[0]))
    chosen = _each_once(rows)[:limit]
    bodies = {
        row[0]: opened(home[row[0]], row[0], row[3])
        for row in run(READERS, "bodies_at", positions=orjson.dumps([row[0] for row in chosen]).decode())
    }
    return [_result(scope, row, bodies.get(row[0]), words, matched[row[0]]) for row in chosen]


def _each_once(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Of one (owner, id) the first, wherever else the same version lies."""
    first: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in rows:
        first.setdefault((row[3], row[5]), row)
    return list(first.values())


def _result(scope: Scope, row: tuple[Any, ...], body: bytes | None, words: Sequence[str], matched: int) -> Result:
    place, added, _, owner, _, stix_id, version = row
    shown = orjson.loads(body) if body else {}
    return Result(
        id=stix_id, version=shown_version(version, added), owner=owner,
        collection=scope.readable[collection_of(place)].collection.uuid, number=number_of(place), added=added,
        name=str(shown.get("name") or shown.get("value") or shown.get("pattern") or stix_id)[:200],
        snippet=_snippet(shown, words), matched=matched,
    )  # fmt: skip


def _snippet(shown: dict[str, Any], words: Sequence[str]) -> str:
    """The neighbourhood of the first matching word in the longest text of the object."""
    text = str(shown.get("description") or shown.get("content") or shown.get("abstract") or "")
    folded = text.casefold()
    places = [at for at in (folded.find(word) for word in words) if at >= 0]
    start = max(0, min(places, default=0) - _SNIPPET // 4)
    end = start + _SNIPPET
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
