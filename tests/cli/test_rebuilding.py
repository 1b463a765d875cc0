"""Indexes are what the logs give: after a busy life, after losing them, and after somebody wrote into them."""

from __future__ import annotations

import pytest

from shieldwall.store import WRITER, node, snapshot
from shieldwall.store.connector import raw
from tests.alliance import GREEN, Alliance, envelope, indicator
from tests.cli.history import live_through, projections

QUIET = lambda _: None  # noqa: E731


def findings() -> list[str]:
    from shieldwall.exchange.rebuilding import projection_findings

    with snapshot():
        return [f"{one.place}: {one.finding}" for one in projection_findings(QUIET)]


def rebuild() -> dict[str, int]:
    from shieldwall.exchange.rebuilding import rebuild_values, rebuild_words

    return rebuild_values(QUIET) | rebuild_words(QUIET)


def execute(statement: str) -> None:
    from django.db import transaction

    with transaction.atomic(using=WRITER):
        raw(WRITER).execute(statement)


@pytest.fixture
def busy(alliance: Alliance) -> Alliance:
    live_through(alliance)
    return alliance


def test_after_a_busy_life_the_indexes_are_what_the_logs_give(busy: Alliance) -> None:
    from shieldwall.exchange import follow_words

    assert findings() == []
    while follow_words():
        pass
    before = projections()
    assert all(before.values())
    assert set(rebuild().values()) == {0}
    assert projections() == before


def test_rebuilding_brings_back_every_row_byte_for_byte(busy: Alliance) -> None:
    from shieldwall.exchange import follow_words

    while follow_words():
        pass
    before = projections()
    for table in before:
        execute(f"DELETE FROM {table}")
    rebuild()
    assert projections() == before
    assert findings() == []


def test_rebuilding_removes_what_no_log_gives(busy: Alliance) -> None:
    from shieldwall.exchange import follow_words

    while follow_words():
        pass
    before = projections()
    place = before["object_key"][0][1]
    digits = "00112233445566778899aabbccddeeff"
    blob = f"x'{digits}'" if node().engine == "sqlite" else f"'\\x{digits}'"
    execute(f"INSERT INTO posting VALUES ({blob}, {place})")
    execute(f"INSERT INTO word_posting VALUES ({blob}, {place})")
    execute(f"INSERT INTO object_key VALUES ({blob}, {place}, 'dansk', 7, 0, {blob})")
    execute(f"INSERT INTO object_key VALUES ({blob}, 99, 'dansk', 7, 0, {blob})")
    execute("INSERT INTO withdrawal VALUES (77)")
    execute("INSERT INTO hidden VALUES (78, 2)")
    execute("UPDATE hidden SET reason = 2 WHERE reason = 1")
    execute("UPDATE object_key SET owner = 'dansk', revoked = 1")
    execute("UPDATE twin SET newer = 1 - newer")
    assert {one.partition(":")[0] for one in findings()} == {
        f"index {table}" for table in ("posting", "word_posting", "object_key", "withdrawal", "hidden", "twin")
    }
    rebuild()
    assert projections() == before


def test_what_a_withdrawal_covers_may_be_told_from_the_log_alone(alliance: Alliance) -> None:
    from shieldwall import exchange

    acme = alliance.viewer("acme")
    for minute in range(4):
        exchange.admit(acme, envelope(indicator("192.0.2.1", GREEN, name="one", minute=minute)), audience="community")
    exchange.withdraw(acme, indicator(name="one")["id"], "2026-01-01T00:02:00.000Z", "the third")
    before = projections()["hidden"]
    assert [reason for _, reason in before] == [3, 3, 2]
    execute("DELETE FROM hidden")
    rebuild()
    assert projections()["hidden"] == before
