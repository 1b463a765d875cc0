"""The whole register at a glance, for the command line: all of it for the hub, its own part for a member's people.

What a door shows of one member is `members.listing`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TypeVar

import msgspec
from django.db.models import Model, QuerySet

from shieldwall.errors import Refused
from shieldwall.members.models import Cap, Client, Group, GroupPeriod, Identity, Member, Nation, Person, ServiceKey
from shieldwall.members.register import administers_all
from shieldwall.policy import Viewer
from shieldwall.store import READERS, snapshot

_Row = TypeVar("_Row", bound=Model)


class NationRow(msgspec.Struct, frozen=True):
    """A nation, and how many of its members are active."""

    code: str
    name: str
    members: int


class MemberRow(msgspec.Struct, frozen=True):
    """A member as its administrators see it."""

    slug: str
    name: str
    kind: str
    nation: str
    sector: str
    size: str
    status: str
    hub: bool
    widest: str
    created_us: int


class PersonRow(msgspec.Struct, frozen=True):
    """A person as their administrators see them."""

    id: str
    username: str
    name: str
    member: str
    roles: list[str]
    active: bool
    can_sign_in: bool
    created_us: int


class KeyRow(msgspec.Struct, frozen=True):
    """A service key, without its secret, which is kept nowhere."""

    id: str
    member: str
    name: str
    scopes: list[str]
    default_audience: str
    default_marking: str
    widest: str
    created_us: int
    expires_us: int
    revoked_us: int | None


class GroupRow(msgspec.Struct, frozen=True):
    """A group with the members that belong to it now."""

    slug: str
    name: str
    owner: str
    members: list[str]
    hides_past: bool
    members_named: bool
    append_roles: list[str]
    volume: int
    created_us: int
    closed_us: int | None


class IdentityRow(msgspec.Struct, frozen=True):
    """A member's claim to a STIX identity; it counts once confirmed."""

    stix_id: str
    member: str
    requested_us: int
    confirmed_us: int | None


class ClientRow(msgspec.Struct, frozen=True):
    """`client` is a client of `member`."""

    member: str
    client: str
    since_us: int


class CapRow(msgspec.Struct, frozen=True):
    """How wide whoever holds a role, or `key`, may address."""

    holder: str
    widest: str


def all_nations(actor: Viewer) -> list[NationRow]:
    """Every nation. Raises Refused for whoever administers nothing."""
    _own(actor)
    counts: dict[str, int] = defaultdict(int)
    with snapshot():
        for nation in Member.objects.using(READERS).filter(status="active").values_list("nation_id", flat=True):
            counts[nation or ""] += 1
        nations = Nation.objects.using(READERS).order_by("code")
        return [NationRow(one.code, one.name, counts[one.code]) for one in nations]


def all_members(actor: Viewer) -> list[MemberRow]:
    """The members whom `actor` administers. Raises Refused."""
    return [
        MemberRow(
            one.slug, one.name, one.kind, one.nation_id or "", one.sector, one.size, one.status, one.is_hub, one.widest,
            one.created_us,
        )
        for one in _administered(actor, Member.objects.using(READERS).order_by("slug"), "slug")
    ]  # fmt: skip


def all_people(actor: Viewer, member: str = "") -> list[PersonRow]:
    """The people whom `actor` administers, of one member or of all. Raises Refused."""
    return [
        PersonRow(
            one.id, one.username, one.name, one.member_id, one.roles.split(), one.active,
            bool(one.active and one.password), one.created_us,
        )
        for one in _administered(actor, Person.objects.using(READERS).order_by("username"), "member_id", member)
    ]  # fmt: skip


def all_keys(actor: Viewer, member: str = "") -> list[KeyRow]:
    """The service keys that `actor` administers, of one member or of all. Raises Refused."""
    keys = ServiceKey.objects.using(READERS).order_by("created_us", "id")
    return [
        KeyRow(
            one.id, one.member_id, one.name, one.scopes.split(), one.default_audience, one.default_marking, one.widest,
            one.created_us, one.expires_us, one.revoked_us,
        )
        for one in _administered(actor, keys, "member_id", member)
    ]  # fmt: skip


def all_groups(actor: Viewer) -> list[GroupRow]:
    """The groups whose owners `actor` administers. Raises Refused."""
    with snapshot():
        inside: dict[str, list[str]] = defaultdict(list)
        periods = GroupPeriod.objects.using(READERS).filter(until_us=None).order_by("member_id")
        for group, member in periods.values_list("group_id", "member_id"):
            inside[group].append(member)
        return [
            GroupRow(
                one.slug, one.name, one.owner_id, inside[one.slug], one.hides_past, one.members_named,
                one.append_roles.split(), one.volume, one.created_us, one.closed_us,
            )
            for one in _administered(actor, Group.objects.using(READERS).order_by("slug"), "owner_id")
        ]  # fmt: skip


def all_identities(actor: Viewer, member: str = "") -> list[IdentityRow]:
    """The claims to STIX identities of whom `actor` administers. Raises Refused."""
    claims = Identity.objects.using(READERS).order_by("stix_id", "member_id")
    return [
        IdentityRow(one.stix_id, one.member_id, one.requested_us, one.confirmed_us)
        for one in _administered(actor, claims, "member_id", member)
    ]


def all_clients(actor: Viewer, member: str = "") -> list[ClientRow]:
    """The clients of whom `actor` administers. Raises Refused."""
    rows = _administered(actor, Client.objects.using(READERS).order_by("member_id", "client_id"), "member_id", member)
    return [ClientRow(one.member_id, one.client_id, one.since_us) for one in rows]


def all_caps(actor: Viewer) -> list[CapRow]:
    """The caps that were set; what is not listed is not capped. Raises Refused."""
    _own(actor)
    return [CapRow(one.holder, one.widest) for one in Cap.objects.using(READERS).order_by("holder")]


def _administered(actor: Viewer, rows: QuerySet[_Row], field: str, member: str = "") -> list[_Row]:
    """Those of `rows` whose member, in `field`, the actor administers."""
    own = _own(actor)
    if own:
        rows = rows.filter(**{field: own})
    return list(rows.filter(**{field: member}) if member else rows)


def _own(actor: Viewer) -> str:
    """'' for whoever administers everything, else the one member that `actor` administers. Raises Refused."""
    if administers_all(actor, READERS):
        return ""
    if "administer" not in actor.scopes:
        raise Refused("only administrators list the register", rule="authority", remedy="ask an administrator")
    return actor.member
