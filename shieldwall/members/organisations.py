"""Nations and members: how they enter the register and how their rights pause and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NoReturn

import msgspec

from shieldwall.errors import Absent, BadInput, Conflict, Refused
from shieldwall.members.models import Client, Member, Nation
from shieldwall.members.names import check_member_slug, check_name, check_nation_code
from shieldwall.members.register import (
    Act,
    acting,
    get_member,
    require_distinct,
    require_free,
    require_known,
)
from shieldwall.members.roles import check_breadth
from shieldwall.policy import PUBLIC, Viewer

KINDS = ("cert", "company", "body", "academic")
SIZES = ("", "micro", "small", "medium", "large")
TRANSITIONS: Mapping[str, tuple[frozenset[str], str]] = {
    "suspended": (frozenset({"active"}), "suspended"),
    "restored": (frozenset({"suspended"}), "active"),
    "departed": (frozenset({"active", "suspended"}), "departed"),
}
"""Act → the states in which it may happen, and the state it leads to."""


class NewMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member to be: `nation` is '' for alliance bodies alone."""

    slug: str
    name: str
    kind: str
    nation: str = ""
    sector: str = ""
    size: str = ""
    widest: str = PUBLIC


def create_nations(actor: Viewer, nations: Mapping[str, str]) -> None:
    """Enter nations, code → name. For administrators of the hub. Raises BadInput, Conflict, Refused."""
    for code, name in nations.items():
        check_nation_code(code, where="nation")
        check_name(name, where=f"nation {code}")
    with acting(actor) as act:
        act.require_hub("enter nations")
        require_free(Nation, "code", list(nations), where="nation")
        Nation.objects.bulk_create(Nation(code=code, name=name) for code, name in nations.items())
        act.record_all("nation-created", [{"nation": code, "name": name} for code, name in nations.items()])


def create_nation(actor: Viewer, code: str, name: str) -> Nation:
    """Enter one nation: see `create_nations`."""
    create_nations(actor, {code: name})
    return Nation(code=code, name=name)


def create_members(actor: Viewer, members: Iterable[NewMember]) -> list[Member]:
    """Enter members, all or none. For administrators of the hub. Raises BadInput, Absent, Conflict, Refused."""
    fresh = list(members)
    for member in fresh:
        _check(member)
    require_distinct([member.slug for member in fresh], where="member")
    with acting(actor) as act:
        act.require_hub("enter members")
        return _enter(act, fresh)


def create_member(
    actor: Viewer, slug: str, name: str, *, kind: str, nation: str = "", sector: str = "", size: str = ""
) -> Member:
    """Enter one member: see `create_members`."""
    return create_members(actor, [NewMember(slug=slug, name=name, kind=kind, nation=nation, sector=sector, size=size)])[
        0
    ]


def suspend_member(actor: Viewer, slug: str) -> None:
    """Pause a member: none of its principals is known from the next request on. For administrators of the hub."""
    _change_status(actor, slug, "suspended")


def restore_member(actor: Viewer, slug: str) -> None:
    """End a suspension. For administrators of the hub."""
    _change_status(actor, slug, "restored")


def depart_member(actor: Viewer, slug: str) -> None:
    """End a member's rights for good; what it gave stays under its name. For administrators of the hub."""
    _change_status(actor, slug, "departed")


def add_client(actor: Viewer, member: str, client: str) -> None:
    """Name `client` a client of `member`, to whom it may pass on what is AMBER. For the member's administrators."""
    if member == client:
        raise BadInput("nobody is their own client", rule="clients", where=client, remedy="name another member")
    with acting(actor) as act:
        act.require_administrator(member, what="name its clients")
        get_member(member)
        get_member(client, where="client")
        if Client.objects.filter(member=member, client=client).exists():
            raise Conflict("it is a client already", rule="clients", where=client, remedy="nothing is left to do")
        Client.objects.create(member_id=member, client_id=client, since_us=act.now)
        act.record("client-added", member=member, client=client)


def remove_client(actor: Viewer, member: str, client: str) -> None:
    """Nothing more is passed on to `client` by `member`. For the member's administrators. Raises Absent."""
    with acting(actor) as act:
        act.require_administrator(member, what="name its clients")
        removed, _ = Client.objects.filter(member=member, client=client).delete()
        if not removed:
            raise Absent(f"no such client: {client[:80]!r}", rule="clients", where="client", remedy="check the name")
        act.regrant([member])
        act.record("client-removed", member=member, client=client)


def enter_hub(act: Act, slug: str, name: str) -> Member:
    """The first member of an empty register."""
    return Member.objects.create(slug=slug, name=name, kind="body", is_hub=True, created_us=act.now)


def _enter(act: Act, fresh: list[NewMember]) -> list[Member]:
    require_free(Member, "slug", [member.slug for member in fresh], where="member")
    require_known(Nation, {member.nation for member in fresh} - {""}, where="nation")
    made = Member.objects.bulk_create(
        Member(
            slug=member.slug,
            name=member.name,
            kind=member.kind,
            nation_id=member.nation or None,
            sector=member.sector,
            size=member.size,
            widest=member.widest,
            created_us=act.now,
        )
        for member in fresh
    )
    act.record_all("member-created", [msgspec.to_builtins(member) for member in fresh])
    return made


def _change_status(actor: Viewer, slug: str, change: str) -> None:
    before, after = TRANSITIONS[change]
    with acting(actor) as act:
        act.require_hub("suspend, restore or end members")
        member = get_member(slug)
        if member.is_hub:
            raise Refused("the hub itself stays", rule="the hub", where=slug, remedy="nobody else could restore it")
        if member.status not in before:
            raise Conflict(
                f"the member is {member.status}", rule="membership", where=slug, remedy=f"possible when {_or(before)}"
            )
        Member.objects.filter(slug=slug).update(status=after)
        act.regrant([slug])
        act.record(f"member-{change}", member=slug)


def _check(member: NewMember) -> None:
    where = f"member {member.slug[:80]}"
    check_member_slug(member.slug, where="member")
    check_name(member.name, where=where)
    check_breadth(member.widest, where=where)
    if member.sector:
        check_name(member.sector, where=f"{where}, sector")
    if member.kind not in KINDS:
        _refuse_kind(member.kind, KINDS, f"{where}, kind")
    if member.size not in SIZES:
        _refuse_kind(member.size, SIZES, f"{where}, size")
    if (member.kind == "body") != (member.nation == ""):
        raise BadInput(
            "a body of the alliance has no nation, every other member has one",
            rule="membership",
            where=where,
            remedy="give the nation, or the kind `body`",
        )


def _refuse_kind(word: str, known: Iterable[str], where: str) -> NoReturn:
    raise BadInput(f"{word[:80]!r} is not known here", rule="membership", where=where, remedy=f"use {_or(known)}")


def _or(words: Iterable[str]) -> str:
    return " or ".join(sorted(filter(None, words)))
