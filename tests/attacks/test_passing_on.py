"""A recipient passes on what it was given: further than its owner let it, or after its owner took it back."""

from __future__ import annotations

import pytest

from shieldwall import exchange, members
from shieldwall.policy import Viewer
from tests.alliance import Alliance, indicator, stix_id
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
