"""Word postings: a projection that the worker writes behind the log, searchable a few seconds after."""

from __future__ import annotations

import orjson

from shieldwall.stix import words_of
from shieldwall.store import (
    READERS,
    WRITER,
    Entry,
    Kind,
    collection_by_id,
    entries_of,
    number_of,
    run,
    run_many,
    snapshot,
    word_key,
    writing,
)  # fmt: skip

_PROJECTION = "words"
_TURN = 200


def follow_words() -> int:
    """Write the words of entries not yet followed, one turn of a few hundred for each log. Returns how many."""
    with snapshot():
        done: dict[int, int] = dict(run(READERS, "followed", projection=_PROJECTION))
        behind = [
            (collection, done.get(collection, 0))
            for collection, number in run(READERS, "open_heads") if number > done.get(collection, 0)
        ]  # fmt: skip
    return sum(_follow(collection, after) for collection, after in behind)


def _follow(collection: int, after: int) -> int:
    with snapshot():
        log = entries_of(collection_by_id(READERS, collection), after=after, batch=_TURN)
        entries = [entry for _, entry in zip(range(_TURN), log, strict=False)]
    words = [(_words(entry), entry.position) for entry in entries]
    keys = {word: word_key(word) for word in frozenset[str]().union(*(some for some, _ in words))}
    rows = sorted((keys[word], place) for some, place in words for word in some)
    with writing():
        run_many(WRITER, "put_word", rows)
        number = number_of(entries[-1].position)
        run(WRITER, "follow", projection=_PROJECTION, collection=collection, number=number)
    return len(entries)


def _words(entry: Entry) -> set[str]:
    if entry.kind != Kind.OBJECT or entry.body is None:
        return set()
    return words_of(orjson.loads(entry.body))
