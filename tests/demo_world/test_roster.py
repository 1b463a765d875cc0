"""Who is in the made-up alliance."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from shieldwall.demo.world import Roster, roster
from shieldwall.demo.world.naming import slug_of

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
# Well-known names that coining must not hit by accident.
REAL = re.compile(
    r"^(equinor|statkraft|siemens|thales|leonardo|airbus|telenor|vodafone|orange|santander|allianz|shell|"
    r"nordea|telia|vattenfall|orlen|cez|tesco|boeing|microsoft|google|amazon|maersk|philips|fiat|volvo)\b"
)


def test_the_alliance_has_28_nations_a_cert_each_and_1500_companies(alliance: Roster) -> None:
    kinds = Counter(member.kind for member in alliance.members)
    assert len(alliance.nations) == 28 and kinds["cert"] == 28 and kinds["company"] == 1500
    assert kinds["alliance"] == 3 and kinds["academic"] >= 3
    assert {member.nation for member in alliance.members if member.kind == "cert"} == {n.code for n in alliance.nations}


def test_ids_are_slugs_and_no_two_are_alike(alliance: Roster) -> None:
    for things in (alliance.members, alliance.people, alliance.groups):
        ids = [thing.id for thing in things]
        assert len(set(ids)) == len(ids) and all(SLUG.fullmatch(slug) for slug in ids)
    names = [member.name for member in alliance.members]
    identities = {member.identity_id for member in alliance.members}
    assert len(set(names)) == len(names) == len(identities)


def test_every_nation_has_companies_and_most_are_small_or_medium(alliance: Roster) -> None:
    companies = [member for member in alliance.members if member.kind == "company"]
    nations, sizes = Counter(c.nation for c in companies), Counter(c.size for c in companies)
    assert min(nations.values()) >= 10 and nations["us"] > 5 * nations["is"]
    assert len({c.sector for c in companies}) >= 15
    assert sizes["small"] + sizes["medium"] > 800 > sizes["large"] > 200
    assert all(2 <= c.employees <= 48_000 for c in companies)


def test_no_company_bears_a_well_known_name(alliance: Roster) -> None:
    assert not [member.name for member in alliance.members if REAL.match(member.id)]


@pytest.mark.parametrize(
    "name, slug",
    [
        ("Skarovik Kraft", "skarovik-kraft"),
        ("Łódź & Øst ß", "lodz-and-ost-ss"),
        ("Yılayurt Savunma", "yilayurt-savunma"),
        ("Æsir Þór", "aesir-thor"),
    ],
)
def test_a_name_in_any_language_becomes_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_people_of_every_kind_and_role_can_sign_in(alliance: Roster) -> None:
    members = alliance.by_id()
    assert 28 <= len(alliance.people) <= 36
    assert {person.role for person in alliance.people} == {
        "reader",
        "analyst",
        "release",
        "administrator",
        "operator",
        "auditor",
        "secretary",
    }
    assert {members[person.member].kind for person in alliance.people} == {"alliance", "cert", "company", "academic"}
    assert all(len(person.password) >= 20 for person in alliance.people)
    assert len({person.password for person in alliance.people}) == len(alliance.people)


def test_there_are_two_in_one_group_one_outside_all_and_one_with_clients_to_sign_in_as(alliance: Roster) -> None:
    members = alliance.by_id()
    here = {person.member for person in alliance.people}
    norwegian = {m for m in here if members[m].kind == "company" and members[m].nation == "no"}
    energy = next(group for group in alliance.groups if group.id == "energy")
    assert len(norwegian & set(energy.members)) == 2
    assert here - {member for group in alliance.groups for member in group.members}
    assert any(client.member in here and client.client in here for client in alliance.clients)


def test_groups_hold_known_members_and_their_owner(alliance: Roster) -> None:
    members = alliance.by_id()
    assert len(alliance.groups) >= 25
    assert {group.kind for group in alliance.groups} == {"sector", "regional", "topical", "bilateral"}
    for group in alliance.groups:
        assert group.owner in group.members and len(set(group.members)) == len(group.members) >= 2
        assert all(member in members for member in group.members) and group.purpose


@pytest.mark.parametrize("seed", [str(number) for number in range(12)])
def test_any_seed_makes_a_whole_alliance(seed: str) -> None:
    test_people_of_every_kind_and_role_can_sign_in(made := roster(seed))
    test_there_are_two_in_one_group_one_outside_all_and_one_with_clients_to_sign_in_as(made)


def test_another_seed_gives_other_passwords_and_other_names() -> None:
    one, other = roster("one"), roster("other")
    assert not {p.password for p in one.people} & {p.password for p in other.people}
    assert [m.id for m in one.members] != [m.id for m in other.members]
