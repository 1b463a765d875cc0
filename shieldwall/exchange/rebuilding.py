"""Checking the indexes against the logs, and bringing them to what the logs say.

Nothing is emptied first: an index that for a moment lacked its rows would show again what was withdrawn. Each turn
compares some hundred entries with their rows, writes what is missing and removes what does not follow from the log, so
the outcome is that of dropping and building anew, and readers never see less than they should hide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice

import orjson

from shieldwall.exchange.lanes import WITHDRAWN
from shieldwall.exchange.projections import (
    KEYS,
    POSTINGS,
    WORDS,
    Kin,
    Projection,
    Recall,
    Rows,
    rows_given,
    settle,
    twin_rows,
)
from shieldwall.exchange.words import follow_words
from shieldwall.store import (
    READERS,
    WRITER,
    Collection,
    Entry,
    Kind,
    collection_by_id,
    collection_of,
    entries_at,
    entries_of,
    id_key,
    number_of,
    position,
    run,
    run_many,
    writing,
)
from shieldwall.store.checks import Finding

Step = Callable[[str], None]
_TURN = 250
_FAMILIES = 1_000
_SURPLUS = 500
_MEND = {
    "object_key": "values", "posting": "values", "word_posting": "words",
    "hidden": "values", "twin": "values", "withdrawal": "values",
}  # fmt: skip


def projection_findings(step: Step) -> Iterator[Finding]:
    """Every index that is not what the logs give. Call inside a snapshot."""
    words = {row[0]: row[1] for row in run(READERS, "followed", projection="words")}
    yield from _followed_findings(words)
    for projection in (KEYS, POSTINGS, WORDS):
        step(f"index {projection.table}")
        yield from _index_findings(projection, words)
    for table, missing, surplus in (*_withdrawal_difference(), *_family_differences(step)):
        yield from _finding(table, missing, surplus)


def rebuild_values(step: Step) -> dict[str, int]:
    """Bring every index but that of words to what the logs say. Returns rows written or removed, by table."""
    changed = {"object_key": 0, "posting": 0, "withdrawal": 0, "hidden": 0, "twin": 0}
    for projection in (KEYS, POSTINGS):
        step(f"index {projection.table}")
        changed[projection.table] = _mend_index(projection, {})
    for table, missing, surplus in _withdrawal_difference():
        with writing():
            changed[table] += _apply(table, missing, surplus)
    for some in _batches(_families()):
        keys = [key for key, _ in some]
        step(f"families from {keys[0].hex()}")
        if not any(missing or surplus for _, missing, surplus in _compare_families(keys, READERS)):
            continue
        with writing():
            for table, missing, surplus in _compare_families(keys, WRITER):
                changed[table] += _apply(table, missing, surplus)
    for table, surplus in _strays():
        with writing():
            changed[table] += _apply(table, set(), surplus)
    return changed


def rebuild_words(step: Step) -> dict[str, int]:
    """Bring the index of words to what the logs say, as far as it had followed them, and follow on to their heads."""
    step("index word_posting")
    with writing():
        heads = {row[0]: row[5] for row in run(WRITER, "all_collections")}
        for collection, number in run(WRITER, "followed", projection="words"):
            if number > heads.get(collection, 0):
                _follow(collection, heads.get(collection, 0))
    changed = _mend_index(WORDS, {row[0]: row[1] for row in run(READERS, "followed", projection="words")})
    while followed := follow_words():
        changed += followed
    return {"word_posting": changed}


def _follow(collection: int, number: int) -> None:
    run(WRITER, "follow", projection="words", collection=collection, number=number)


def _followed_findings(words: dict[int, int]) -> Iterator[Finding]:
    heads = {row[0]: row[5] for row in run(READERS, "all_collections")}
    for collection, number in words.items():
        if number > heads.get(collection, 0):
            yield _mendable("followed", f"words are followed to {number} in collection {collection}, past its head")


def _mendable(table: str, what: str) -> Finding:
    return Finding(f"index {table}", what, f"run `shieldwall rebuild {_MEND.get(table, 'words')}`")


def _finding(table: str, missing: Rows, surplus: Rows) -> Iterator[Finding]:
    for rows, what in ((missing, "misses"), (surplus, "holds what the log does not give:")):
        if rows:
            shown = [_place_of(table, row) for row in sorted(rows, key=repr)[:3]]
            more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
            yield _mendable(table, f"{what} {len(rows)} rows, of {', '.join(shown)}{more}")


def _place_of(table: str, row: tuple[object, ...]) -> str:
    place = row[1] if table in ("object_key", "posting", "word_posting") else row[0]
    assert isinstance(place, int), "every index names a position"
    return f"collection {collection_of(place)} entry {number_of(place)}"


def _index_findings(projection: Projection, words: dict[int, int]) -> Iterator[Finding]:
    expected, missing = 0, set()
    for collection, entries in _log_turns():
        rows, lacking = _lacking(projection, collection, _due(projection, entries, words), READERS)
        expected += rows
        missing |= lacking
    yield from _finding(projection.table, missing, set())
    held = run(READERS, projection.count)[0][0]
    if held - expected + len(missing) > 0:
        surplus: Rows = set()
        for some in _surplus(projection):
            surplus |= some
        yield from _finding(projection.table, set(), surplus)


def _due(projection: Projection, entries: Sequence[Entry], words: dict[int, int]) -> list[Entry]:
    """The entries whose rows must be there already: words follow behind."""
    if projection is not WORDS:
        return list(entries)
    return [one for one in entries if number_of(one.position) <= words.get(collection_of(one.position), 0)]


def _log_turns() -> Iterator[tuple[Collection, list[Entry]]]:
    """Every log but the register's, some hundred entries at a time."""
    for row in run(READERS, "all_collections"):
        collection = Collection.of(row[:5])
        if collection.kind == "register":
            continue
        log = entries_of(collection, batch=_TURN)
        while entries := list(islice(log, _TURN)):
            yield collection, entries


def _lacking(projection: Projection, collection: Collection, entries: Sequence[Entry], alias: str) -> tuple[int, Rows]:
    """How many rows these entries give, and those that are not there as they should be."""
    expected: Rows = set()
    for entry in entries:
        expected |= rows_given([projection], collection, entry)[0]
    erased = sum(1 for one in entries if one.kind == Kind.OBJECT and one.body is None) if projection is KEYS else 0
    return len(expected) + erased, expected - _held(projection, expected, alias)


def _held(projection: Projection, expected: Rows, alias: str) -> Rows:
    pairs = orjson.dumps([[row[0].hex(), row[1]] for row in expected]).decode()
    return {_plain(row) for row in run(alias, projection.held, pairs=pairs)}


def _plain(row: Sequence[object]) -> tuple[object, ...]:
    """A row with its bytes as bytes, whatever the driver gives."""
    return tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)


def _surplus(projection: Projection) -> Iterator[Rows]:
    """The rows of an index that no entry gives, found by reading the whole index."""
    key, place = b"", -1
    while rows := [_plain(row) for row in run(READERS, projection.after, key=key, position=place, limit=_SURPLUS)]:
        given = _given_at(projection, {int(row[1]) for row in rows})  # type: ignore[call-overload]
        surplus = {row for row in rows if row[:2] not in given}
        if surplus:
            yield surplus
        key, place = rows[-1][0], rows[-1][1]  # type: ignore[assignment]


def _given_at(projection: Projection, positions: set[int]) -> set[tuple[object, ...]]:
    """The keys that the entries at these positions give, and those of erased objects, which keep theirs."""
    given: set[tuple[object, ...]] = set()
    existing = {row[0] for row in run(READERS, "all_collections")}
    for number, places in groupby(sorted(positions), key=collection_of):
        if number not in existing:
            continue
        collection = collection_by_id(READERS, number)
        for entry in entries_at(collection, list(places)):
            given |= {row[:2] for row in rows_given([projection], collection, entry)[0]}
            if projection is KEYS and entry.kind == Kind.OBJECT and entry.body is None:
                given.add((id_key(entry.id), entry.position))
    return given


def _mend_index(projection: Projection, words: dict[int, int]) -> int:
    """Write what is missing and remove what is too much, in short turns."""
    changed = 0
    for collection, entries in _log_turns():
        _, missing = _lacking(projection, collection, _due(projection, entries, words), READERS)
        if missing:
            with writing():
                run_many(WRITER, projection.put, sorted(missing))
            changed += len(missing)
    for surplus in _surplus(projection):
        with writing():
            run_many(WRITER, projection.drop, sorted(row[:2] for row in surplus))
        changed += len(surplus)
    return changed


Difference = tuple[str, Rows, Rows]
Recalls = dict[bytes, dict[int, list[Recall]]]


def _withdrawal_difference() -> list[Difference]:
    held, given = set(run(READERS, "all_withdrawals")), set(run(READERS, "withdrawal_entries"))
    return [("withdrawal", given - held, held - given)]


def _families() -> Iterator[tuple[bytes, list[Kin]]]:
    """Every object id's entries, in the order of the index of ids."""
    return ((key, [kin for _, kin in group]) for key, group in groupby(_kin(), key=lambda pair: pair[0]))


def _kin() -> Iterator[tuple[bytes, Kin]]:
    key, place = b"", -1
    while rows := run(READERS, "families_after", key=key, position=place, limit=_FAMILIES):
        for row in rows:
            yield bytes(row[0]), Kin(*row[1:])
        key, place = bytes(rows[-1][0]), rows[-1][1]


def _batches(families: Iterator[tuple[bytes, list[Kin]]]) -> Iterator[list[tuple[bytes, list[Kin]]]]:
    while some := list(islice(families, _TURN)):
        yield some


def _family_differences(step: Step) -> Iterator[Difference]:
    step("hidden entries and twins")
    recalls = _recalls((row[0] for row in run(READERS, "withdrawal_entries")), READERS)
    totals: dict[str, tuple[Rows, Rows]] = defaultdict(lambda: (set(), set()))
    for some in _batches(_families()):
        for table, missing, surplus in _differences([(kin, recalls.get(key, {})) for key, kin in some], READERS):
            totals[table][0].update(missing)
            totals[table][1].update(surplus)
    for table, strays in _strays():
        totals[table][1].update(strays)
    yield from ((table, *rows) for table, rows in totals.items())


def _compare_families(keys: Sequence[bytes], alias: str) -> list[Difference]:
    """The same for some families, read anew inside a turn: nothing else changes them meanwhile."""
    rows = run(alias, "family", keys=orjson.dumps([key.hex() for key in keys]).decode())
    added = _added_at([row[1] for row in rows], alias)
    families: dict[bytes, list[Kin]] = defaultdict(list)
    for key, place, owner, modified, _, _ in rows:
        families[bytes(key)].append(Kin(place, owner, modified, added[place]))
    recalls = _recalls((row[0] for row in run(alias, "all_withdrawals")), alias)
    return _differences([(kin, recalls.get(key, {})) for key, kin in families.items()], alias)


def _added_at(positions: Sequence[int], alias: str) -> dict[int, int]:
    return {row[0]: row[1] for row in run(alias, "headers_at", positions=orjson.dumps(positions).decode())}


def _differences(
    families: Sequence[tuple[Sequence[Kin], Mapping[int, Sequence[Recall]]]], alias: str
) -> list[Difference]:
    hidden: Rows = set()
    twins: Rows = set()
    places: list[int] = []
    for kin, recalls in families:
        settled = settle(kin, recalls)
        places += [one.position for one in settled]
        hidden |= {(one.position, one.hidden) for one in settled if one.hidden}
        twins |= twin_rows(settled)
    asked = orjson.dumps(places).decode()
    held_hidden = set(run(alias, "hidden_at", positions=asked))
    held_twins = set(run(alias, "twins_at", positions=asked))
    return [("hidden", hidden - held_hidden, held_hidden - hidden), ("twin", twins - held_twins, held_twins - twins)]


def _recalls(places: Iterable[int], alias: str) -> Recalls:
    """The withdrawals at these positions, by object key and collection. There are few."""
    found: Recalls = defaultdict(lambda: defaultdict(list))
    for number, here in groupby(sorted(places), key=collection_of):
        for entry in entries_at(collection_by_id(alias, number), list(here), alias=alias):
            numbers = orjson.loads(entry.body)["numbers"] if entry.body is not None else []
            withdrawn = frozenset(position(number, one) for one in numbers)
            found[id_key(entry.id)][number].append(Recall(entry.position, withdrawn))
    return found


def _strays() -> list[tuple[str, Rows]]:
    hidden = {(row[0], WITHDRAWN) for row in run(READERS, "stray_hidden")}
    return [("hidden", hidden), ("twin", set(run(READERS, "stray_twins")))]


def _apply(table: str, missing: Rows, surplus: Rows) -> int:
    """Inside a turn: remove what is too much, write what is missing."""
    put, drop, width = _WRITES[table]
    run_many(WRITER, drop, sorted({row[:width] for row in surplus}))
    run_many(WRITER, put, sorted(missing))
    return len(missing | surplus)


_WRITES = {
    "hidden": ("hide", "unhide", 1),
    "twin": ("replace_twin", "drop_twin", 2),
    "withdrawal": ("restore_withdrawal", "drop_withdrawal", 1),
}
