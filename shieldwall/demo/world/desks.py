"""Who writes to whom: venues, and the desks from which members address them.

A venue is an audience with the members who take part. A desk is one member at one venue, with the habits of its tools:
TLP 2.0 marks, the old TLP 1 marks, or none at all, with or without a default for what comes unmarked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle

import msgspec

from shieldwall.demo.world.alliance import HUB
from shieldwall.demo.world.chance import Chance, unique
from shieldwall.demo.world.objects import Thing
from shieldwall.demo.world.roster import Group, Member, Roster
from shieldwall.policy import PAP, TLP

# Weights of levels by the kind of venue; each lies within what its audience allows.
_OPEN = {TLP.CLEAR: 1.0}
_COMMUNITY = {TLP.GREEN: 0.75, TLP.CLEAR: 0.25}
_CIRCLE = {TLP.AMBER: 0.45, TLP.GREEN: 0.33, TLP.AMBER_STRICT: 0.17, TLP.CLEAR: 0.05}
_NATION = {TLP.AMBER: 0.42, TLP.GREEN: 0.3, TLP.AMBER_STRICT: 0.24, TLP.CLEAR: 0.04}
_FEW = {TLP.AMBER_STRICT: 0.6, TLP.AMBER: 0.4}
_NAMED = {TLP.RED: 1.0}
_HOME = {TLP.AMBER_STRICT: 0.5, TLP.AMBER: 0.3, TLP.GREEN: 0.2}

# The ids of STIX 2.1 section 7.2.1.4, still in many tools; there is none for AMBER+STRICT.
TLP_1: Mapping[TLP, str] = {
    TLP.CLEAR: "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    TLP.GREEN: "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    TLP.AMBER: "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    TLP.RED: "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
_PAP = {PAP.CLEAR: 0.15, PAP.GREEN: 0.4, PAP.AMBER: 0.35, PAP.RED: 0.1}


_HABITS = {"tlp2": 0.8, "tlp1": 0.2}
_HABITS_OF_COMPANIES = {"tlp2": 0.55, "tlp1": 0.2, "unmarked": 0.25}


class Venue(msgspec.Struct, frozen=True):
    """`audience` in the grammar of addresses, '' for home; `cast` the members who write there, by how much they do."""

    audience: str
    levels: dict[TLP, float]
    cast: tuple[str, ...]
    weight: float  # share of what happens
    person: str = ""  # who sends, where only a person may


class Desk:
    """What one member gives to one venue, marked by its habit."""

    def __init__(self, member: Member, venue: Venue, habit: str, default_marking: str) -> None:
        self.member = member
        self.venue = venue
        self.default_marking = default_marking
        self.things: dict[tuple[str, str], Thing] = {}
        self._habit = habit

    def put(self, chance: Chance, level: TLP, *things: Thing) -> None:
        """Lay `things` on the desk under `level`; the first of two with one id and version stays."""
        for thing in things:
            marked = thing | self._marks(chance, level) if thing["type"] != "marking-definition" else thing
            self.things.setdefault((thing["id"], thing.get("modified", "")), marked)

    def _marks(self, chance: Chance, level: TLP) -> Thing:
        if self._habit == "unmarked":
            return {}
        refs = [TLP_1.get(level, level.id) if self._habit == "tlp1" else level.id]
        if chance.often(0.15):
            refs.append(chance.weighted(_PAP).id)
        return {"object_marking_refs": refs}


class Desks:
    """All desks, made when first needed, in a fixed order."""

    def __init__(self, chance: Chance, roster: Roster) -> None:
        self.members = roster.by_id()
        self._chance = chance
        self._desks: dict[tuple[str, str], Desk] = {}
        # By turns, not by chance: of the few who write to named people some use the old ids, in every world.
        self._habits_of_people = cycle(("tlp2", "tlp1"))

    def at(self, member: str, venue: Venue) -> Desk:
        key = (member, venue.audience)
        if key not in self._desks:
            self._desks[key] = self._new(self.members[member], venue)
        return self._desks[key]

    def __iter__(self) -> Iterator[Desk]:
        return iter(self._desks.values())

    def _new(self, member: Member, venue: Venue) -> Desk:
        """Some companies export without marks; of these one in four has no default either, and keeps what it writes
        at home without meaning to."""
        chance = self._chance
        if venue.person:
            return Desk(member, venue, next(self._habits_of_people), "")
        habit = chance.weighted(_HABITS_OF_COMPANIES if member.kind == "company" else _HABITS)
        default = chance.weighted(venue.levels).label if habit == "unmarked" and not chance.often(0.25) else ""
        return Desk(member, venue, habit, default)


def venues(chance: Chance, roster: Roster) -> list[Venue]:
    """Where things are told, from everyone to a few."""
    return [*_wide(roster), *_circles(chance, roster), *_nations(chance, roster), *_narrow(chance, roster)]


def _wide(roster: Roster) -> list[Venue]:
    certs = tuple(member.id for member in roster.members if member.kind == "cert")
    companies = tuple(member.id for member in roster.members if member.kind == "company" and member.size == "large")
    release = {person.member: person.id for person in roster.people if person.role == "release"}
    return [
        Venue("community", _COMMUNITY, (HUB, "alliance-cyber-centre", *certs, *companies[::60]), 30.0),
        *(Venue("public", _OPEN, (member,), 0.7, release[member]) for member in (HUB, "cert-gb")),
    ]


def _circles(chance: Chance, roster: Roster) -> list[Venue]:
    made = [Venue(f"group:{group.id}", _CIRCLE, _active(chance, group), 1.0 + len(group.members) / 20)
            for group in roster.groups]
    energy = next(group for group in roster.groups if group.id == "energy")
    norwegian = _of_nation(roster, energy, "no")
    made.append(Venue("group:energy&nation:no", _CIRCLE, norwegian, 1.0))
    made.append(Venue("group:energy|group:control-systems", _CIRCLE, ("cert-no",), 0.5))
    made.append(Venue("group:control-systems&(nation:no|nation:dk|nation:gb)", _CIRCLE, ("cert-no",), 0.5))
    return made


def _active(chance: Chance, group: Group) -> tuple[str, ...]:
    """Few of many write: the owner, some CERTs, some companies."""
    certs = [member for member in group.members if member.startswith("cert-")]
    companies = [member for member in group.members if not member.startswith("cert-") and member != group.owner]
    return tuple(unique([group.owner, *chance.some(certs, 1, 2), *chance.some(companies, 2, 3)]))


def _of_nation(roster: Roster, group: Group, nation: str) -> tuple[str, ...]:
    found = roster.by_id()
    return tuple(member for member in group.members if found[member].nation == nation)[:4]


def _nations(chance: Chance, roster: Roster) -> list[Venue]:
    made = []
    for nation in roster.nations:
        companies = [member.id for member in roster.members
                     if member.nation == nation.code and member.kind == "company"]
        cast = (f"cert-{nation.code}", chance.one(companies))
        made.append(Venue(f"nation:{nation.code}", _NATION, cast, 0.6 + nation.weight / 8))
    made.append(Venue("nation:ee|nation:lv|nation:lt", _NATION, ("cert-ee", "cert-lv", "cert-lt"), 1.2))
    return made


def _narrow(chance: Chance, roster: Roster) -> list[Venue]:
    """A company and its CERT, provider and client, named people, one's own house."""
    companies = [member for member in roster.members if member.kind == "company" and member.size != "micro"]
    made = []
    for company in chance.some(companies, 8, 8):
        members = (company.id, f"cert-{company.nation}")
        made.append(Venue("|".join(f"member:{member}" for member in members), _FEW, members, 0.7))
    provider = roster.clients[0]
    made.append(Venue(f"member:{provider.member}|member:{provider.client}", _FEW, (provider.member,), 0.8))
    people = [person for person in roster.people if person.role in ("analyst", "release", "secretary")]
    for _ in range(8):
        few = chance.some(people, 2, 5)
        made.append(Venue("|".join(f"person:{person.id}" for person in few), _NAMED, (few[0].member,), 0.6, few[0].id))
    made += [Venue("", _HOME, (company.id,), 0.35) for company in chance.some(companies, 16, 16)]
    return made
