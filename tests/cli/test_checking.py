"""What `check` finds: each corruption by its name, on the node that this process serves."""

from __future__ import annotations

import os

import pytest
from django.db import transaction

from shieldwall.store import WRITER, node, snapshot
from shieldwall.store.connector import raw
from tests.alliance import AMBER, GREEN, Alliance, envelope, indicator
from tests.cli.history import live_through

QUIET = lambda _: None  # noqa: E731
TRIGGERS = ("entry_stays", "entry_is_kept", "entry_is_next", "checkpoint_stays", "checkpoint_is_kept",
            "term_stays", "term_is_new")  # fmt: skip


def found() -> list[str]:
    from shieldwall.store.walk import log_findings

    with snapshot():
        return [f"{one.place}: {one.finding}" for one in log_findings(QUIET)]


def schema() -> list[str]:
    from shieldwall.store.schema.compare import schema_differences

    return [f"{place}: {what}" for place, what in schema_differences()]


def corrupt(*statements: str) -> None:
    """What somebody with the database in their hands can do."""
    with transaction.atomic(using=WRITER):
        for statement in statements:
            raw(WRITER).execute(statement)


def without_triggers(statement: str) -> None:
    if node().engine == "sqlite":
        corrupt(*(f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS), statement)
    else:
        tables = ("entry", "checkpoint", "collection", "audience_term")
        corrupt(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables), statement)


@pytest.fixture
def busy(alliance: Alliance) -> Alliance:
    """Two logs: a short one, and one of more than a tile."""
    from shieldwall import exchange

    few = [indicator(f"198.51.100.{n}", GREEN) for n in range(1, 6)]
    many = [indicator(f"192.0.2.{n}", AMBER, name=f"ours {n}") for n in range(1, 300)]
    exchange.admit(alliance.viewer("acme"), envelope(*few), audience="community")
    exchange.admit(alliance.viewer("dansk"), envelope(*many), audience="nation:dk")
    return alliance


def test_nothing_is_found_where_nothing_was_touched(alliance: Alliance) -> None:
    live_through(alliance)
    assert found() == []
    assert schema() == []


_FIRST = "(SELECT min(position) FROM entry WHERE kind = 0)"
_LONGEST = "(SELECT collection FROM head ORDER BY number DESC LIMIT 1)"
CORRUPTIONS = {
    "another body": (
        f"UPDATE entry SET body = (SELECT body FROM entry WHERE position = {_FIRST} + 1) WHERE position = {_FIRST}",
        "entry 1: its body, salt or header is not what was hashed into the tree",
    ),
    "another owner": (
        f"UPDATE entry SET owner = 'dansk' WHERE position = {_FIRST}",
        "entry 1: its body, salt or header is not what was hashed into the tree",
    ),
    "a body erased, its salt kept": (
        f"UPDATE entry SET body = NULL WHERE position = {_FIRST}",
        "entry 1: its body, salt or header is not what was hashed into the tree",
    ),
    "an entry removed": (f"DELETE FROM entry WHERE position = {_FIRST} + 3", "entry 4: missing"),
    "the newest entry removed": (
        f"DELETE FROM entry WHERE position = (SELECT max(position) FROM entry WHERE position >> 40 = {_LONGEST})",
        "the head says 299 entries, the log goes to 298",
    ),
    "a stamp moved": (f"UPDATE entry SET added = added - 90000000 WHERE position = {_FIRST} + 2", "its stamp"),
    "a tile above the leaves": (
        "UPDATE tile SET hashes = (SELECT hashes FROM tile WHERE level = 0 LIMIT 1) WHERE level = 1",
        "tile 1/0: it does not hold the hashes below it",
    ),
    "a tile lost": ("DELETE FROM tile WHERE level = 0", "its leaf is not in the tree's tiles"),
    "a checkpoint's root": (
        f"UPDATE checkpoint SET root = (SELECT root FROM checkpoint WHERE collection <> {_LONGEST} LIMIT 1)"
        f" WHERE collection = {_LONGEST}",
        "the signed note says something else than its row",
    ),
    "a checkpoint of another": (
        f"UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE collection <> {_LONGEST} LIMIT 1)"
        f" WHERE collection = {_LONGEST}",
        "the signed note says something else than its row",
    ),
    "a checkpoint lost": (
        f"DELETE FROM checkpoint WHERE collection = {_LONGEST} AND size = 299",
        "its newest checkpoint is not of its whole log",
    ),
    "a frontier": (
        f"UPDATE head SET frontier = (SELECT frontier FROM head WHERE collection <> {_LONGEST} AND number > 0 LIMIT 1)"
        f" WHERE collection = {_LONGEST}",
        "the frontier of its head is not that of its entries",
    ),
    "readers let in": (
        "INSERT INTO audience_term SELECT 'member:fjord', id, 0, 0 FROM collection WHERE audience = 'nation:dk'",
        "the rows that open it to readers differ from its audience",
    ),
}


@pytest.mark.parametrize(
    ("engine", "name"),
    [*(("sqlite", name) for name in CORRUPTIONS), ("postgresql", "another body"), ("postgresql", "readers let in")],
    indirect=["engine"],
)
def test_the_walk_names_what_was_done_to_a_log(busy: Alliance, name: str) -> None:
    statement, expected = CORRUPTIONS[name]
    without_triggers(statement)
    assert any(expected in one for one in found()), found()


def test_a_forged_checkpoint_is_signed_by_somebody_else(busy: Alliance) -> None:
    node().cache.pop("signing_key", None)
    node().cache.pop(("secret", "checkpoint"), None)
    path = node().config.data / "keys" / "checkpoint"
    path.write_bytes(os.urandom(32))
    assert any("not signed by shieldwall" in one for one in found())


BROKEN_SCHEMAS = {
    "a trigger gone": {
        "sqlite": "DROP TRIGGER entry_stays",
        "postgresql": "DROP TRIGGER entry_stays ON entry",
        "says": "trigger entry_stays on entry: this trigger is missing",
    },
    "a trigger that does nothing": {
        "sqlite": "DROP TRIGGER entry_stays; CREATE TRIGGER entry_stays BEFORE UPDATE ON entry WHEN 0 "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "postgresql": "CREATE OR REPLACE FUNCTION only_erasure() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$",
        "says": "differs from the text",
    },
    "a trigger more": {
        "sqlite": "CREATE TRIGGER copy AFTER INSERT ON entry BEGIN DELETE FROM hidden; END",
        "postgresql": "CREATE TRIGGER copy AFTER INSERT ON entry EXECUTE FUNCTION refuse_change()",
        "says": "trigger copy on entry: is not in the text",
    },
    "an index lost": {
        "sqlite": "DROP INDEX entry_added",
        "postgresql": "DROP INDEX entry_added",
        "says": "index entry_added on entry: this index is missing",
    },
    "a column more": {
        "sqlite": "ALTER TABLE posting ADD COLUMN why TEXT",
        "postgresql": "ALTER TABLE posting ADD COLUMN why TEXT",
        "says": "table posting: differs from the text",
    },
    "a table lost": {
        "sqlite": "DROP TABLE twin",
        "postgresql": "DROP TABLE twin",
        "says": "table twin: this table is missing",
    },
}


@pytest.mark.parametrize("name", BROKEN_SCHEMAS)
def test_a_schema_that_was_changed_is_named(alliance: Alliance, engine: str, name: str) -> None:
    broken = BROKEN_SCHEMAS[name]
    statements = broken[engine].split("; CREATE")
    corrupt(*[statements[0], *("CREATE" + rest for rest in statements[1:])])
    assert any(broken["says"] in one for one in schema()), schema()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_trigger_that_was_switched_off_is_named(alliance: Alliance) -> None:
    corrupt("ALTER TABLE entry DISABLE TRIGGER entry_is_kept")
    assert any("trigger entry_is_kept on entry: differs from the text" in one for one in schema())


def test_a_key_that_others_may_read_is_found(alliance: Alliance) -> None:
    from shieldwall.store.checks import environment_findings

    node().config.data.chmod(0o700)
    node().secret("index")
    ours = {str(path) for path in (node().config.data / "keys").iterdir()}
    assert not [one for one in environment_findings() if one.place in ours]
    (node().config.data / "keys" / "index").chmod(0o644)
    [finding] = [one for one in environment_findings() if one.place in ours]
    assert "open to other users (mode 644)" in finding.finding and finding.remedy.startswith("chmod 600")


def test_a_setting_that_does_not_exist_or_cannot_be_used_is_named() -> None:
    from shieldwall.store.checks import settings_findings

    given = {"SHIELDWALL_WORKERS": "none", "SHIELDWALL_WROKERS": "4", "SHIELDWALL_TITLE": "X", "PATH": "/"}
    assert [one.place for one in settings_findings(given)] == [
        "setting SHIELDWALL_WORKERS", "setting SHIELDWALL_WROKERS",
    ]  # fmt: skip
