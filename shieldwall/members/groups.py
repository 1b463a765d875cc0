"""Groups: founded, joined, left and closed.

A group that hides its past opens a new volume, a fresh collection, whenever somebody joins. In one that shows it, the
past comes after the newcomers' cursors.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from shieldwall.errors import Conflict, Refused
from shieldwall.members.models import Group, GroupPeriod, Member
from shieldwall.members.names import check_member_slug, check_name, check_purpose, check_slug
from shieldwall.members.register import Act, acting, found, require_distinct, require_free, require_known
from shieldwall.members.roles import SUBMITTING_ROLES, check_roles, words
from shieldwall.policy import Audience, Viewer
from shieldwall.store import Turn


class NewGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group to be; its owner belongs to it, named in `members` or not.

    `append_roles`: whose roles may append; none given means all who may submit. Service keys have no role.
    """

    slug: str
    name: str
    owner: str
    members: tuple[str, ...] = ()
    purpose: str = ""
    hides_past: bool = False
    members_named: bool = True
    append_roles: frozenset[str] = frozenset()

    @property
    def first_members(self) -> frozenset[str]:
        return frozenset((self.owner, *self.members))


def create_groups(actor: Viewer, groups: Iterable[NewGroup]) -> list[Group]:
    """Found groups, all or none, each with its collection. For administrators of their owners.

    Raises BadInput, Absent, Conflict, Refused.
    """
    fresh = list(groups)
    for group in fresh:
        _check(group)
    require_distinct([group.slug for group in fresh], where="group")
    with acting(actor) as act:
        for group in fresh:
            act.require_administrator(group.owner, what="found groups it owns")
            _require_own_name(act, group)
        require_free(Group, "slug", [group.slug for group in fresh], where="group")
        members = frozenset[str]().union(*(group.first_members for group in fresh))
        require_known(Member, members, where="member", status="active")
        made = _found(act, fresh)
        act.regrant(members)
        return made


def create_group(
    actor: Viewer,
    slug: str,
    name: str,
    *,
    owner: str,
    members: Iterable[str] = (),
    purpose: str = "",
    hides_past: bool = False,
    members_named: bool = True,
    append_roles: Iterable[str] = (),
) -> Group:
    """Found one group: see `create_groups`."""
    fresh = NewGroup(
        slug=slug,
        name=name,
        owner=owner,
        members=tuple(members),
        purpose=purpose,
        hides_past=hides_past,
        members_named=members_named,
        append_roles=frozenset(append_roles),
    )
    return create_groups(actor, [fresh])[0]


def join_group(actor: Viewer, group: str, members: Iterable[str]) -> None:
    """Let `members` into a group. For administrators of its owner. Raises Absent, Conflict, BadInput."""
    joining = [members] if isinstance(members, str) else list(members)
    require_distinct(joining, where="member")
    with acting(actor) as act:
        joined = _group(act, group)
        _require_open(joined)
        require_known(Member, joining, where="member", status="active")
        inside = _inside(joined)
        if already := inside.intersection(joining):
            raise Conflict(
                f"{', '.join(sorted(already))} belong to it already",
                rule="groups",
                where=group,
                remedy="leave them out",
            )
        _let_in(act, joined, joining)
        act.regrant(inside.union(joining) if joined.hides_past else joining)
        act.record("group-joined", group=group, members=sorted(joining), volume=joined.volume)


def leave_group(actor: Viewer, group: str, member: str) -> None:
    """End a membership on the next request. For administrators of the member itself or of the group's owner.

    Raises Absent; Conflict for the owner, who closes the group instead.
    """
    with acting(actor) as act:
        left = _group(act, group, leaving=member)
        if left.owner_id == member:
            raise Conflict("the owner stays", rule="groups", where=member, remedy="close the group instead")
        ended = GroupPeriod.objects.filter(group=left, member=member, until_us=None).update(until_us=act.now)
        if not ended:
            found(None, member, where="member of this group")
        act.regrant([member])
        act.record("group-left", group=group, member=member)


def close_group(actor: Viewer, group: str) -> None:
    """Nothing more is put into a group and nobody joins; who belongs to it keeps reading. For its owner."""
    with acting(actor) as act:
        closed = _group(act, group)
        _require_open(closed)
        closed.closed_us = act.now
        closed.save(update_fields=["closed_us"])
        act.regrant(_inside(closed))
        act.record("group-closed", group=group)


def _found(act: Act, fresh: list[NewGroup]) -> list[Group]:
    made = Group.objects.bulk_create(
        Group(
            slug=group.slug,
            name=group.name,
            purpose=group.purpose,
            owner_id=group.owner,
            hides_past=group.hides_past,
            members_named=group.members_named,
            append_roles=words(group.append_roles),
            created_us=act.now,
        )
        for group in fresh
    )
    GroupPeriod.objects.bulk_create(
        GroupPeriod(group_id=group.slug, member_id=member, since_us=act.now, since_volume=1)
        for group in fresh
        for member in sorted(group.first_members)
    )
    for group in made:
        _open_volume(act.turn, group)
    act.record_all(
        "group-created",
        [{**msgspec.to_builtins(group), "members": sorted(group.first_members)} for group in fresh],
    )
    return made


def _let_in(act: Act, group: Group, joining: list[str]) -> None:
    if group.hides_past:
        group.volume += 1
        group.save(update_fields=["volume"])
        _open_volume(act.turn, group)
    else:
        act.turn.show_past([_token(group)])
    GroupPeriod.objects.bulk_create(
        GroupPeriod(group=group, member_id=member, since_us=act.now, since_volume=group.volume) for member in joining
    )


def _open_volume(turn: Turn, group: Group) -> None:
    turn.collection(Audience(frozenset({frozenset({_token(group)})})))


def _token(group: Group) -> str:
    return f"group:{group.slug}#{group.volume}"


def _inside(group: Group) -> set[str]:
    return set(GroupPeriod.objects.filter(group=group, until_us=None).values_list("member_id", flat=True))


def _group(act: Act, slug: str, *, leaving: str | None = None) -> Group:
    """A group whose owner the actor administers, or one that a member it administers is `leaving`; else none."""
    group = Group.objects.filter(slug=slug).first()
    if group is not None and not act.administers(group.owner_id):
        mine = leaving is not None and act.administers(leaving) and leaving in _inside(group)
        group = group if mine else None
    return found(group, slug, where="group")


def _require_open(group: Group) -> None:
    if group.closed_us is not None:
        raise Conflict("this group is closed", rule="groups", where=group.slug, remedy="found a new one")


def _require_own_name(act: Act, group: NewGroup) -> None:
    """A member's own groups are named under it, so that no name taken elsewhere can be felt (non-interference)."""
    prefix, marked, _ = group.slug.partition("--")
    if (marked and prefix != group.owner) or not (marked or act.by_hub):
        raise Refused(
            f"{group.slug!r} is not a name for a group of {group.owner}",
            rule="groups are named under their owner, those of the hub freely without --",
            where="slug",
            remedy=f"use a name such as {f'{group.owner}--{group.slug}'[:63]!r}",
        )


def _check(group: NewGroup) -> None:
    where = f"group {check_slug(group.slug, where='group')}"
    check_name(group.name, where=where)
    check_purpose(group.purpose, where=where)
    check_member_slug(group.owner, where=f"{where}, owner")
    if group.append_roles:
        check_roles(group.append_roles, where=where, allowed=SUBMITTING_ROLES)
