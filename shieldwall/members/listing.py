"""Lists for administrators: the people and keys of a member, and the groups that it belongs to."""

from __future__ import annotations

import msgspec

from shieldwall.errors import Refused
from shieldwall.members.models import Group, GroupPeriod, Member, Person, ServiceKey
from shieldwall.members.register import administers_all
from shieldwall.policy import Viewer
from shieldwall.store import READERS


class ListedPerson(msgspec.Struct, frozen=True):
    """A person as their administrators see them."""

    id: str
    username: str
    name: str
    roles: tuple[str, ...]
    active: bool


class ListedKey(msgspec.Struct, frozen=True):
    """A service key as its administrators see it; times in µs, `revoked_us` None while it is not."""

    id: str
    name: str
    scopes: tuple[str, ...]
    default_audience: str
    default_marking: str
    widest: str
    created_us: int
    expires_us: int
    revoked_us: int | None


class ListedGroup(msgspec.Struct, frozen=True):
    """A group as its members see it."""

    slug: str
    name: str
    purpose: str
    owner: str
    hides_past: bool
    members_named: bool
    volume: int
    append_roles: tuple[str, ...]
    closed: bool


def has_register() -> bool:
    """Whether there is a hub already."""
    return Member.objects.using(READERS).exists()


def list_people(actor: Viewer, member: str) -> list[ListedPerson]:
    """All people of `member`, those who ended too, by user name. For its administrators. Raises Refused."""
    _require_administrator(actor, member)
    people = Person.objects.using(READERS).filter(member=member).order_by("username")
    return [ListedPerson(one.id, one.username, one.name, tuple(one.roles.split()), one.active) for one in people]


def list_keys(actor: Viewer, member: str) -> list[ListedKey]:
    """All keys of `member`, oldest first. For its administrators. Raises Refused."""
    _require_administrator(actor, member)
    keys = ServiceKey.objects.using(READERS).filter(member=member).order_by("created_us", "id")
    return [
        ListedKey(
            id=key.id,
            name=key.name,
            scopes=tuple(key.scopes.split()),
            default_audience=key.default_audience,
            default_marking=key.default_marking,
            widest=key.widest,
            created_us=key.created_us,
            expires_us=key.expires_us,
            revoked_us=key.revoked_us,
        )
        for key in keys
    ]


def list_groups(actor: Viewer) -> list[ListedGroup]:
    """The groups that the actor's member belongs to; all of them for administrators of the hub. By slug."""
    groups = Group.objects.using(READERS).order_by("slug")
    if not administers_all(actor, READERS):
        mine = GroupPeriod.objects.using(READERS).filter(member=actor.member, until_us=None)
        groups = groups.filter(slug__in=mine.values("group_id"))
    return [
        ListedGroup(
            slug=group.slug,
            name=group.name,
            purpose=group.purpose,
            owner=group.owner_id,
            hides_past=group.hides_past,
            members_named=group.members_named,
            volume=group.volume,
            append_roles=tuple(group.append_roles.split()),
            closed=group.closed_us is not None,
        )
        for group in groups
    ]


def _require_administrator(actor: Viewer, member: str) -> None:
    """Lists of other members look like those of members that do not exist."""
    own = "administer" in actor.scopes and actor.member == member
    if not own and not administers_all(actor, READERS):
        raise Refused(
            "only its own administrators may list this", rule="authority", where=member, remedy="list your own member"
        )
