"""Two workers at once: each waiting submission goes out once, and its receipt says so."""

from __future__ import annotations

from multiprocessing.connection import Connection

import pytest

from tests.alliance import GREEN, bundle, indicator
from tests.conftest import close_connections
from tests.crash import oracle
from tests.crash.life import Home
from tests.crash.trial import nursery

WAITING = 12


def _stage(pipe: Connection, home: Home) -> None:
    """As many held as pending ones, all of them due."""
    from shieldwall import members
    from shieldwall.exchange.admission import Request, stage
    from shieldwall.store.connector import run

    home.open()
    acme = members.authenticate(home.acme)
    for number in range(WAITING):
        raw = bundle(*(indicator(f"10.0.{number}.{n}", GREEN) for n in range(15)))
        state = "held" if number % 2 else "pending"
        pipe.send(stage(acme, raw, Request("community"), f"waiting-{number}", state=state).id)
    assert len(run("readers", "due_submissions", now=1 << 60, limit=100)) == WAITING


def _release(pipe: Connection, home: Home) -> None:
    """A worker that begins when told and ends when nothing is due."""
    from shieldwall import exchange

    home.open()
    pipe.send("ready")
    pipe.recv()
    while exchange.release_due(limit=3):
        pass
    pipe.send("done")


def _look(pipe: Connection, home: Home, receipts: list[str]) -> None:
    from shieldwall import exchange, members
    from shieldwall.store import READERS, run

    home.open()
    acme = members.authenticate(home.acme)
    kept = [exchange.submission(acme, one) for one in receipts]
    pipe.send([(one.state, {outcome.outcome for outcome in one.outcomes}) for one in kept])
    pipe.send([row[5] for row in run(READERS, "all_collections") if row[2] == "community"])
    pipe.send([*oracle.of_the_node(), *oracle.of_the_entries()])


def test_what_one_worker_has_taken_is_not_taken_again_before_its_lease_ends(home: Home) -> None:
    from shieldwall import members
    from shieldwall.exchange.admission import Request, stage
    from shieldwall.store import WRITER, run, writing

    home.open()
    staged = stage(members.authenticate(home.acme), b"[]", Request("community"), "", state="pending").id

    def taken_at(now: int) -> bool:
        given = {"id": staged, "state": "pending", "becomes": "pending", "due": now + 120, "now": now}
        with writing():
            return bool(run(WRITER, "claim_submission", **given))

    late = 1 << 55
    assert [taken_at(late), taken_at(late), taken_at(late + 119), taken_at(late + 120)] == [True, False, False, True]
    close_connections()


@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
def test_each_waiting_submission_is_released_once(home: Home) -> None:
    context = nursery()
    ours, theirs = context.Pipe()
    context.Process(target=_stage, args=(theirs, home), daemon=True).start()
    receipts = [ours.recv() for _ in range(WAITING)]
    pipes = []
    for _ in range(3):
        ours, theirs = context.Pipe()
        context.Process(target=_release, args=(theirs, home), daemon=True).start()
        pipes.append(ours)
    for word in ("ready", "done"):
        for pipe in pipes:
            assert pipe.recv() == word
        for pipe in pipes:
            if word == "ready":
                pipe.send("go")
    ours, theirs = context.Pipe()
    context.Process(target=_look, args=(theirs, home, receipts), daemon=True).start()
    assert ours.recv() == [("complete", {"admitted"})] * WAITING
    assert ours.recv() == [15 * WAITING]
    assert ours.recv() == []
