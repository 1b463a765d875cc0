"""Where a submission goes: home unless addressed, to whom one may address it, and no further than its marking."""

from __future__ import annotations

import orjson
import pytest

from shieldwall import exchange, members
from shieldwall.errors import Absent, BadInput, Refused
from shieldwall.store import READERS, run
from shieldwall.store.connector import raw
from tests.alliance import AMBER, CLEAR, GREEN, MEMBERS, RED, STRICT, Alliance, bundle, indicator, observable
from tests.exchange.doing import became, collection, ids, only, places, rules, send

LEVELS = {"CLEAR": CLEAR, "GREEN": GREEN, "AMBER": AMBER, "STRICT": STRICT}
REACHES = {"public": "", "community": "CLEAR GREEN", "nation:no": "CLEAR GREEN AMBER STRICT",
           "group:energy": "CLEAR GREEN AMBER STRICT", "member:dansk": "CLEAR GREEN AMBER STRICT",
           "community&group:energy": "CLEAR GREEN AMBER STRICT", "community|group:energy": "CLEAR GREEN"}  # fmt: skip


def test_without_an_address_nothing_leaves_the_organisation_not_even_what_is_clear(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    receipt = send(acme, *(indicator(f"198.51.100.{n}", mark) for n, mark in enumerate(LEVELS.values())))
    assert became(receipt) == ["admitted"] * 4
    assert places(receipt, acme) == ["member:acme"] * 4
    assert receipt.audience.address == "member:acme"
    for other in MEMBERS.keys() - {"acme"}:
        assert ids(alliance.viewer(other)) == []


def test_a_marking_is_a_ceiling_on_every_address(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    for address, allowed in REACHES.items():
        for number, (level, mark) in enumerate(LEVELS.items()):
            outcome = only(send(acme, indicator(f"198.51.{number}.7", mark), to=address))
            expected = "admitted" if level in allowed.split() else "refused"
            assert (outcome.outcome, bool(outcome.error)) == (expected, expected == "refused"), (address, level)
            if outcome.error:
                assert outcome.error.remedy and outcome.error.rule in ("tlp-ceiling", "address-public")


def test_an_address_is_told_back_in_names(alliance: Alliance) -> None:
    receipt = send(
        alliance.viewer("acme"), indicator("198.51.100.7", AMBER), to=" group:energy & (nation:no | nation:dk) "
    )
    assert receipt.audience.address == "(nation:dk|nation:no)&group:energy"
    assert {one["name"] for one in receipt.audience.members} == {"Acme", "Dansk", "No-Cert"}
    assert exchange.preview(alliance.viewer("acme"), "group:energy&(nation:no|nation:dk)") == receipt.audience


@pytest.mark.parametrize(
    ("address", "where"),
    [("member:nobody", "member:nobody"), ("group:quiet", "group:quiet"), ("group:none", "group:none"),
     ("community|", "audience, column 11"), ("group:energy#1", "audience, column 1"), ("nation:xx", "nation:xx")],
)  # fmt: skip
def test_what_nobody_may_address_is_refused_by_name_and_keeps_nothing(
    alliance: Alliance, address: str, where: str
) -> None:
    dansk = alliance.viewer("dansk")
    for hold in (0, 1_000_000):
        with pytest.raises(BadInput) as refusal:
            send(dansk, indicator("198.51.100.7", GREEN), to=address, hold_us=hold, idempotency="once")
        assert refusal.value.where == where
    assert raw(READERS).execute("SELECT count(*) FROM submission").fetchone()[0] == 0


def test_only_a_named_person_makes_something_public(alliance: Alliance) -> None:
    assert rules(send(alliance.viewer("acme"), indicator("198.51.100.7", CLEAR), to="public")) == ["address-public"]
    kari = alliance.person("acme", "kari", "release")
    assert became(send(kari, indicator("198.51.100.7", CLEAR), to="public")) == ["admitted"]
    assert rules(send(kari, indicator("198.51.100.8", GREEN), to="public")) == ["tlp-ceiling"]
    assert ids(members.ANONYMOUS) == [indicator("198.51.100.7")["id"]]


def test_red_reaches_named_people_alone_and_rests_sealed(alliance: Alliance) -> None:
    kari, lars = alliance.person("acme", "kari", "analyst"), alliance.person("dansk", "lars")
    secret = indicator("198.51.100.99", RED, name="Zanzibar relay")
    for address in ("group:energy", "member:dansk", "community", "member:acme", ""):
        assert rules(send(kari, secret, to=address)) == ["tlp-ceiling"]
    assert became(send(kari, secret, to="person:kari|person:lars")) == ["admitted"]
    exchange.follow_words()
    assert ids(lars) == ids(kari) == [secret["id"]]
    assert ids(alliance.viewer("acme")) == ids(alliance.viewer("dansk")) == []
    [(body,)] = raw(READERS).execute("SELECT body FROM entry WHERE tlp = 5").fetchall()
    assert b"Zanzibar" not in bytes(body)
    for table in ("posting", "word_posting"):
        assert raw(READERS).execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
    assert exchange.lookup(lars, ["198.51.100.99"])[0].total == 0
    assert exchange.search(lars, "zanzibar") == []


def test_a_revocation_in_a_sealed_collection_is_indexed_nowhere(alliance: Alliance) -> None:
    kari = alliance.person("acme", "kari", "analyst")
    alliance.person("dansk", "lars")
    given = indicator("198.51.100.99", RED)
    send(kari, given, to="person:kari")
    send(kari, given, to="person:kari|person:lars")
    send(kari, given | {"revoked": True, "modified": "2026-01-02T00:00:00.000Z"}, to="person:kari")
    assert raw(READERS).execute("SELECT count(*) FROM entry WHERE tlp = 5").fetchone()[0] == 4
    assert raw(READERS).execute("SELECT count(*) FROM posting").fetchone()[0] == 0


def test_a_cap_bounds_how_wide_a_principal_addresses(alliance: Alliance) -> None:
    members.set_cap(alliance.hub, "key", "group")
    acme = alliance.viewer("acme")
    given = indicator("198.51.100.7", CLEAR)
    assert rules(send(acme, given, to="community")) == ["cap"]
    assert rules(send(acme, given, to="nation:no")) == ["cap"]
    assert became(send(acme, given, to="group:energy")) == ["admitted"]
    narrow = members.authenticate(alliance.key("acme", "read", "submit", widest="own"))
    assert rules(send(narrow, given, to="group:energy")) == ["cap"]
    assert became(send(narrow, given)) == ["admitted"]


def test_a_group_caps_who_appends_and_a_closed_one_takes_nothing_more(alliance: Alliance) -> None:
    members.create_group(
        alliance.hub, "strict", "Strict", owner="acme", members=["dansk"], append_roles=["release"]
    )  # fmt: skip
    given = indicator("198.51.100.7", GREEN)
    assert rules(send(alliance.viewer("acme"), given, to="group:strict")) == ["cap of a group"]
    kari = alliance.person("acme", "kari", "release")
    assert became(send(kari, given, to="group:strict")) == ["admitted"]
    members.close_group(alliance.hub, "strict")
    late = send(members.viewer_of_person(kari.principal[7:]), indicator("198.51.100.8", GREEN), to="group:strict")
    assert rules(late) == ["groups"]
    assert ids(alliance.viewer("dansk")) == [given["id"]]


def test_one_release_field_and_one_collection_that_one_may_read(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    given = bundle(indicator("198.51.100.7", AMBER))
    exchange.admit(acme, given, audience="group:energy")
    energy = collection(acme, "group:energy")
    with pytest.raises(BadInput, match="two ways"):
        exchange.admit(acme, given, audience="community", collection=energy)
    with pytest.raises(Absent) as hidden:
        exchange.admit(fjord, given, collection=energy)
    with pytest.raises(Absent) as none:
        exchange.admit(fjord, given, collection="00000000-0000-4000-8000-000000000000")
    assert str(hidden.value) == str(none.value)
    second = exchange.admit(alliance.viewer("dansk"), bundle(indicator("198.51.100.8", AMBER)), collection=energy)
    assert only(second).collection == energy


def test_a_key_addresses_its_default_where_nothing_else_is_said(alliance: Alliance) -> None:
    viewer = members.authenticate(
        alliance.key("acme", "read", "submit", default_audience="group:energy", default_marking="TLP:AMBER")
    )
    receipt = send(viewer, indicator("198.51.100.7"))
    assert places(receipt, viewer) == ["group:energy"]
    assert places(send(viewer, indicator("198.51.100.8"), to="member:acme"), viewer) == ["member:acme"]
    virtual = exchange.collections(viewer)[0].id
    posted = exchange.admit(viewer, bundle(indicator("198.51.100.9")), collection=virtual)
    assert places(posted, viewer) == ["group:energy"]


def test_who_may_not_submit_is_refused_whatever_it_sends(alliance: Alliance) -> None:
    with pytest.raises(Refused):
        send(members.authenticate(alliance.key("acme", "read")), indicator("198.51.100.7", GREEN))
    with pytest.raises(Refused):
        exchange.admit(members.ANONYMOUS, b"{")


def test_a_strict_marking_in_a_group_reaches_each_member_and_no_client(alliance: Alliance) -> None:
    members.join_group(alliance.hub, "energy", ["stahl"])
    given = indicator("198.51.100.7", STRICT)
    assert became(send(alliance.viewer("acme"), given, to="group:energy")) == ["admitted"]
    assert ids(alliance.viewer("stahl")) == ids(alliance.viewer("dansk")) == [given["id"]]
    assert ids(alliance.viewer("kunde")) == []
    assert rules(send(alliance.viewer("stahl"), given, to="member:kunde")) == [""]  # its own statement of a foreign id


def test_what_is_sent_is_stored_byte_for_byte(alliance: Alliance) -> None:
    raw_object = (
        b'{ "type":"ipv4-addr",\n\t"spec_version":"2.1", "value":"198.51.100.7", "id":"%s",'
        % (observable("198.51.100.7")["id"].encode())
        + b'"object_marking_refs" : ["%s"], "x_score": 1.50 }' % GREEN.encode()
    )
    exchange.admit(alliance.viewer("acme"), b'{"objects":[' + raw_object + b"]}", audience="community")
    [found] = exchange.get(alliance.viewer("dansk"), orjson.loads(raw_object)["id"], door="api")
    assert found.body == raw_object
    assert run(READERS, "newest_collection")
