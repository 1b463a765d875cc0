"""Addresses: what somebody wrote becomes an audience whose every name exists and may be known to whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q

from shieldwall.errors import BadInput, Refused
from shieldwall.members.models import Group, Member, Nation, Person
from shieldwall.members.viewers import ACTIVE
from shieldwall.policy import COMMUNITY, PUBLIC, Audience, Viewer, parse_audience
from shieldwall.store import READERS

_OPEN_WORDS = {PUBLIC: "everybody", COMMUNITY: "all members"}


class Named(NamedTuple):
    """A token taken apart: `!nation:no` is ('nation', 'no'), `group:energy#3` is ('group', 'energy')."""

    kind: str
    name: str

    @classmethod
    def of(cls, token: str) -> Named:
        """The parts of a token, without exclusion mark and volume."""
        kind, _, name = token.removeprefix("!").partition(":")
        return cls(kind, name.partition("#")[0])


def resolve(text: str, actor: Viewer) -> Audience:
    """The audience that `text` addresses: user names become people's ids, groups get their current volume.

    Raises BadInput naming the token that is unknown; a group that `actor` is not in is as unknown as one that is not.
    """
    return check_address(text, actor.tokens, READERS)


def check_address(text: str, tokens: Mapping[str, int], alias: str) -> Audience:
    """`resolve` for whoever holds `tokens`, reading through `alias`."""
    audience = parse_audience(text)
    written = sorted(frozenset().union(*audience.conjuncts))
    known = _known(written, tokens, alias)
    for token in written:
        if token not in known:
            raise _unknown(token)
    return Audience(frozenset(frozenset(known[token] for token in conjunct) for conjunct in audience.conjuncts))


def check_group_rules(actor: Viewer, audience: Audience) -> None:
    """Whether the groups in `audience` let `actor` append: none is closed, and each lets one of its roles (P45).

    To be asked before every append, however it was addressed. Raises Refused.
    """
    slugs = {Named.of(token).name for token in audience.tokens() if token.startswith("group:")}
    if not slugs:
        return
    for group in Group.objects.using(READERS).filter(slug__in=slugs).order_by("slug"):
        if group.closed_us is not None:
            raise Refused(
                "this group is closed: nothing more is put into it",
                rule="groups",
                where=f"group:{group.slug}",
                remedy="address another group",
            )
        if group.append_roles and actor.roles.isdisjoint(group.append_roles.split()):
            raise Refused(
                "this group lets only some roles append",
                rule="cap of a group",
                where=f"group:{group.slug}",
                remedy=f"let somebody send it who is {group.append_roles.replace(' ', ' or ')}",
            )


def display_names(tokens: Iterable[str], alias: str = READERS) -> dict[str, str]:
    """Token → what people call it, for tokens of an audience that the reader of these names may know."""
    named = {token: Named.of(token) for token in tokens}
    names = {
        "nation": dict(Nation.objects.using(alias).filter(code__in=_of(named, "nation")).values_list("code", "name")),
        "member": dict(Member.objects.using(alias).filter(slug__in=_of(named, "member")).values_list("slug", "name")),
        "group": dict(Group.objects.using(alias).filter(slug__in=_of(named, "group")).values_list("slug", "name")),
        "person": {
            person: f"{name} ({member})"
            for person, name, member in Person.objects.using(alias)
            .filter(id__in=_of(named, "person"))
            .values_list("id", "name", "member__name")
        },
    }
    spoken = {token: names.get(kind, {}).get(name, name) for token, (kind, name) in named.items()} | _OPEN_WORDS
    return {token: f"all but {spoken[token]}" if token.startswith("!") else spoken[token] for token in named}


def _known(written: Iterable[str], tokens: Mapping[str, int], alias: str) -> dict[str, str]:
    """Token as written → token as it rests, for those that exist and that a holder of `tokens` may know."""
    known = {token: token for token in _OPEN_WORDS.keys() & tokens.keys()} | _groups(tokens)
    if COMMUNITY not in tokens:
        return known
    named = {token: Named.of(token) for token in written}
    if codes := _of(named, "nation"):
        for code in Nation.objects.using(alias).filter(code__in=codes).values_list("code", flat=True):
            known |= {token: token for token in (f"nation:{code}", f"!nation:{code}")}
    if slugs := _of(named, "member"):
        for slug in Member.objects.using(alias).filter(slug__in=slugs, status=ACTIVE).values_list("slug", flat=True):
            known[f"member:{slug}"] = f"member:{slug}"
    if people := _of(named, "person"):
        there = Person.objects.using(alias).filter(active=True, member__status=ACTIVE)
        there = there.filter(Q(id__in=people) | Q(username__in=people))
        for identifier, username in there.values_list("id", "username"):
            known |= dict.fromkeys((f"person:{identifier}", f"person:{username}"), f"person:{identifier}")
    return known


def _groups(tokens: Mapping[str, int]) -> dict[str, str]:
    """Groups as people write them → their newest volume, which every member of a group holds."""
    newest: dict[str, int] = {}
    for token in tokens:
        plain, _, volume = token.partition("#")
        if volume:
            newest[plain] = max(newest.get(plain, 0), int(volume))
    return {plain: f"{plain}#{volume}" for plain, volume in newest.items()}


def _of(named: Mapping[str, Named], kind: str) -> set[str]:
    return {known.name for known in named.values() if known.kind == kind}


def _unknown(token: str) -> BadInput:
    kind, name = Named.of(token)
    return BadInput(
        f"unknown {kind}: {name!r}",
        rule="audience-unknown",
        where=token,
        remedy="address what the directory lists, or a group you belong to",
    )
