"""The database itself refuses to change what was logged, whoever holds the connection."""

from __future__ import annotations

import psycopg
import pytest
from pysqlite3 import dbapi2

from shieldwall.policy import parse_audience
from shieldwall.store import WRITER, Collection, Draft, Kind, position, writing
from shieldwall.store.connector import raw
from tests.node import Clock

REFUSED = (dbapi2.IntegrityError, psycopg.errors.RaiseException)
COPIED = (
    "entry (position, added, kind, owner, submitter, tlp, id, version, note, salt, body) "
    "SELECT {number}, 1, 0, 'evil', '', 1, '', '', '', salt, body FROM entry WHERE position = {{second}}"
)
CHECKPOINTS = "SELECT collection, epoch, size, x'00', added, note FROM checkpoint"
COLLECTIONS = "SELECT id, uuid, 'public', kind, conjuncts, created FROM collection WHERE audience = 'community'"
BOTH = {
    "change an entry": "UPDATE entry SET owner = 'evil' WHERE position = {second}",
    "move an entry": "UPDATE entry SET position = {second} + 10 WHERE position = {second}",
    "redate an entry": "UPDATE entry SET added = added + 1",
    "change a body": "UPDATE entry SET body = salt WHERE position = {second}",
    "destroy a body but keep its salt": "UPDATE entry SET body = NULL WHERE position = {second}",
    "remove an entry": "DELETE FROM entry WHERE position = {second}",
    "remove all": "DELETE FROM entry",
    "leave a gap": "INSERT INTO " + COPIED.format(number="{second} + 5"),
    "number zero": "INSERT INTO " + COPIED.format(number="{second} - 2"),
    "change a checkpoint": "UPDATE checkpoint SET size = size + 1",
    "remove a checkpoint": "DELETE FROM checkpoint",
    "rename an audience": "UPDATE collection SET audience = 'public' WHERE audience = 'community'",
    "remove a collection": "DELETE FROM collection WHERE audience = 'community'",
    "widen an audience": "UPDATE audience_term SET token = 'public'",
    "close an audience": "DELETE FROM audience_term",
    "open it to others": "INSERT INTO audience_term SELECT 'public', collection, conjunct, 0 FROM audience_term",
}  # fmt: skip
SQLITE = {
    "replace an entry": "INSERT OR REPLACE INTO " + COPIED.format(number="{second}"),
    "replace a checkpoint": "INSERT OR REPLACE INTO checkpoint " + CHECKPOINTS,
    "replace a collection": "INSERT OR REPLACE INTO collection " + COLLECTIONS,
    "replace a term": "INSERT OR REPLACE INTO audience_term SELECT token, collection, conjunct, 1 FROM audience_term",
}  # fmt: skip
POSTGRESQL = {"empty the log": "TRUNCATE entry", "empty the checkpoints": "TRUNCATE checkpoint",
              "empty the terms": "TRUNCATE audience_term"}  # fmt: skip


@pytest.fixture
def community(clock: Clock) -> Collection:
    with writing() as turn:
        made = turn.collection(parse_audience("community"))
        turn.append(made, [Draft(kind=Kind.OBJECT, id=f"x--{n}", version="", body=b"{}") for n in range(3)])
    return made


def test_nothing_rewrites_the_log(community: Collection, engine: str) -> None:
    acts = BOTH | (SQLITE if engine == "sqlite" else POSTGRESQL)
    before = everything()
    for name, text in acts.items():
        with pytest.raises(REFUSED) as refusal:
            raw(WRITER).execute(text.format(second=position(community.id, 2), id=community.id))
            pytest.fail(f"nothing refused to {name}")
        assert any(word in str(refusal.value) for word in ("append-only", "permanent", "never changes", "densely"))
    assert everything() == before


def test_erasure_destroys_a_body_with_its_salt_and_nothing_else(community: Collection) -> None:
    second = position(community.id, 2)
    raw(WRITER).execute(f"UPDATE entry SET body = NULL, salt = NULL WHERE position = {second}")
    kept = raw(WRITER).execute(f"SELECT id, body, salt FROM entry WHERE position = {second}").fetchone()
    assert kept == ("x--1", None, None)


def everything() -> list[list[tuple[object, ...]]]:
    tables = ("entry", "checkpoint", "collection", "audience_term")
    return [sorted(raw(WRITER).execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables]
