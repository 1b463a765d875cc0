"""Real writers, readers and joins at once, on the machine's own clock: nothing missed, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from shieldwall import exchange, members
from shieldwall.policy import Viewer
from shieldwall.store import READERS, run
from tests.alliance import GREEN, Alliance, bundle, indicator
from tests.conftest import close_connections, serve_fresh
from tests.exchange.doing import virtual

ADDRESSES = ("community", "group:energy", "group:quiet", "nation:no")
ROUNDS = 12


class Crew:
    """Threads whose first failure fails the test."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []

    def thread(self, act: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                act()
            except BaseException as failure:
                self.failures.append(failure)
                raise
            finally:
                connections.close_all()

        made = threading.Thread(target=guarded)
        made.start()
        return made


class Poller:
    """Follows the virtual collection by `next`, and by the last date where there is none."""

    def __init__(self, viewer: Callable[[], Viewer], where: str, limit: int) -> None:
        self.viewer, self.where, self.limit = viewer, where, limit
        self.cursor: str | None = None
        self.after: int | None = None
        self.places: list[int] = []

    def poll(self) -> bool:
        page = exchange.page(
            self.viewer(), self.where, door="taxii", added_after=self.after, cursor=self.cursor, limit=self.limit
        )
        self.places += [key.position for key in page.keys]
        self.cursor = page.next
        if page.next is None:
            self.after = page.last
        return page.next is not None


def test_who_reads_while_others_write_and_join_is_given_everything_once(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    serve_fresh(engine, request, tmp_path / "data")
    alliance, crew = Alliance(), Crew()
    for member in ("acme", "fjord", "no-cert", "dansk", "stahl"):
        alliance.own_key(member)
    where = virtual(alliance.viewer("stahl"))
    pollers = [Poller(lambda m=member: alliance.viewer(m), where, limit) for member, limit in
               (("fjord", 7), ("stahl", 20), ("acme", 1000))]  # fmt: skip
    done = threading.Event()

    def write(member: str, number: int) -> None:
        for turn in range(ROUNDS):
            viewer = alliance.viewer(member)
            for address in ADDRESSES:
                if f"{address}#1" in viewer.tokens or not address.startswith("group:"):
                    objects = [
                        indicator(f"10.{number}.{turn}.{n}", GREEN, name=f"{member} {address} {turn} {n}")
                        for n in range(3)
                    ]
                    exchange.admit(viewer, bundle(*objects), audience=address)

    def read(poller: Poller) -> None:
        while not done.is_set():
            poller.poll()

    def join() -> None:
        for member in ("fjord", "stahl", "centre"):
            members.join_group(alliance.hub, "energy", [member])
            members.join_group(alliance.hub, "quiet", [member] if member != "fjord" else ["dk-cert"])

    readers = [crew.thread(lambda one=one: read(one)) for one in pollers]
    writers = [crew.thread(lambda m=m, n=n: write(m, n)) for n, m in enumerate(("acme", "fjord", "no-cert"))]
    writers.append(crew.thread(join))
    for one in writers:
        one.join(60)
    done.set()
    for one in readers:
        one.join(60)
    assert crew.failures == []
    for poller in pollers:
        while poller.poll():
            pass
        assert len(poller.places) == len(set(poller.places)), "something was given twice"
        assert set(poller.places) == everything(poller.viewer())
    close_connections()


def everything(viewer: Viewer) -> set[int]:
    """All objects in the viewer's collections, straight from the log: none has a twin or a second version."""
    uuids = {one.id for one in exchange.collections(viewer)}
    logs = [(row[0], row[5]) for row in run(READERS, "all_collections") if row[1] in uuids]
    return {number << 40 | place for number, size in logs for place in range(1, size + 1)}


def test_whatever_is_admitted_at_once_is_admitted_once(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    serve_fresh(engine, request, tmp_path / "data")
    alliance, crew = Alliance(), Crew()
    acme = alliance.viewer("acme")
    given = bundle(*(indicator(f"198.51.100.{n}", GREEN) for n in range(20)))
    receipts: list[exchange.Receipt] = []
    start = threading.Barrier(4)

    def submit() -> None:
        start.wait(30)
        receipts.append(exchange.admit(acme, given, audience="community", idempotency="once"))

    for one in [crew.thread(submit) for _ in range(4)]:
        one.join(60)
    assert crew.failures == []
    assert len({one.id for one in receipts}) == 1
    assert receipts[0].counts["admitted"] == 20
    assert [row[5] for row in run(READERS, "all_collections") if row[2] == "community"] == [20]
    close_connections()
