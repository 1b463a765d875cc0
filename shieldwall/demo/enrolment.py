"""Enters the alliance into an empty register, through the services that anyone's administrator uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from shieldwall import members
from shieldwall.demo.world import Member, Person, Roster
from shieldwall.members import OPERATOR
from shieldwall.store import node

_KIND = {"alliance": "body"}  # the register's word for what the world calls so
_USUAL = frozenset({"read", "submit", "sight"})
# What some have beside the usual key: one of every scope there is, and one that only reads.
_FURTHER: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("hub", "administration", frozenset({"read", "submit", "sight", "alert", "administer"})),
    ("cert-no", "alerts", frozenset({"read", "alert"})),
    ("cert-no", "reading room", frozenset({"read"})),
)


class Key(msgspec.Struct, frozen=True):
    """A service key as it was shown once."""

    id: str
    member: str
    scopes: tuple[str, ...]
    secret: str


class Enrolled(msgspec.Struct, frozen=True):
    """How each writer acts: member → id of its key, person → their id. `shown` are the keys of members with people."""

    keys: Mapping[str, str]
    people: Mapping[str, str]
    shown: tuple[Key, ...]


def with_fresh_passwords(roster: Roster) -> Roster:
    """The same people with passwords that nobody can work out from the seed."""
    people = tuple(msgspec.structs.replace(person, password=_password(person.username)) for person in roster.people)
    return msgspec.structs.replace(roster, people=people)


def enrol(roster: Roster, writers: Iterable[str]) -> Enrolled:
    """Enter `roster`, with a service key for each of `writers` and for every member with people.

    Raises Conflict where the register is not empty.
    """
    first = next(person for person in roster.people if person.member == "hub" and person.role == "administrator")
    ids = {first.id: _found_hub(roster, first)}
    members.create_nations(OPERATOR, {nation.code: nation.name for nation in roster.nations})
    members.create_members(OPERATOR, [_new(member) for member in roster.members if member.id != "hub"])
    _found_groups(roster)
    ids |= _enter_people([person for person in roster.people if person is not first])
    _confirm_identities(roster)
    return _cut_keys(roster, writers, ids)


def kind_of(member: Member) -> str:
    """The kind under which the register keeps a member: cert, company, body or academic."""
    return _KIND.get(member.kind, member.kind)


def _found_hub(roster: Roster, first: Person) -> str:
    hub = next(member for member in roster.members if member.id == "hub")
    made = members.setup_hub(hub.name, hub.id, first.username, first.password, person_name=first.name)
    return str(made.id)


def _new(member: Member) -> members.NewMember:
    return members.NewMember(
        slug=member.id, name=member.name, kind=kind_of(member), nation=member.nation, sector=member.sector,
        size=member.size,
    )  # fmt: skip


def _found_groups(roster: Roster) -> None:
    members.create_groups(OPERATOR, [
        members.NewGroup(
            slug=group.id, name=group.name, owner=group.owner, members=group.members, purpose=group.purpose
        )
        for group in roster.groups
    ])  # fmt: skip
    for client in roster.clients:
        members.add_client(OPERATOR, client.member, client.client)


def _enter_people(people: list[Person]) -> dict[str, str]:
    """World id → register id."""
    made = members.create_people(OPERATOR, [
        members.NewPerson(
            member=person.member, username=person.username, name=person.name, roles=frozenset({person.role}),
            password=person.password,
        )
        for person in people
    ])  # fmt: skip
    return {person.id: str(entered.id) for person, entered in zip(people, made, strict=True)}


def _confirm_identities(roster: Roster) -> None:
    claims = [members.Claim(member.id, member.identity_id) for member in roster.members]
    members.bind_identities(OPERATOR, claims)
    members.confirm_identities(OPERATOR, claims)


def _cut_keys(roster: Roster, writers: Iterable[str], people: Mapping[str, str]) -> Enrolled:
    staffed = list(dict.fromkeys(person.member for person in roster.people))
    usual = [*staffed, *sorted(set(writers) - set(staffed))]
    wanted = [members.NewKey(member=member, name="exchange", scopes=_USUAL) for member in usual]
    wanted += [members.NewKey(member=member, name=name, scopes=scopes) for member, name, scopes in _FURTHER]
    made = [Key(str(key.id), str(key.member_id), tuple(str(key.scopes).split()), secret)
            for key, secret in members.create_keys(OPERATOR, wanted)]  # fmt: skip
    of_member = {key.member: key.id for key in made[: len(usual)]}
    return Enrolled(of_member, people, tuple(made[: len(staffed)] + made[len(usual) :]))


def _password(username: str) -> str:
    letters = node().random(9, f"password {username}").hex()
    return "-".join(letters[start : start + 6] for start in range(0, 18, 6))
