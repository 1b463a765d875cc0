"""Revoking says the content is wrong: to every reader, for good, and readable."""

from __future__ import annotations

from shieldwall import exchange
from shieldwall.store import READERS, run
from tests.alliance import AMBER, GREEN, Alliance, indicator
from tests.exchange.doing import became, collection, ids, only, read, rules, send, versions_of

ID = indicator("198.51.100.7")["id"]


def version(minute: int, *marks: str, **more: object) -> dict[str, object]:
    return indicator("198.51.100.7", *(marks or (GREEN,)), minute=minute, **more)


def gone(minute: int, *marks: str) -> dict[str, object]:
    return version(minute, *marks, revoked=True)


def test_a_revocation_reaches_every_reader_and_stays_readable(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    for address in ("group:energy", "group:quiet", "member:stahl"):
        send(acme, version(1), to=address)
    send(acme, gone(2), to="group:energy")
    for reader in ("dansk", "fjord", "stahl"):
        viewer = alliance.viewer(reader)
        assert [(one["id"], one["revoked"]) for one in read(viewer)] == [(ID, True)]
        assert len(versions_of(viewer, ID)) == 2
    assert ids(alliance.viewer("kunde")) == []


def test_nobody_unrevokes_anywhere(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, version(1), to="group:energy")
    send(acme, gone(5), to="group:energy")
    for address in ("group:energy", "community", ""):
        assert rules(send(acme, version(9), to=address)) == ["STIX 2.1 §3.6: revoking is permanent"], address
    assert became(send(acme, gone(9), to="community")) == ["admitted"]
    exchange.withdraw(acme, ID, None, "")
    assert rules(send(acme, version(10), to="group:energy")) == ["STIX 2.1 §3.6: revoking is permanent"]


def test_older_versions_that_come_late_do_not_stand_again(alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, gone(5), to="group:energy")
    assert became(send(acme, version(1), version(2), to="group:energy")) == ["admitted", "admitted"]
    assert [one["revoked"] for one in read(dansk)] == [True]
    assert rules(send(acme, version(1), to="community")) == ["STIX 2.1 §3.6: revoking is permanent"]


def test_a_revocation_marked_stricter_than_what_was_shared_says_whom_it_cannot_reach(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, version(1), to="community")
    send(acme, version(1), to="group:energy")
    outcome = only(send(acme, gone(2, AMBER), to="group:energy"))
    assert "keeps this revocation from some" in outcome.warnings[-1]
    assert [one.get("revoked") for one in read(alliance.viewer("fjord"))] == [None]
    assert only(send(acme, gone(3), to="group:energy")).warnings == ()
    assert [one.get("revoked") for one in read(alliance.viewer("fjord"))] == [True]


def test_only_the_owner_revokes(alliance: Alliance) -> None:
    send(alliance.viewer("acme"), version(1), to="community")
    send(alliance.viewer("dansk"), gone(9), to="community")
    found = exchange.get(alliance.viewer("fjord"), ID, door="api")
    assert {(one.owner, one.revoked) for one in found} == {("acme", False), ("dansk", True)}


def test_latest_is_relative_to_the_reader(alliance: Alliance) -> None:
    """A newer version elsewhere neither hides the older one nor shows."""
    acme, dansk, fjord = (alliance.viewer(one) for one in ("acme", "dansk", "fjord"))
    send(acme, version(1), to="community")
    send(acme, version(2, description="Only for Energy"), to="group:energy")
    assert [one["modified"][14:16] for one in read(dansk)] == ["02"]
    assert [one["modified"][14:16] for one in read(fjord)] == ["01"]
    assert [one["modified"][14:16] for one in read(dansk, collection(dansk, "community"))] == ["01"]
    assert [one.version[14:16] for one in exchange.get(dansk, ID, door="api")] == ["02"]
    assert [one.version[14:16] for one in exchange.get(fjord, ID, door="api")] == ["01"]
    assert [hit.version[14:16] for hit in exchange.lookup(dansk, ["198.51.100.7"])[0].entries] == ["02"]
    assert [hit.version[14:16] for hit in exchange.lookup(fjord, ["198.51.100.7"])[0].entries] == ["01"]


def test_what_is_refused_in_its_turn_makes_no_collection(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, gone(5), to="group:energy")
    before = run(READERS, "all_collections")
    for address in ("community", "nation:dk", "group:quiet"):
        assert rules(send(acme, version(9), version(1), to=address)) == ["STIX 2.1 §3.6: revoking is permanent"] * 2
    assert run(READERS, "all_collections") == before
    send(acme, version(9), indicator("198.51.100.8", GREEN), to="nation:dk")
    assert len(run(READERS, "all_collections")) == len(before) + 1
