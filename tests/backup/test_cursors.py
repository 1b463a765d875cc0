"""Who reads across a restore is given everything that is there, once: by `next`, by date, in one log and in all."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shieldwall import exchange
from shieldwall.exchange import Page
from shieldwall.policy import Viewer
from tests.alliance import GREEN, Alliance, indicator
from tests.backup.conftest import Machines
from tests.exchange.doing import collection, send, virtual


class Reader:
    """Follows `next`, and behind the last page the date of what was last on it, as TAXII clients do."""

    def __init__(self, viewer: Viewer, where: str, limit: int) -> None:
        self.viewer, self.where, self.limit = viewer, where, limit
        self.cursor: str | None = None
        self.after: int | None = None
        self.names: list[str] = []
        self.notices: list[str] = []

    def page(self) -> Page:
        page = exchange.page(
            self.viewer, self.where, door="api", added_after=self.after, cursor=self.cursor, limit=self.limit
        )
        self.names += [key.id for key in page.keys]
        self.notices += [page.notice] if page.notice else []
        self.cursor = page.next
        if page.next is None:
            self.after = page.last
        return page

    def read_on(self, pages: int = 1_000) -> None:
        while pages and self.page().next:
            pages -= 1


def objects(first: int, last: int) -> list[dict[str, Any]]:
    return [indicator(f"203.0.113.{n}", GREEN) for n in range(first, last)]


def names(first: int, last: int) -> list[str]:
    return [one["id"] for one in objects(first, last)]


@pytest.mark.parametrize("where", ["all", "one"])
def test_a_cursor_above_what_was_restored_goes_on_at_its_end(
    machines: Machines, alliance: Alliance, where: str
) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, *objects(0, 10), to="group:energy")
    backup = machines.back_up()
    send(acme, *objects(10, 20), to="group:energy")
    reader = Reader(dansk, virtual(dansk) if where == "all" else collection(dansk, "group:energy"), 5)
    for _ in range(3):
        reader.page()
    assert reader.names == names(0, 15)
    machines.restore(backup)
    send(alliance.viewer("acme"), *objects(20, 40), to="group:energy")
    reader.viewer, reader.names = alliance.viewer("dansk"), []
    first = reader.page()
    assert "epoch 2" in first.notice and "goes on at its end" in first.notice
    reader.read_on()
    assert reader.names == names(20, 40), "nothing of what is new is passed over, nothing comes again"
    assert len(reader.notices) == 1, "the next cursor is of this epoch"


def test_a_cursor_within_what_was_restored_is_told_nothing(machines: Machines, alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, *objects(0, 10), to="group:energy")
    reader = Reader(dansk, virtual(dansk), 4)
    reader.page()
    machines.restore(machines.back_up())
    send(alliance.viewer("acme"), *objects(20, 24), to="group:energy")
    reader.viewer = alliance.viewer("dansk")
    reader.read_on()
    assert reader.names == [*names(0, 10), *names(20, 24)] and reader.notices == []


def test_a_cursor_of_a_collection_that_is_gone_or_hidden_is_told_the_same(
    machines: Machines, alliance: Alliance
) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, *objects(0, 4), to="group:energy")
    backup = machines.back_up()
    send(acme, *objects(4, 8), to="member:dansk|member:acme")
    reader = Reader(dansk, virtual(dansk), 6)
    reader.page()
    machines.restore(backup)
    send(alliance.viewer("acme"), *objects(20, 24), to="member:dansk|member:acme")
    reader.viewer, reader.names = alliance.viewer("dansk"), []
    reader.read_on()
    assert reader.names == names(20, 24) and len(reader.notices) == 1


def test_a_date_from_before_the_restore_misses_nothing(machines: Machines, alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, *objects(0, 5), to="group:energy")
    backup = machines.back_up()
    send(acme, *objects(5, 9), to="group:energy")
    reader = Reader(dansk, virtual(dansk), 100)
    reader.page()
    machines.restore(backup)
    send(alliance.viewer("acme"), *objects(20, 30), to="group:energy")
    reader.viewer, reader.names = alliance.viewer("dansk"), []
    reader.read_on()
    assert reader.names == names(20, 30)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # the same statements; the cases above run on both
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_over_several_restores_a_reader_is_given_what_is_there_and_nothing_twice(
    machines: Machines, alliance: Alliance, seed: int
) -> None:
    """What a reader has after the last page: all that stands in the log, and what was lost after it was read."""
    chance = random.Random(seed)
    prefix, given, lost = f"seed {seed} {machines.made}", [], set()
    reader = Reader(alliance.viewer("dansk"), virtual(alliance.viewer("dansk")), chance.choice((1, 3, 7)))
    reader.read_on()
    reader.names = []

    def give(count: int) -> None:
        made = [indicator(GREEN_AT, GREEN, name=f"{prefix} {len(given) + n + len(lost)}") for n in range(count)]
        to = [("group:energy", made[::2]), ("nation:no|nation:dk", made[1::2])]
        for audience, some in to:
            if some:
                send(alliance.viewer("acme"), *some, to=audience)
        given.extend(one["id"] for one in made)

    for round_ in range(3):
        give(chance.randrange(1, 9))
        reader.read_on(chance.randrange(1, 4))
        backup, kept = machines.back_up(f"backup {prefix} {round_}"), len(given)
        give(chance.randrange(0, 9))
        reader.read_on(chance.randrange(0, 4))
        machines.restore(backup)
        lost |= set(given[kept:])
        del given[kept:]
        reader.viewer = alliance.viewer("dansk")
        give(chance.randrange(0, 9))
    reader.read_on()
    counted = sorted(name for name in reader.names if name not in lost)
    assert counted == sorted(set(given)), "each that stands once"
    assert len(reader.names) == len(set(reader.names))


GREEN_AT = "203.0.113.250"
