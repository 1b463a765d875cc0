"""What somebody writes as an address becomes an audience, or is refused without telling more than they may know."""

from __future__ import annotations

import pytest

from shieldwall import members
from shieldwall.errors import BadInput, Refused
from shieldwall.policy import ANONYMOUS, parse_audience
from tests.members.alliance import Alliance


def test_an_address_comes_back_as_it_rests(alliance: Alliance) -> None:
    anna = alliance.person("dansk", "anna")
    members.join_group(alliance.hub, "quiet", ["dansk"])
    acme = alliance.viewer("acme")
    written = "(group:quiet|member:fjord|person:anna)&nation:no&!nation:dk"
    assert members.resolve(written, acme) == parse_audience(
        f"(group:quiet#2|member:fjord|{anna.principal})&nation:no&!nation:dk", volumes=True
    )
    assert members.resolve(anna.principal, acme).text == anna.principal


@pytest.mark.parametrize(
    "token",
    ["nation:se", "!nation:se", "group:nothing", "member:nobody", "person:nobody", "case:c-1", "seat:no"],
)
def test_an_unknown_name_is_refused_and_named(alliance: Alliance, token: str) -> None:
    with pytest.raises(BadInput) as caught:
        members.resolve(f"community&{token}", alliance.viewer("acme"))
    assert caught.value.where == token and "unknown" in caught.value.message


def test_a_group_one_is_not_in_is_as_unknown_as_one_that_is_not(alliance: Alliance) -> None:
    outsider = alliance.viewer("fjord")
    said = set()
    for name in ("energy", "nothing"):
        with pytest.raises(BadInput) as caught:
            members.resolve(f"group:{name}", outsider)
        said.add(str(caught.value).replace(name, "…"))
    assert len(said) == 1


def test_whoever_has_left_or_is_suspended_cannot_be_addressed(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    person = alliance.person("fjord", "frida").principal
    members.resolve(f"{person}|member:fjord", acme)
    members.suspend_member(alliance.hub, "fjord")
    for token in (person, "person:frida", "member:fjord"):
        with pytest.raises(BadInput):
            members.resolve(token, acme)


def test_nobody_we_know_addresses_nobody(alliance: Alliance) -> None:
    assert members.resolve("public", ANONYMOUS).text == "public"
    for token in ("community", "nation:no", "member:acme", "group:energy", "person:boss"):
        with pytest.raises(BadInput):
            members.resolve(token, ANONYMOUS)


def test_a_keys_default_address_is_one_that_it_may_know(alliance: Alliance) -> None:
    assert alliance.key("acme", default_audience="group:energy|nation:dk")
    for address in ("group:energy", "group:nothing", "nation:", "member:nobody"):
        with pytest.raises(BadInput):
            alliance.key("fjord", default_audience=address)
    with pytest.raises(BadInput):
        alliance.key("fjord", default_marking="TLP:MAUVE")


def test_a_groups_rules_bind_whoever_appends(alliance: Alliance) -> None:
    members.create_group(
        alliance.hub, "formal", "Formal", owner="acme", members=["fjord"], append_roles=["release", "administrator"]
    )
    analyst, release = alliance.person("fjord", "anna", "analyst"), alliance.person("fjord", "rolf", "release")
    address = members.resolve("group:formal&nation:no", release)
    members.check_group_rules(release, address)
    for refused in (analyst, alliance.viewer("fjord", "submit")):
        with pytest.raises(Refused):
            members.check_group_rules(refused, address)
    members.close_group(alliance.hub, "formal")
    with pytest.raises(Refused):
        members.check_group_rules(release, address)
    members.check_group_rules(analyst, members.resolve("community", analyst))


def test_tokens_have_names_that_people_know(alliance: Alliance) -> None:
    anna = alliance.person("acme", "anna").principal
    members.join_group(alliance.hub, "quiet", ["dansk"])
    tokens = ["public", "community", "nation:no", "!nation:dk", "member:no-cert", "group:quiet#2", anna, "seat:no"]
    assert members.display_names(tokens) == {
        "public": "everybody",
        "community": "all members",
        "nation:no": "Norway",
        "!nation:dk": "all but Denmark",
        "member:no-cert": "No-Cert",
        "group:quiet#2": "Quiet",
        anna: "Anna (Acme)",
        "seat:no": "no",
    }
