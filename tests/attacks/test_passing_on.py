"""A recipient passes on what it was given: further than its owner let it, or after its owner took it back."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections

from shieldwall import exchange, members
from shieldwall.exchange import Receipt
from shieldwall.policy import Viewer
from shieldwall.store import node, writing
from tests.alliance import GREEN, Alliance, indicator, stix_id
from tests.exchange.doing import became, ids, rules, send

ACME = stix_id("identity", "acme")


@pytest.fixture
def acme(alliance: Alliance) -> Viewer:
    """Acme, whose objects say so, and nobody else's may."""
    members.bind_identity(alliance.hub, "acme", ACME)
    members.confirm_identity(alliance.hub, "acme", ACME)
    return alliance.viewer("acme")


@pytest.mark.parametrize("audience", ["community", "nation:dk", "member:dansk", "group:quiet"])
def test_what_its_owner_marked_by_a_default_is_not_loosened_by_the_default_of_a_recipient(
    alliance: Alliance, acme: Viewer, audience: str
) -> None:
    secret = indicator(created_by_ref=ACME)
    send(acme, secret, to="member:fjord", default_marking="TLP:AMBER")
    onward = send(alliance.viewer("fjord"), secret, to=audience, default_marking="TLP:CLEAR")
    assert rules(onward) in (["tlp-ceiling"], ["tlp-onward"])
    assert ids(alliance.viewer("dansk")) == []


def test_a_default_of_the_owner_that_lets_it_travel_travels_with_it(alliance: Alliance, acme: Viewer) -> None:
    known = indicator(created_by_ref=ACME)
    send(acme, known, to="member:fjord", default_marking="TLP:GREEN")
    assert became(send(alliance.viewer("fjord"), known, to="nation:dk")) == ["admitted"]
    [found] = exchange.get(alliance.viewer("dansk"), known["id"], door="api")
    assert (found.owner, found.note) == ("acme", "default marking TLP:GREEN")


@pytest.mark.parametrize("revoke", [False, True], ids=["withdraws", "revokes"])
def test_what_its_owner_takes_back_between_judging_and_writing_is_not_passed_on(
    alliance: Alliance, acme: Viewer, revoke: bool
) -> None:
    known = indicator("198.51.100.7", GREEN, created_by_ref=ACME)
    send(acme, known, to="member:fjord")

    def take_back() -> None:
        if revoke:
            send(acme, known | {"modified": "2026-01-02T00:00:00.000Z", "revoked": True}, to="member:fjord")
        else:
            exchange.withdraw(acme, known["id"], None, "a mistake")

    fjord = alliance.viewer("fjord")
    onward = _before_its_turn(take_back, lambda: send(fjord, known, indicator("198.51.100.8", GREEN), to="nation:dk"))
    assert became(onward) == ["refused", "admitted"]
    assert ids(alliance.viewer("dansk")) == [indicator("198.51.100.8")["id"]]


def _before_its_turn(first: Callable[[], None], late: Callable[[], Receipt]) -> Receipt:
    """Let `late` judge and wait for its turn at writing, which `first` has and uses before it."""
    receipts: list[Receipt] = []

    def run() -> None:
        try:
            receipts.append(late())
        finally:
            connections.close_all()

    waiting = threading.Thread(target=run)
    with writing():
        waiting.start()
        while not _somebody_waits():
            time.sleep(0.005)
        first()
    waiting.join()
    return receipts[0]


def _somebody_waits() -> bool:
    """Whether somebody holds the place behind the one whose turn it is."""
    place = os.open(node().config.data / "writer.next", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(place)
    return False
