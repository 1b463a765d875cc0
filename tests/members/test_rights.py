"""Who is let in, with which tokens, and how rights end on the next request."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from shieldwall import members
from shieldwall.errors import BadInput, Conflict, Unauthenticated
from shieldwall.members import credentials
from shieldwall.policy import Viewer
from shieldwall.store import WRITER
from shieldwall.store.connector import fetch
from tests.members.alliance import BOTH_ENGINES, EVERY_SCOPE, PASSWORD, Alliance

pytestmark = BOTH_ENGINES


def refusal(credential: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        members.authenticate(credential)
    return str(caught.value)


def test_a_service_key_holds_what_its_member_holds_and_no_persons_token(alliance: Alliance) -> None:
    alliance.person("acme", "anna")
    viewer = members.authenticate(alliance.key("acme", "read", "submit"))
    held = {"public", "community", "nation:no", "member:acme", "group:energy#1", "group:quiet#1"}
    assert viewer.tokens == dict.fromkeys(held, 0)
    assert (viewer.member, viewer.nation, viewer.scopes) == ("acme", "no", {"read", "submit"})


def test_a_person_holds_their_own_token_too(alliance: Alliance) -> None:
    alliance.person("dansk", "dora", "analyst", password=PASSWORD)
    viewer = members.authenticate(members.sign_in("dora", PASSWORD))
    held = {"public", "community", "nation:dk", "member:dansk", "group:energy#1", viewer.principal}
    assert viewer.tokens.keys() == held and viewer.is_person
    assert (viewer.scopes, viewer.roles) == ({"read", "submit", "sight"}, {"analyst"})


def test_a_body_of_the_alliance_belongs_to_no_nation(alliance: Alliance) -> None:
    viewer = alliance.viewer("centre")
    assert viewer.nation == "" and viewer.tokens.keys() == {"public", "community", "member:centre"}


def test_roles_give_scopes(alliance: Alliance) -> None:
    given = {
        "reader": {"read"},
        "analyst": {"read", "submit", "sight"},
        "release": {"read", "submit", "sight", "alert"},
        "administrator": set(EVERY_SCOPE),
        "secretary": set(),
        "auditor": set(),
        "operator": set(),
    }
    assert {role: alliance.person("hub", f"one-{role}", role).scopes for role in given} == given


def test_a_credential_looks_like_nothing_else_and_is_unique(alliance: Alliance) -> None:
    keys = [alliance.key("acme") for _ in range(5)]
    assert all(re.fullmatch(r"swk_[0-9a-z]{8}_[0-9A-Za-z]{49}", key) for key in keys) and len(set(keys)) == 5
    assert re.fullmatch(r"sws_[0-9A-Za-z]{49}", members.sign_in("boss", PASSWORD))


def test_whatever_is_not_good_is_refused_in_the_same_words(alliance: Alliance) -> None:
    good = alliance.key("acme")
    revoked = alliance.key("acme")
    members.revoke_key(alliance.hub, revoked[4:12])
    bad = [
        "",
        "swk",
        "boss",
        good[:-1],
        good.replace("swk_", "sws_"),
        revoked,
        credentials.new_key(good[4:12]),  # the right id, another secret
        credentials.new_key("nobody00"),
        credentials.new_session("nobody"),
    ]
    assert {refusal(credential) for credential in bad} == {refusal("nonsense")}
    assert members.authenticate(good).member == "acme"


def test_a_key_ends_at_its_hour(alliance: Alliance) -> None:
    key = alliance.key("acme", life_days=2)
    alliance.clock.advance(hours=47.9)
    assert members.authenticate(key)
    alliance.clock.advance(hours=0.2)
    refusal(key)


def test_a_session_lasts_twelve_hours(alliance: Alliance) -> None:
    token = members.sign_in("boss", PASSWORD)
    alliance.clock.advance(hours=11.9)
    assert members.authenticate(token).roles == {"administrator"}
    alliance.clock.advance(hours=0.2)
    refusal(token)


def test_signing_out_ends_one_session_alone(alliance: Alliance) -> None:
    one, other = (members.sign_in("boss", PASSWORD) for _ in range(2))
    members.sign_out(one)
    refusal(one)
    assert members.authenticate(other)


def test_a_new_password_ends_the_sessions_made_with_the_old(alliance: Alliance) -> None:
    boss, token = alliance.hub, members.sign_in("boss", PASSWORD)
    members.set_password(boss, "boss", "another long password")
    refusal(token)
    with pytest.raises(Unauthenticated):
        members.sign_in("boss", PASSWORD)
    assert members.authenticate(members.sign_in("boss", "another long password"))


def test_unknown_wrong_and_ended_look_alike_at_sign_in(alliance: Alliance) -> None:
    alliance.person("acme", "anna", password=PASSWORD)
    alliance.person("acme", "silent")
    alliance.person("fjord", "former", password=PASSWORD)
    alliance.person("dansk", "paused", password=PASSWORD)
    members.deactivate_person(alliance.hub, "former")
    members.suspend_member(alliance.hub, "dansk")
    said = set()
    for username, password in [
        ("nobody", PASSWORD),
        ("anna", "not the password"),
        ("anna", ""),
        ("silent", ""),
        ("former", PASSWORD),
        ("paused", PASSWORD),
    ]:
        with pytest.raises(Unauthenticated) as caught:
            members.sign_in(username, password)
        said.add(str(caught.value))
    assert len(said) == 1


def suspend(alliance: Alliance, key: str, person: str) -> None:
    members.suspend_member(alliance.hub, "acme")


def depart(alliance: Alliance, key: str, person: str) -> None:
    members.depart_member(alliance.hub, "acme")


def revoke_and_deactivate(alliance: Alliance, key: str, person: str) -> None:
    members.revoke_key(alliance.hub, key)
    members.deactivate_person(alliance.hub, person)


@pytest.mark.parametrize("end", [suspend, depart, revoke_and_deactivate])
def test_rights_end_on_the_next_request(alliance: Alliance, end: Callable[[Alliance, str, str], None]) -> None:
    key = alliance.key("acme")
    person = alliance.person("acme", "anna", password=PASSWORD)
    token = members.sign_in("anna", PASSWORD)
    members.authenticate(key), members.authenticate(token)
    end(alliance, key[4:12], person.principal[7:])
    for ended in (
        lambda: members.authenticate(key),
        lambda: members.authenticate(token),
        lambda: members.viewer_of_key(key[4:12]),
        lambda: members.viewer_of_person(person.principal[7:]),
    ):
        with pytest.raises(Unauthenticated):
            ended()


def test_a_restored_member_is_as_it_was_and_a_departed_one_never(alliance: Alliance) -> None:
    key = alliance.key("acme")
    before = members.authenticate(key)
    members.suspend_member(alliance.hub, "acme")
    members.restore_member(alliance.hub, "acme")
    assert members.authenticate(key).tokens == before.tokens
    members.depart_member(alliance.hub, "acme")
    with pytest.raises(Conflict):
        members.restore_member(alliance.hub, "acme")


def test_a_role_taken_away_is_gone_on_the_next_request(alliance: Alliance) -> None:
    alliance.person("acme", "anna", "administrator", password=PASSWORD)
    token = members.sign_in("anna", PASSWORD)
    assert "submit" in members.authenticate(token).scopes
    members.set_roles(alliance.hub, "anna", ["reader"])
    assert members.authenticate(token).scopes == {"read"}


def test_the_same_rights_are_the_same_viewer_until_they_change(alliance: Alliance) -> None:
    key = alliance.key("acme")
    first = members.authenticate(key)
    assert members.authenticate(key) is first
    members.leave_group(alliance.hub, "energy", "acme")
    after = members.authenticate(key)
    assert after.version > first.version and "group:energy#1" not in after.tokens


def test_a_rotated_key_overlaps_and_then_ends(alliance: Alliance) -> None:
    old = alliance.key("acme", "read", "submit", default_audience="group:energy", default_marking="TLP:GREEN")
    _, fresh = members.rotate_key(alliance.hub, old[4:12])
    one, other = members.authenticate(old), members.authenticate(fresh)
    same = ("member", "tokens", "scopes", "default_audience", "default_marking", "widest")
    assert all(getattr(one, field) == getattr(other, field) for field in same)
    alliance.clock.advance(hours=25)
    refusal(old)
    assert members.authenticate(fresh)


def test_rotating_never_lengthens_the_old_keys_life(alliance: Alliance) -> None:
    old = alliance.key("acme", life_days=1)
    alliance.clock.advance(hours=20)
    members.rotate_key(alliance.hub, old[4:12])
    alliance.clock.advance(hours=5)
    refusal(old)


def test_no_secret_is_at_rest(alliance: Alliance) -> None:
    alliance.person("acme", "anna", password=PASSWORD)
    secrets = [alliance.key("acme"), members.sign_in("anna", PASSWORD), PASSWORD]
    kept = str(alliance.acts())
    for table in ("members_servicekey", "members_session", "members_person"):
        kept += str(fetch(WRITER, f"SELECT * FROM {table}", {}))
    assert "anna" in kept
    assert [secret for secret in secrets if secret in kept or secret[-49:] in kept] == []


def test_no_file_of_the_node_holds_a_secret(alliance: Alliance, tmp_path: Path) -> None:
    secret = alliance.key("acme")
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert files and not any(secret[13:].encode() in content for content in files)


def test_a_weak_password_is_refused_without_being_repeated(alliance: Alliance) -> None:
    for password in ("short", "x" * 257, "elevenchars", "anna-at-acme-as"):
        with pytest.raises(BadInput) as caught:
            members.create_person(alliance.hub, "acme", "anna-at-acme-as", "Anna", password=password)
        assert password not in str(caught.value)


def test_caps_bound_how_wide_somebody_may_address(alliance: Alliance) -> None:
    analyst, release = alliance.person("acme", "anna", "analyst"), alliance.person("acme", "rolf", "release")
    key = alliance.key("acme", "submit")

    def now(viewer: Viewer) -> str:
        return members.viewer_of_person(viewer.principal[7:]).widest

    assert (now(analyst), now(release), members.authenticate(key).widest) == ("public", "public", "community")
    members.set_cap(alliance.hub, "analyst", "group")
    members.set_cap(alliance.hub, "key", "own")
    assert (now(analyst), now(release), members.authenticate(key).widest) == ("group", "public", "own")


def test_who_only_reads_addresses_nobody(alliance: Alliance) -> None:
    assert alliance.person("acme", "anna", "reader").widest == "own"


def test_a_viewer_is_found_by_name_to_explain_things_to(alliance: Alliance) -> None:
    key, anna = alliance.key("acme"), alliance.person("acme", "anna")
    assert members.viewer_named(f"key:{key[4:12]}") == members.authenticate(key)
    assert members.viewer_named("person:anna") == members.viewer_named(anna.principal) == anna
    assert members.viewer_named("member:acme").tokens == members.authenticate(key).tokens
    members.suspend_member(alliance.hub, "acme")
    for name in ("", "acme", "key:nokey000", f"key:{key[4:12]}", "person:anna", "member:acme", "member:nobody"):
        with pytest.raises(BadInput):
            members.viewer_named(name)


def test_a_new_key_changes_nobodys_rights(alliance: Alliance) -> None:
    key = alliance.key("acme")
    before = members.authenticate(key)
    alliance.key("acme")
    assert members.authenticate(key) is before
