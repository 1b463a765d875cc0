"""Every statement on the way of a request is answered by an index, on both engines."""

from __future__ import annotations

import re

import pytest

from shieldwall.store import READERS, SIDE, WRITER, writing
from shieldwall.store.connector import raw, statements
from tests.node import Clock

BY_POSITION, BY_RANGE = "position=", "position>,position<"
# Statement: the tables it seeks in, each with the columns it seeks by.
HOT = {
    "scope": {"audience_term": "token=", "collection": "id=", "head": "collection="},
    "heads": {"head": "collection="},
    "collection_by_uuid": {"collection": "uuid="},
    "collection_by_audience": {"collection": "audience="},
    "head_of": {"head": "collection="},
    "tile": {"tile": "collection=,level=,number="},
    "newest_checkpoint": {"checkpoint": "collection="},
    "checkpoint_at": {"checkpoint": "collection="},
    "end_of_epoch": {"checkpoint": "collection="},
    "first_of_epoch": {"checkpoint": "collection="},
    "entries_between": {"entry": BY_RANGE},
    "objects_between": {"entry": BY_RANGE},
    "keys_between": {"entry": BY_RANGE},
    "hidden_between": {"hidden": BY_RANGE},
    "heavy_between": {"entry": BY_RANGE},
    "heavy_at": {"entry": BY_POSITION},
    "first_after": {"entry": "collection=,added>"},
    "first_after_each": {"entry": "collection=,added>"},
    "keys_in_ranges": {"entry": BY_RANGE},
    "hidden_in_ranges": {"hidden": BY_RANGE},
    "twins_in_ranges": {"twin": BY_RANGE},
    "withdrawals_in_ranges": {"withdrawal": BY_RANGE},
    "entries_at": {"entry": BY_POSITION},
    "bodies_at": {"entry": BY_POSITION},
    "headers_at": {"entry": BY_POSITION},
    "hidden_at": {"hidden": BY_POSITION},
    "twins_at": {"twin": BY_POSITION},
    "family": {"object_key": "id_key="},
    "family_within": {"object_key": f"id_key=,{BY_RANGE}"},
    "objects_in_scope": {"object_key": f"id_key=,{BY_RANGE}"},
    "postings_in_scope": {"posting": f"value_key=,{BY_RANGE}"},
    "word_count_in_scope": {"word_posting": f"word_key=,{BY_RANGE}"},
    "words_in_scope": {"word_posting": f"word_key=,{BY_RANGE}"},
    "words_at": {"word_posting": "word_key=,position="},
    "submission_by_key": {"submission": "principal=,idempotency="},
    "submission": {"submission": "id="},
    "due_submissions": {"submission": "state=,due<"},
    "derived_of": {"derived": "whole_key="},
    "progress_of": {"progress": "submission="},
    "followed": {"followed": "projection="},
    "deliveries_of": {"delivery": "collection=,first_number<"},
}  # fmt: skip
_TABLES = re.compile(r"\b(SEARCH|SCAN) (\w+)(?: AS (\w+))?(?: USING (.*))?")
_INDEX_SCAN = re.compile(r"(?:Index(?: Only)? Scan(?: Backward)? using \w+|Bitmap Heap Scan) on (\w+)")


@pytest.fixture
def made(clock: Clock) -> None:
    with writing():
        pass


def test_every_hot_statement_seeks(made: None, engine: str) -> None:
    plan_of = {"sqlite": _sqlite_seeks, "postgresql": _postgresql_seeks}[engine]
    for name, seeks in HOT.items():
        found = plan_of(name)
        assert found.keys() == seeks.keys(), name
        for table, by in seeks.items():
            assert frozenset(by.split(",")) <= found[table], f"{name} seeks in {table} by {set(found[table])}"


def _sqlite_seeks(name: str) -> dict[str, frozenset[str]]:
    text = statements("sqlite")[name]
    alias_of = dict(re.findall(r"\b(?:FROM|JOIN) (\w+) (?:AS )?(\w)\b", text))
    tables = {short: table for table, short in alias_of.items()}
    values = dict.fromkeys(re.findall(r":([a-z_]+)", text))
    seeks: dict[str, frozenset[str]] = {}
    alias = SIDE if name == "deliveries_of" else READERS
    for row in raw(alias).execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall():
        assert "TEMP B-TREE FOR ORDER BY" not in row[3] or name in SORTED, f"{name} sorts: {row[3]}"
        for how, table, _, using in _TABLES.findall(row[3]):
            table = tables.get(table, table)
            if table in ("json_each", "j", "reached", "few") or (how == "SCAN" and "VIRTUAL TABLE" in row[3]):
                continue
            seeks[table] = seeks.get(table, frozenset()) | _sought(table, how, using)
    return seeks


def _sought(table: str, how: str, using: str) -> frozenset[str]:
    if how == "SCAN":
        return frozenset({f"reads all of {table}"})
    inside = using[using.rindex("(") + 1 : using.rindex(")")]
    terms = re.findall(r"(<expr>|\w+)([=<>])", inside)
    named = {"rowid": _ROWID.get(table, "rowid"), "<expr>": "collection"}
    return frozenset(f"{named.get(column, column)}{sign}" for column, sign in terms)


_ROWID = {"entry": "position", "hidden": "position", "withdrawal": "position", "collection": "id", "head": "collection"}
SORTED = {"scope", "deliveries_of", "due_submissions"}


def _postgresql_seeks(name: str) -> dict[str, frozenset[str]]:
    """What an index can answer: with tables this small the planner reads all of them unless it is told not to."""
    text = statements("postgresql")[name]
    values = {one: _VALUES.get(one, 1) for one in re.findall(r"%\((\w+)\)s", text)}
    connection = raw(WRITER)
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL enable_seqscan = off")
        connection.execute("SET LOCAL enable_bitmapscan = off")
        lines = [row[0] for row in connection.execute(f"EXPLAIN {text}", values).fetchall()]
    seeks: dict[str, frozenset[str]] = {}
    table = ""
    for line in lines:
        assert "Seq Scan" not in line, f"{name} reads all: {line}"
        if found := _INDEX_SCAN.search(line):
            table = found[1]
        if "Index Cond" in line and table:
            seeks[table] = seeks.get(table, frozenset()) | _conditions(line)
    return seeks


def _conditions(line: str) -> frozenset[str]:
    body = line.partition("Index Cond: ")[2].replace('("position" >> 40)', "collection").replace('"', "")
    terms = re.findall(r"\(?(\w+) (=|<=|>=|<|>) ", body)
    return frozenset(f"{column}{sign[0]}" for column, sign in terms)


_VALUES = {
    "tokens": "[]", "collections": "[]", "positions": "[]", "ranges": "[]", "keys": "[]", "key": b"k", "uuid": "u",
    "audience": "a", "owner": "o", "submission": "s", "principal": "p", "idempotency": "i", "id": "i",
    "projection": "words",
}  # fmt: skip
