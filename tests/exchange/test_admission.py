"""From what a member sends to what every reader of the audience, and nobody else, reads."""

from __future__ import annotations

import orjson
import pytest

from shieldwall import exchange
from shieldwall.errors import Absent
from tests.alliance import AMBER, GREEN, Alliance, bundle, indicator, observable


def _virtual(viewer):
    return exchange.collections(viewer)[0].id


def _ids(viewer, collection=None):
    page = exchange.page(viewer, collection or _virtual(viewer), door="test")
    return [orjson.loads(body)["id"] for body in page.bodies]


def test_members_of_the_group_read_it_and_others_see_nothing(alliance: Alliance) -> None:
    given = indicator("198.51.100.7", AMBER)
    receipt = exchange.admit(alliance.viewer("acme"), bundle(given), audience="group:energy")
    assert [one.outcome for one in receipt.outcomes] == ["admitted"]
    assert _ids(alliance.viewer("dansk")) == [given["id"]]
    assert _ids(alliance.viewer("fjord")) == []
    with pytest.raises(Absent):
        exchange.get(alliance.viewer("fjord"), given["id"], door="test")
    assert exchange.lookup(alliance.viewer("dansk"), ["198[.]51[.]100[.]7"])[0].total == 1
    assert exchange.lookup(alliance.viewer("fjord"), ["198[.]51[.]100[.]7"])[0].total == 0


def test_words_are_searchable_once_the_worker_followed(alliance: Alliance) -> None:
    exchange.admit(
        alliance.viewer("acme"), bundle(indicator("198.51.100.7", GREEN, name="Sandworm relay")), audience="community"
    )
    exchange.follow_words()
    assert [one.name for one in exchange.search(alliance.viewer("fjord"), "sandworm")] == ["Sandworm relay"]


def test_withdrawal_vanishes_and_says_who_had_it(alliance: Alliance) -> None:
    given = indicator("198.51.100.7", GREEN)
    exchange.admit(alliance.viewer("acme"), bundle(given, observable("198.51.100.7", GREEN)), audience="community")
    assert len(_ids(alliance.viewer("dansk"))) == 2
    answer = exchange.withdraw(alliance.viewer("acme"), given["id"], None, "sent to the wrong people")
    assert [one.member for one in answer.sent_to] == ["dansk"]
    assert len(_ids(alliance.viewer("dansk"))) == 1
    assert [one.id for one in exchange.withdrawals(alliance.viewer("fjord"))] == [given["id"]]
