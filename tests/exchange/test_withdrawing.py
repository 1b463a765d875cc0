"""Withdrawing says it should not have been shared: it vanishes wherever it lies, and its owner learns who had it."""

from __future__ import annotations

import pytest

from shieldwall import exchange, members
from shieldwall.errors import Absent, BadInput, Refused
from tests.alliance import AMBER, GREEN, Alliance, indicator, observable
from tests.exchange.doing import became, collection, ids, pages, read, send, versions_of, virtual

ID = indicator("198.51.100.7")["id"]
IDENTITY = "identity--11111111-1111-4111-8111-111111111111"


def version(minute: int, *marks: str, **more: object) -> dict[str, object]:
    return indicator("198.51.100.7", *(marks or (GREEN,)), minute=minute, **more)


def name(minute: int) -> str:
    return str(version(minute)["modified"])


def shown(alliance: Alliance, member: str) -> list[str]:
    """The minutes of the versions that a member's pages show."""
    return [one["modified"][14:16] for one in read(alliance.viewer(member)) if one["id"] == ID]


def test_all_versions_vanish_everywhere_on_every_way_out(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    for minute, address in ((1, "community"), (2, "group:energy"), (2, "group:quiet"), (1, "group:quiet")):
        send(acme, version(minute, description="relay"), to=address)
    exchange.follow_words()
    gone = exchange.withdraw(acme, ID, None, "sent to the wrong people")
    assert sorted((one.version[14:16], one.number) for one in gone.withdrawn) == [
        ("01", 1),
        ("01", 2),
        ("02", 1),
        ("02", 1),
    ]
    for reader in ("acme", "dansk", "fjord", "stahl"):
        viewer = alliance.viewer(reader)
        assert ids(viewer) == []
        assert exchange.lookup(viewer, ["198.51.100.7"])[0].total == 0
        assert exchange.search(viewer, "relay 198.51.100.7") == []
        for find in (exchange.get, exchange.versions):
            with pytest.raises(Absent) as hidden:
                find(viewer, ID, door="api")
            with pytest.raises(Absent) as none:
                find(viewer, indicator("203.0.113.1")["id"], door="api")
            assert str(hidden.value) == str(none.value)
        assert exchange.prove(viewer, collection(viewer, "community"), 1, door="api").body is None
    told = exchange.withdrawals(alliance.viewer("fjord"))
    assert [(one.id, one.version, one.owner, one.reason) for one in told] == [
        (ID, None, "acme", "sent to the wrong people")
    ] * 2


def test_one_version_goes_and_covers_the_older_until_something_new_comes(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    for minute in (1, 2, 4):
        send(acme, version(minute), to="community")
    exchange.withdraw(acme, ID, name(4), "")
    assert shown(alliance, "dansk") == []
    with pytest.raises(Absent):
        versions_of(alliance.viewer("dansk"), ID)
    assert became(send(acme, version(1), to="community")) == ["admitted"]  # older than what is covered, and alone
    assert shown(alliance, "dansk") == ["01"]
    send(acme, version(3), to="community")
    assert shown(alliance, "dansk") == ["03"]
    assert [one[14:16] for one in versions_of(alliance.viewer("dansk"), ID)][-1] == "03"
    assert {one[14:16] for one in versions_of(alliance.viewer("dansk"), ID)} == {"01", "02", "03"}


def test_an_older_version_goes_and_the_newer_stays(alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    for minute in (1, 2):
        send(acme, version(minute), to="community")
    exchange.withdraw(acme, ID, name(1), "")
    assert shown(alliance, "dansk") == ["02"]
    assert [one[14:16] for one in versions_of(dansk, ID)] == ["02"]


def test_withdrawing_and_giving_again_narrows(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, version(1), to="community")
    exchange.withdraw(acme, ID, None, "")
    assert became(send(acme, version(1), to="group:energy")) == ["admitted"]
    assert (shown(alliance, "dansk"), shown(alliance, "fjord")) == (["01"], [])
    assert became(send(acme, version(1), to="community")) == ["admitted"]
    assert shown(alliance, "fjord") == ["01"]


def test_what_others_say_about_the_same_id_stands(alliance: Alliance) -> None:
    send(alliance.viewer("acme"), version(1), observable("198.51.100.7", GREEN), to="community")
    send(alliance.viewer("dansk"), version(2), observable("198.51.100.7", GREEN), to="community")
    exchange.withdraw(alliance.viewer("acme"), ID, None, "")
    exchange.withdraw(alliance.viewer("acme"), observable("198.51.100.7")["id"], None, "")
    assert shown(alliance, "fjord") == ["02"]
    assert [one.owner for one in exchange.get(alliance.viewer("fjord"), observable()["id"], door="api")] == ["dansk"]


@pytest.mark.parametrize(
    ("stix_id", "moment", "error"),
    [
        (ID, None, Absent),
        (indicator("203.0.113.1")["id"], None, Absent),
        ("nonsense", None, Absent),
        (ID, "now", BadInput),
    ],
)
def test_nobody_withdraws_what_is_not_theirs(alliance: Alliance, stix_id: str, moment: str | None, error: type) -> None:
    send(alliance.viewer("acme"), version(1), to="community")
    with pytest.raises(error):
        exchange.withdraw(alliance.viewer("dansk"), stix_id, moment, "")
    assert shown(alliance, "dansk") == ["01"]
    assert exchange.withdrawals(alliance.viewer("dansk")) == []


def test_a_version_that_never_was_and_a_key_that_only_reads_withdraw_nothing(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, version(1), to="community")
    with pytest.raises(Absent):
        exchange.withdraw(acme, ID, name(2), "")
    with pytest.raises(Refused):
        exchange.withdraw(members.authenticate(alliance.key("acme", "read")), ID, None, "")
    with pytest.raises(BadInput):
        exchange.withdraw(acme, ID, None, "x" * 2_001)
    assert shown(alliance, "dansk") == ["01"]


def test_the_right_to_withdraw_outlives_membership_of_the_group(alliance: Alliance) -> None:
    send(alliance.viewer("dansk"), version(1, AMBER), to="group:energy")
    members.leave_group(alliance.hub, "energy", "dansk")
    gone = exchange.withdraw(alliance.viewer("dansk"), ID, None, "")
    assert [(one.id, one.number) for one in gone.withdrawn] == [(ID, None)]  # the group's numbers are no longer its own
    assert shown(alliance, "acme") == []


def test_a_national_cert_withdraws_for_the_departed_of_its_nation_and_its_own_first(alliance: Alliance) -> None:
    for member in ("fjord", "no-cert", "stahl"):
        send(alliance.viewer(member), version(1), to="community")
    cert = alliance.viewer("no-cert")
    with pytest.raises(Absent):
        exchange.withdraw(cert, observable()["id"], None, "")
    members.depart_member(alliance.hub, "fjord")

    def owners() -> set[str]:
        return {one.owner for one in exchange.get(alliance.viewer("acme"), ID, door="api")}

    exchange.withdraw(alliance.viewer("no-cert"), ID, None, "its own")
    assert owners() == {"fjord", "stahl"}
    exchange.withdraw(alliance.viewer("no-cert"), ID, None, "for the departed")
    assert owners() == {"stahl"}
    with pytest.raises(Absent):
        exchange.withdraw(alliance.viewer("no-cert"), ID, None, "")


def test_the_owner_learns_to_whom_it_was_sent_and_whose_door_can_be_told(alliance: Alliance) -> None:
    acme, dansk, fjord = (alliance.viewer(one) for one in ("acme", "dansk", "fjord"))
    send(acme, version(1), version(2), to="community")
    exchange.page(dansk, virtual(dansk), door="taxii")
    alliance.clock.advance(seconds=1)
    exchange.get(fjord, ID, door="api")
    exchange.lookup(alliance.viewer("stahl"), ["198.51.100.7"])
    told = exchange.withdraw(acme, ID, None, "")
    assert [(one.member, one.principal, one.door, one.can_be_told) for one in told.sent_to] == [
        ("dansk", dansk.principal, "taxii", False), ("fjord", fjord.principal, "api", True),
    ]  # fmt: skip
    assert told.sent_to[0].at < told.sent_to[1].at
    assert told.others == 0
    assert "revoked" in told.advice


def test_members_of_an_unnamed_group_are_not_told_by_name(alliance: Alliance) -> None:
    """The recall list names whom the directory would, and counts the rest no finer than five."""
    send(alliance.viewer("fjord"), version(1, AMBER), to="group:quiet")
    for reader in ("acme", "fjord"):
        list(pages(alliance.viewer(reader)))
    told = exchange.withdraw(alliance.viewer("fjord"), ID, None, "")
    assert [one.member for one in told.sent_to] == ["fjord"]
    assert told.others == 5


def test_where_others_passed_it_on_it_vanishes_too_and_the_owner_learns_who_had_it(alliance: Alliance) -> None:
    members.bind_identity(alliance.hub, "acme", IDENTITY)
    members.confirm_identity(alliance.hub, "acme", IDENTITY)
    members.join_group(alliance.hub, "energy", ["stahl"])
    given = version(1, AMBER, created_by_ref=IDENTITY)
    send(alliance.viewer("acme"), given, to="group:energy")
    send(alliance.viewer("stahl"), given, to="member:kunde")
    assert shown(alliance, "kunde") == ["01"]
    gone = exchange.withdraw(alliance.viewer("acme"), ID, None, "")
    assert shown(alliance, "kunde") == []
    assert [one.collection for one in gone.withdrawn] == [collection(alliance.viewer("acme"), "group:energy")]
    assert ({one.member for one in gone.sent_to}, gone.others) == ({"kunde"}, 0)


def test_a_version_withdrawn_elsewhere_shows_the_older_one_that_is_left(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, version(1), to="community")
    send(acme, version(2), to="group:energy")
    assert shown(alliance, "dansk") == ["02"]
    exchange.withdraw(acme, ID, name(2), "")
    assert shown(alliance, "dansk") == shown(alliance, "fjord") == ["01"]


def test_withdrawals_are_told_from_a_moment_on_to_those_who_read_the_collection(alliance: Alliance) -> None:
    acme, stahl = alliance.viewer("acme"), alliance.viewer("stahl")
    send(acme, version(1), to="group:energy")
    send(acme, observable("198.51.100.7", GREEN), to="community")
    exchange.withdraw(acme, ID, None, "")
    first = exchange.withdrawals(alliance.viewer("dansk"))
    exchange.withdraw(acme, observable()["id"], None, "")
    assert [one.id for one in exchange.withdrawals(alliance.viewer("dansk"), first[-1].added)] == [observable()["id"]]
    assert [one.id for one in exchange.withdrawals(stahl)] == [observable()["id"]]
