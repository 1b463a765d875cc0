"""The directory: who would read an audience, told to somebody who may know it.

Members are known to each other. Who belongs to a group is known to those who belong to it, where the group names its
members to each other, and always to its owner and to the hub's administrators. To anybody else its members are only
counted: exactly from five up, and where other tokens stand beside the group, by a bound made of the whole group's size,
so that no cleverly written audience tells one member's presence by a difference of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from shieldwall.errors import Refused
from shieldwall.members.audiences import Named
from shieldwall.members.models import Group, GroupPeriod, Member, Person
from shieldwall.members.register import administers_all
from shieldwall.members.viewers import ACTIVE, OPERATOR
from shieldwall.policy import COMMUNITY, PUBLIC, Audience, Viewer
from shieldwall.store import READERS, node, run, snapshot

_FEWEST_COUNTED = 5
_FEW = "fewer than five"


class NamedMember(msgspec.Struct, frozen=True):
    """A member as the directory shows it; `nation` is '' for alliance bodies."""

    id: str
    name: str
    kind: str
    nation: str


class NamedPerson(msgspec.Struct, frozen=True):
    """A person as the directory shows them."""

    id: str
    username: str
    name: str
    member: str


class Counts(msgspec.Struct, frozen=True):
    """How many are named."""

    members: int
    people: int
    nations: int


class Readers(msgspec.Struct, frozen=True):
    """Who would read an audience: members by name, people it names, and `others`.

    `others` counts the members that are not named: '' for none, `fewer than five`, `23`, or `up to 23`.
    """

    members: tuple[NamedMember, ...]
    people: tuple[NamedPerson, ...]
    others: str
    counts: Counts


def readers_of(asker: Viewer, audience: Audience) -> Readers:
    """Which active members, and which people named in it, would read `audience` (as resolved, with volumes).

    Raises Refused for whoever is no member: the directory is for members.
    """
    if COMMUNITY not in asker.tokens and asker is not OPERATOR:
        raise Refused("the directory is for members", rule="directory", remedy="sign in")
    with snapshot():
        return _Preview(asker, audience).readers()


def members_by_id(slugs: Iterable[str]) -> dict[str, NamedMember]:
    """Slug → member, whatever its status, for those that exist."""
    rows = Member.objects.using(READERS).filter(slug__in=set(slugs)).values_list("slug", "name", "kind", "nation_id")
    return {row[0]: _named(row) for row in rows}


class _Active(msgspec.Struct, frozen=True):
    """The active members by name, as ids, and by nation, when the register's log was `length` acts long."""

    length: int
    named: tuple[NamedMember, ...]
    everyone: frozenset[str]
    nations: Mapping[str, frozenset[str]]


def _active_members() -> _Active:
    """Kept until the register changes: every act of it lengthens its log, which is read in the same snapshot."""
    length = int(run(READERS, "register_length")[0][0])
    known = node().cache.get("active members")
    if isinstance(known, _Active) and known.length == length:
        return known
    members = Member.objects.using(READERS).filter(status=ACTIVE).order_by("name", "slug")
    named = tuple(_named(row) for row in members.values_list("slug", "name", "kind", "nation_id"))
    nations: dict[str, set[str]] = defaultdict(set)
    for one in named:
        nations[one.nation].add(one.id)
    fresh = _Active(
        length, named, frozenset(one.id for one in named), {nation: frozenset(ids) for nation, ids in nations.items()}
    )
    node().cache["active members"] = fresh
    return fresh


class _Preview:
    """One question to the directory, within one snapshot."""

    def __init__(self, asker: Viewer, audience: Audience) -> None:
        self.asker = asker
        self.audience = audience
        active = _active_members()
        self.named, self.everyone, self.nations = active.named, active.everyone, active.nations
        self.excluded = frozenset[str]().union(*(self.nations.get(Named.of(one).name, ()) for one in audience.excluded))
        self.circles = {token: self._circle(token) for token in audience.tokens() if token.startswith("group:")}
        self.hidden = self._hidden()
        self.visible = [frozenset[str]().union(*map(self._seen, conjunct)) for conjunct in audience.needs]

    def readers(self) -> Readers:
        named = self._common(self.visible)
        people = tuple(self._people())
        members = self.named if named == self.everyone else tuple(one for one in self.named if one.id in named)
        nations = {member.nation for member in members} - {""}
        counts = Counts(members=len(members), people=len(people), nations=len(nations))
        return Readers(members=members, people=people, others=self._others(named), counts=counts)

    def _common(self, conjuncts: Iterable[frozenset[str]]) -> frozenset[str]:
        return self.everyone.intersection(*conjuncts) - self.excluded

    def _seen(self, token: str) -> frozenset[str]:
        """The active members that hold `token`, as far as the asker may know."""
        if token in (PUBLIC, COMMUNITY):
            return self.everyone
        if token in self.hidden:
            return self.circles[token] & {self.asker.member}
        kind, name = Named.of(token)
        if kind == "group":
            return self.circles[token]
        if kind == "nation":
            return self.nations.get(name, frozenset())
        return self.everyone & {name} if kind == "member" else frozenset()

    def _circle(self, token: str) -> frozenset[str]:
        plain, _, volume = token.removeprefix("group:").partition("#")
        periods = GroupPeriod.objects.using(READERS).filter(
            group=plain, until_us=None, since_volume__lte=int(volume or 0), group__volume__gte=int(volume or 0)
        )
        return self.everyone.intersection(periods.values_list("member_id", flat=True))

    def _hidden(self) -> frozenset[str]:
        """The groups in this audience whose members the asker may only count."""
        if not self.circles or administers_all(self.asker, READERS):
            return frozenset()
        slugs = {Named.of(token).name for token in self.circles}
        groups = Group.objects.using(READERS).filter(slug__in=slugs).values_list("slug", "members_named", "owner_id")
        rules = {slug: (named, owner) for slug, named, owner in groups}
        return frozenset(token for token in self.circles if not self._may_know(token, rules))

    def _may_know(self, token: str, rules: Mapping[str, tuple[bool, str]]) -> bool:
        named, owner = rules.get(Named.of(token).name, (False, ""))
        return owner == self.asker.member or (named and token in self.asker.tokens)

    def _others(self, named: frozenset[str]) -> str:
        """How many members more, from the sizes of whole groups and from what the asker sees anyway, nothing finer."""
        if not self.hidden or named == self._common(()):
            return ""
        unseen = sum(len(self.circles[token] - {self.asker.member}) for token in self.hidden)
        if self.audience.conjuncts == {frozenset(self.hidden)} and len(self.hidden) == 1:
            return str(unseen) if unseen >= _FEWEST_COUNTED else _FEW
        needs = zip(self.visible, self.audience.needs, strict=True)
        open_to = [seen for seen, conjunct in needs if not conjunct & self.hidden]
        bound = min(unseen, len(self._common(open_to) - named))
        return f"up to {bound}" if bound >= _FEWEST_COUNTED else _FEW

    def _people(self) -> Iterable[NamedPerson]:
        """The people named in the audience who would read it, as far as the asker may know."""
        named = {Named.of(token).name for token in self.audience.tokens() if token.startswith("person:")}
        if not named:
            return
        people = Person.objects.using(READERS).filter(id__in=named, active=True).order_by("name", "id")
        for identifier, username, name, member in people.values_list("id", "username", "name", "member_id"):
            token = f"person:{identifier}"
            admitted = all(
                token in conjunct or member in seen
                for conjunct, seen in zip(self.audience.needs, self.visible, strict=True)
            )
            if admitted and member in self.everyone - self.excluded:
                yield NamedPerson(identifier, username, name, member)


def _named(row: tuple[Any, ...]) -> NamedMember:
    return NamedMember(row[0], row[1], row[2], row[3] or "")
