"""Who may change the register, and that nobody gives away what they do not hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shieldwall import members
from shieldwall.errors import Absent, BadInput, Conflict, Refused, ShieldwallError, Unauthenticated
from shieldwall.policy import ANONYMOUS, Viewer
from tests.members.alliance import EVERY_SCOPE, PASSWORD, Alliance

IDENTITY = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
OTHER_IDENTITY = "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff"


@pytest.fixture
def actors(alliance: Alliance) -> dict[str, Viewer]:
    """Everybody who might try; `acme` is the member that most acts below are about."""
    members.create_person(alliance.hub, "acme", "staff", "Staff")
    members.bind_identity(alliance.hub, "acme", IDENTITY)
    members.create_group(alliance.hub, "acme--plant", "Plant", owner="acme", members=["fjord"])
    members.add_client(alliance.hub, "acme", "centre")
    return {
        "operator": members.OPERATOR,
        "hub": alliance.hub,
        "hub's key": alliance.viewer("hub", *EVERY_SCOPE),
        "hub's auditor": alliance.person("hub", "auditor", "auditor", "secretary", "operator"),
        "acme": alliance.person("acme", "anna", "administrator"),
        "acme's key": alliance.viewer("acme", *EVERY_SCOPE),
        "acme's release": alliance.person("acme", "rolf", "release"),
        "acme's reading key": alliance.viewer("acme", "read", "submit", "sight", "alert"),
        "fjord": alliance.person("fjord", "frida", "administrator"),
        "anonymous": ANONYMOUS,
    }


HUB = {"operator", "hub", "hub's key"}
ACME = HUB | {"acme", "acme's key"}
ACTS: dict[str, tuple[Callable[[Viewer], Any], set[str]]] = {
    "enter a nation": (lambda by: members.create_nation(by, "se", "Sweden"), HUB),
    "enter a member": (lambda by: members.create_member(by, "new", "New", kind="company", nation="no"), HUB),
    "suspend a member": (lambda by: members.suspend_member(by, "acme"), HUB),
    "end a member": (lambda by: members.depart_member(by, "acme"), HUB),
    "cap a role": (lambda by: members.set_cap(by, "analyst", "group"), HUB),
    "confirm an identity": (lambda by: members.confirm_identity(by, "acme", IDENTITY), HUB),
    "name a group freely": (lambda by: members.create_group(by, "plain", "Plain", owner="acme"), HUB),
    "claim an identity": (lambda by: members.bind_identity(by, "acme", OTHER_IDENTITY), ACME),
    "enter a person": (lambda by: members.create_person(by, "acme", "nils", "Nils"), ACME),
    "set roles": (lambda by: members.set_roles(by, "staff", ["analyst"]), ACME),
    "end a person": (lambda by: members.deactivate_person(by, "staff"), ACME),
    "set a password": (lambda by: members.set_password(by, "staff", PASSWORD), {"operator", "hub", "acme"}),
    "make a key": (lambda by: members.create_key(by, "acme", "key"), ACME),
    "name a client": (lambda by: members.add_client(by, "acme", "academy"), ACME),
    "drop a client": (lambda by: members.remove_client(by, "acme", "centre"), ACME),
    "found a group": (lambda by: members.create_group(by, "acme--lab", "Lab", owner="acme"), ACME),
    "let somebody in": (lambda by: members.join_group(by, "acme--plant", ["dansk"]), ACME),
    "close a group": (lambda by: members.close_group(by, "acme--plant"), ACME),
    "list people": (lambda by: members.list_people(by, "acme"), ACME),
    "list keys": (lambda by: members.list_keys(by, "acme"), ACME),
    "leave another's group": (lambda by: members.leave_group(by, "energy", "acme"), ACME),
    "leave, being of fjord": (lambda by: members.leave_group(by, "acme--plant", "fjord"), ACME | {"fjord"}),
}


def test_only_these_may(actors: dict[str, Viewer]) -> None:
    allowed = {act: {name for name, actor in actors.items() if succeeds(ACTS[act][0], actor)} for act in ACTS}
    assert allowed == {act: expected for act, (_, expected) in ACTS.items()}


def succeeds(attempt: Callable[[Viewer], Any], actor: Viewer) -> bool:
    """Whether `actor` may: everybody tries in the same world."""
    from django.db import transaction

    with transaction.atomic():
        try:
            with transaction.atomic():
                attempt(actor)
        except (Refused, Absent, Unauthenticated):
            return False
        finally:
            transaction.set_rollback(True)
    return True


def test_a_refused_act_leaves_nothing_behind(alliance: Alliance) -> None:
    outsider, before = alliance.person("fjord", "frida", "administrator"), alliance.acts()
    for attempt in (
        lambda: members.create_key(outsider, "acme", "key"),
        lambda: members.create_members(members.OPERATOR, [fresh("one"), fresh("one")]),
        lambda: members.create_members(members.OPERATOR, [fresh("one"), fresh("acme")]),
        lambda: members.create_members(members.OPERATOR, [fresh("one"), fresh("two", nation="xx")]),
    ):
        with pytest.raises(ShieldwallError):
            attempt()
    assert alliance.acts() == before
    assert members.members_by_id(["one", "two"]) == {}


def fresh(slug: str, nation: str = "no") -> members.NewMember:
    return members.NewMember(slug=slug, name=slug, kind="company", nation=nation)


def test_rights_lost_meanwhile_do_not_act(alliance: Alliance) -> None:
    anna = alliance.person("acme", "anna", "administrator")
    members.set_roles(alliance.hub, "anna", ["analyst"])
    with pytest.raises(Refused):
        members.create_key(anna, "acme", "key")
    members.deactivate_person(alliance.hub, "anna")
    with pytest.raises(Unauthenticated):
        members.create_key(anna, "acme", "key")


def test_a_narrow_key_gives_nothing_wider_and_signs_in_as_nobody(alliance: Alliance) -> None:
    alliance.person("acme", "staff"), alliance.person("acme", "anna", "administrator")
    key = alliance.viewer("acme", "read", "administer")
    for grant in (
        lambda: members.create_key(key, "acme", "key", scopes=["read", "submit"]),
        lambda: members.create_person(key, "acme", "nils", "Nils", roles=["analyst"]),
        lambda: members.create_person(key, "acme", "nils", "Nils", roles=["administrator"]),
        lambda: members.set_roles(key, "staff", ["release"]),
        lambda: members.set_roles(key, "anna", ["reader"]),
        lambda: members.deactivate_person(key, "anna"),
        lambda: members.create_person(key, "acme", "nils", "Nils", password=PASSWORD),
        lambda: members.set_password(key, "staff", PASSWORD),
    ):
        with pytest.raises(Refused):
            grant()


def test_a_narrow_key_gives_what_it_holds(alliance: Alliance) -> None:
    key = alliance.viewer("acme", "read", "administer")
    assert members.create_key(key, "acme", "reader")[0].scopes == "read"
    assert members.create_person(key, "acme", "nils", "Nils", roles=["reader"]).roles == "reader"


def test_people_set_their_own_password_and_nothing_else(alliance: Alliance) -> None:
    anna = alliance.person("acme", "anna", "analyst", password=PASSWORD)
    members.set_password(anna, "anna", "my own long password")
    assert members.sign_in("anna", "my own long password")
    for attempt in (
        lambda: members.set_roles(anna, "anna", ["analyst", "reader"]),
        lambda: members.deactivate_person(anna, "anna"),
    ):
        with pytest.raises(Absent):
            attempt()


def test_anothers_key_person_and_group_look_like_none(alliance: Alliance) -> None:
    frida = alliance.person("fjord", "frida", "administrator")
    alliance.person("acme", "anna")
    theirs = alliance.key("acme")[4:12]
    for attempt, real, unreal in (
        (lambda name: members.revoke_key(frida, name), theirs, "nokey000"),
        (lambda name: members.rotate_key(frida, name), theirs, "nokey000"),
        (lambda name: members.deactivate_person(frida, name), "anna", "nobody"),
        (lambda name: members.join_group(frida, name, ["dansk"]), "energy", "nothing"),
        (lambda name: members.close_group(frida, name), "quiet", "nothing"),
        (lambda name: members.leave_group(frida, name, "fjord"), "energy", "nothing"),
    ):
        said = set()
        for name in (real, unreal):
            with pytest.raises(Absent) as caught:
                attempt(name)
            said.add(str(caught.value).replace(name, "…"))
        assert len(said) == 1


def test_a_name_that_a_hidden_group_has_cannot_be_felt(alliance: Alliance) -> None:
    frida = alliance.person("fjord", "frida", "administrator")
    members.create_group(alliance.hub, "acme--secret", "Secret", owner="acme")
    for taken in ("energy", "quiet", "acme--secret", "nothing", "acme--nothing"):
        with pytest.raises(Refused):
            members.create_group(frida, taken, "Mine", owner="fjord")
    assert members.create_group(frida, "fjord--secret", "Mine", owner="fjord").volume == 1


def test_the_exchanges_own_roles_are_for_the_hubs_people(alliance: Alliance) -> None:
    alliance.person("acme", "anna")
    for role in ("secretary", "auditor", "operator"):
        with pytest.raises(BadInput):
            members.create_person(alliance.hub, "acme", "nils", "Nils", roles=[role])
        with pytest.raises(BadInput):
            members.set_roles(alliance.hub, "anna", [role])
        assert alliance.person("hub", f"one-{role}", role).roles == {role}


def test_the_hub_cannot_lock_itself_out(alliance: Alliance) -> None:
    for attempt in (
        lambda: members.set_roles(alliance.hub, "boss", ["reader"]),
        lambda: members.deactivate_person(alliance.hub, "boss"),
    ):
        with pytest.raises(Conflict):
            attempt()
    with pytest.raises(Refused):
        members.suspend_member(alliance.hub, "hub")
    alliance.person("hub", "second", "administrator")
    members.set_roles(alliance.hub, "boss", ["reader"])


def test_a_register_begins_once(alliance: Alliance) -> None:
    with pytest.raises(Conflict):
        members.setup_hub("Another", "another", "other", PASSWORD)


NOT_MEMBERS = [
    ("slug", "Acme"), ("slug", "a--b"), ("slug", ""), ("slug", "x" * 64), ("slug", "a b"), ("slug", "-a"),
    ("slug", "æ"), ("name", ""), ("name", " padded"), ("name", "two\nlines"), ("name", "turn\u202eed"),
    ("name", "x" * 201), ("kind", "person"), ("size", "huge"), ("widest", "everywhere"), ("nation", ""),
    ("kind", "body"), ("sector", "two\nlines"),
]  # fmt: skip


def test_what_cannot_be_a_member_is_refused_with_a_remedy(alliance: Alliance) -> None:
    good = {"slug": "new", "name": "Ny Æøå", "kind": "company", "nation": "no"}
    for field, value in NOT_MEMBERS:
        with pytest.raises(BadInput) as caught:
            members.create_members(alliance.hub, [members.NewMember(**good | {field: value})])
        assert caught.value.rule and caught.value.where and caught.value.remedy
    members.create_members(alliance.hub, [members.NewMember(**good)])


def test_what_cannot_be_a_user_name_is_refused(alliance: Alliance) -> None:
    for username in ("Anna", "a@b.example", "0b4b1a53-5f4e-4a5f-9d1c-4a2f4a3b2c1d", ""):
        with pytest.raises(BadInput):
            members.create_person(alliance.hub, "acme", username, "Anna")


def test_user_names_are_never_used_again(alliance: Alliance) -> None:
    alliance.person("acme", "anna")
    members.deactivate_person(alliance.hub, "anna")
    with pytest.raises(Conflict):
        members.create_person(alliance.hub, "fjord", "anna", "Anna")


def test_whoever_changes_employer_is_somebody_new(alliance: Alliance) -> None:
    at_acme = alliance.person("acme", "anna")
    members.deactivate_person(alliance.hub, "anna")
    at_fjord = alliance.person("fjord", "anna-fjord")
    assert at_acme.principal not in at_fjord.tokens


def test_an_identity_belongs_to_whom_the_hub_confirms_it_and_to_nobody_else(alliance: Alliance) -> None:
    for member in ("acme", "fjord"):
        members.bind_identity(alliance.hub, member, IDENTITY)
    assert members.identity_owner(IDENTITY) is None
    members.confirm_identity(alliance.hub, "acme", IDENTITY)
    assert members.identity_owners([IDENTITY, OTHER_IDENTITY]) == {IDENTITY: "acme"}
    with pytest.raises(Conflict):
        members.confirm_identity(alliance.hub, "fjord", IDENTITY)
    with pytest.raises(Absent):
        members.confirm_identity(alliance.hub, "acme", OTHER_IDENTITY)
    with pytest.raises(BadInput):
        members.bind_identity(alliance.hub, "acme", "identity--acme")


def test_clients_come_and_go(alliance: Alliance) -> None:
    members.add_client(alliance.hub, "acme", "fjord")
    assert (members.clients_of("acme"), members.clients_of("fjord")) == ({"fjord"}, frozenset())
    for twice in ("fjord", "acme"):
        with pytest.raises((Conflict, BadInput)):
            members.add_client(alliance.hub, "acme", twice)
    members.remove_client(alliance.hub, "acme", "fjord")
    with pytest.raises(Absent):
        members.remove_client(alliance.hub, "acme", "fjord")
    assert members.clients_of("acme") == frozenset()


def test_every_act_is_in_the_registers_log(alliance: Alliance) -> None:
    anna = alliance.person("acme", "anna", "administrator", password=PASSWORD)
    before = len(alliance.acts())
    key, _ = members.create_key(anna, "acme", "key")
    members.rotate_key(anna, key.id)
    members.revoke_key(anna, key.id)
    members.revoke_key(anna, key.id)  # nothing is left to do
    members.sign_out(members.sign_in("anna", PASSWORD))
    members.leave_group(anna, "energy", "acme")
    new = alliance.acts()[before:]
    expected = ["key-created", "key-rotated", "key-revoked", "signed-in", "signed-out", "group-left"]
    assert [act["act"] for act in new] == expected
    assert {act["by"] for act in new} == {anna.principal}


def test_lists_hold_what_was_entered_and_no_secret(alliance: Alliance) -> None:
    anna = alliance.person("acme", "anna", "administrator", password=PASSWORD)
    key, secret = members.create_key(anna, "acme", "feed", scopes=["read", "submit"])
    members.revoke_key(anna, key.id)
    [listed] = members.list_keys(anna, "acme")
    assert (listed.id, listed.name, listed.scopes) == (key.id, "feed", ("read", "submit"))
    assert listed.revoked_us is not None and secret not in str(listed)
    assert [(one.username, one.roles) for one in members.list_people(anna, "acme")] == [("anna", ("administrator",))]


def test_members_list_the_groups_they_are_in_and_the_hub_all(alliance: Alliance) -> None:
    def slugs(viewer: Viewer) -> list[str]:
        return [group.slug for group in members.list_groups(viewer)]

    assert slugs(alliance.viewer("dansk")) == ["energy"]
    assert slugs(alliance.hub) == slugs(alliance.viewer("acme")) == ["energy", "quiet"]
    members.leave_group(alliance.hub, "energy", "dansk")
    assert slugs(alliance.viewer("dansk")) == slugs(alliance.viewer("centre")) == []


def test_a_national_cert_serves_the_departed_of_its_nation(alliance: Alliance) -> None:
    assert members.owners_served(alliance.viewer("no-cert")) == {"no-cert"}
    for departed in ("fjord", "dansk"):
        members.depart_member(alliance.hub, departed)
    assert members.owners_served(alliance.viewer("no-cert")) == {"no-cert", "fjord"}
    assert members.owners_served(alliance.viewer("acme")) == {"acme"}
    assert members.owners_served(alliance.viewer("centre")) == {"centre"}


def test_claims_to_many_identities_are_confirmed_all_or_none(alliance: Alliance) -> None:
    claims = [members.Claim("acme", IDENTITY), members.Claim("fjord", OTHER_IDENTITY)]
    members.bind_identities(alliance.hub, claims)
    stranger = members.Claim("dansk", "identity--5f9c61e4-8a2e-4b5c-9d45-0c8a5f1f7a11")
    with pytest.raises(Absent):
        members.confirm_identities(alliance.hub, [*claims, stranger])
    assert members.identity_owners([IDENTITY, OTHER_IDENTITY]) == {}
    members.confirm_identities(alliance.hub, claims)
    assert members.identity_owners([IDENTITY, OTHER_IDENTITY]) == {IDENTITY: "acme", OTHER_IDENTITY: "fjord"}


def test_one_identity_is_not_confirmed_for_two_at_once(alliance: Alliance) -> None:
    both = [members.Claim("acme", IDENTITY), members.Claim("fjord", IDENTITY)]
    members.bind_identities(alliance.hub, both)
    with pytest.raises(BadInput):
        members.confirm_identities(alliance.hub, both)
    assert members.identity_owners([IDENTITY]) == {}
