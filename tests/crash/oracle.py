"""The oracle: what a client was told, held against what lies in the node afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from shieldwall import exchange, members
from shieldwall.exchange.rebuilding import projection_findings
from shieldwall.policy import Viewer
from shieldwall.store import READERS, SIDE, collection_of, entries_of, number_of, snapshot
from shieldwall.store.checks import environment_findings
from shieldwall.store.collections import Collection
from shieldwall.store.connector import fetch, run
from shieldwall.store.entries import Kind
from shieldwall.store.walk import log_findings
from tests.crash.life import Home

Told = tuple[int, str, Any]
Lying = Mapping[tuple[str, int], tuple[str, str, int]]
"""(public id of the collection, number) → id, version, kind."""
_OBJECTS = frozenset({"submit", "bulk", "version", "revoke", "hold"})
_SETTLED = frozenset({"admitted", "present"})


def judge(pipe: Connection, home: Home, told: Sequence[Told]) -> None:
    """In a process of its own: everything that is wrong, as texts; and how many entries there are."""
    home.open()
    pipe.send([*of_the_node(), *of_the_entries(), *_of_what_was_told(home, told)])
    pipe.send(sum(row[5] for row in run(READERS, "all_collections")))


def of_the_node() -> Iterator[str]:
    """What `shieldwall check` finds, but for modes of files and settings of the tests' PostgreSQL."""
    found = [one for one in environment_findings() if one.place.startswith(("database ", "schema"))]
    with snapshot():
        found += [*log_findings(lambda _: None), *projection_findings(lambda _: None)]
    yield from (f"{one.place}: {one.finding}" for one in found)


def of_the_entries() -> Iterator[str]:
    """Numbers are dense, and no object lies twice in one collection in the same version of the same owner."""
    with snapshot():
        for row in run(READERS, "all_collections"):
            collection = Collection.of(row[:5])
            entries = list(entries_of(collection))
            if [number_of(one.position) for one in entries] != list(range(1, row[5] + 1)):
                yield f"{collection.audience}: numbers are not dense"
            objects = Counter((one.id, one.version, one.owner) for one in entries if one.kind == Kind.OBJECT)
            yield from (f"{collection.audience}: {one} lies there {n} times" for one, n in objects.items() if n > 1)


def _of_what_was_told(home: Home, told: Sequence[Told]) -> Iterator[str]:
    acme = members.authenticate(home.acme)
    there = _entries()
    for number, kind, given in told:
        if kind in _OBJECTS:
            yield from (f"act {number} ({kind}): {what}" for what in _of_a_receipt(acme, kind, given, there))
        elif kind == "withdraw":
            yield from (f"act {number}: {what}" for what in _of_a_withdrawal(given, there))
        elif kind == "read" and given[0]:
            yield from (f"act {number}: {place} was given and not recorded" for place in _unrecorded(given[1]))
    groups = [given for _, kind, given in told if kind in ("join", "leave")]
    memberships = "SELECT count(*) FROM members_groupperiod WHERE member_id = 'stahl' AND until_us IS NULL"
    if groups and bool(fetch(READERS, memberships, {})[0][0]) != groups[-1]:
        yield f"the group is not as it was last told: {groups[-1]}"


def _entries() -> Lying:
    with snapshot():
        return {
            (row[1], number_of(one.position)): (one.id, one.version, one.kind)
            for row in run(READERS, "all_collections") for one in entries_of(Collection.of(row[:5]))
        }  # fmt: skip


def _of_a_receipt(acme: Viewer, kind: str, given: Any, there: Lying) -> Iterator[str]:
    receipt_id, outcomes = given
    kept = exchange.submission(acme, receipt_id)
    now = [(one.id, one.version, one.outcome, one.collection, one.number) for one in kept.outcomes]
    if kind != "hold" and now != outcomes:
        yield f"receipt {receipt_id} was {outcomes} and is {now}"
    for stix_id, version, outcome, collection, number in now:
        if outcome in _SETTLED and there.get((collection, number), ())[:2] != (stix_id, version):
            yield f"{stix_id} of {version} was {outcome} as {number} of {collection}, and does not lie there"


def _of_a_withdrawal(given: Any, there: Lying) -> Iterator[str]:
    stix_id, gone = given
    withdrawn = {place[0] for place, (one, _, kind) in there.items() if one == stix_id and kind == Kind.WITHDRAWAL}
    yield from (f"{stix_id} was withdrawn from {one}, which says nothing" for one, _ in gone if one not in withdrawn)


def _unrecorded(positions: Sequence[int]) -> list[int]:
    recorded = "SELECT collection, first_number, last_number FROM delivery WHERE member = 'dansk'"
    ranges = [(row[0], row[1], row[2]) for row in fetch(SIDE, recorded, {})]
    return [
        place for place in positions
        if not any(c == collection_of(place) and a <= number_of(place) <= z for c, a, z in ranges)
    ]  # fmt: skip
