"""The rules of release, written down once more from DESIGN.md, taking nothing from the product.

A `Model` is told what happened and says what each reader is to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from tests.harness.addresses import Circle, Home
from tests.harness.base import BOUND, NATION_OF
from tests.harness.ceilings import may_travel
from tests.harness.things import OBSERVABLES, Thing


class Entry(msgspec.Struct):
    """An object where it lies. `standing` until withdrawn; `covered` while hidden by the withdrawal of a later one."""

    thing: Thing
    owner: str
    standing: bool = True
    covered: bool = False

    @property
    def shows(self) -> bool:
        return self.standing and not self.covered

    @property
    def family(self) -> tuple[str, str]:
        return self.owner, self.thing.id


class Group(msgspec.Struct):
    """Who is inside, each from which volume on."""

    owner: str
    named: bool
    hides_past: bool
    inside: dict[str, int]
    volume: int = 1


class Log(msgspec.Struct):
    """A collection: its entries in order, and how many entries it has in all."""

    entries: list[Entry] = []
    size: int = 0


class Model:
    """Everything that happened, and what follows from it."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.logs: dict[Home, Log] = {}

    def found(self, slug: str, owner: str, members: Iterable[str], *, named: bool, hides_past: bool) -> None:
        self.groups[slug] = Group(owner, named, hides_past, dict.fromkeys({owner, *members}, 1))
        self.logs[frozenset({frozenset({f"group:{slug}#1"})})] = Log()

    def join(self, slug: str, member: str) -> None:
        group = self.groups[slug]
        if group.hides_past:
            group.volume += 1
            self.logs[frozenset({frozenset({f"group:{slug}#{group.volume}"})})] = Log()
        group.inside[member] = group.volume if group.hides_past else 1

    def leave(self, slug: str, member: str) -> None:
        del self.groups[slug].inside[member]

    def tokens(self, member: str, person: str = "") -> set[str]:
        """What a principal of `member` holds."""
        held = {"public", "community", f"member:{member}"}
        held |= {f"nation:{NATION_OF[member]}"} if NATION_OF.get(member) else set()
        held |= {f"person:{person}"} if person else set()
        for slug, group in self.groups.items():
            if member in group.inside:
                held |= {f"group:{slug}#{volume}" for volume in range(group.inside[member], group.volume + 1)}
        return held

    def home(self, circle: Iterable[Iterable[str]]) -> Home:
        """Where an address leads now."""
        volumes = {f"group:{slug}": f"group:{slug}#{group.volume}" for slug, group in self.groups.items()}
        return frozenset(frozenset(volumes.get(token, token) for token in part) for part in circle)

    def scope(self, tokens: set[str]) -> list[Home]:
        return [home for home in self.logs if reads(tokens, home)]

    def submit(self, member: str, circle: Circle, thing: Thing, person: str = "") -> str:
        """What becomes of it: admitted, present or refused. For what the sender may send there."""
        owner = thing.claim if thing.claim in BOUND else member
        home = self.home(circle) if thing.tlp else frozenset({frozenset({f"member:{member}"})})
        if owner != member and not thing.revoked:
            known = [one for one in self.every(self.tokens(member, person)) if one.family == (owner, thing.id)]
            if any(one.thing.revoked for one in known):
                return "refused"  # whoever passes it on has read that it was revoked
        here = [one for one in self.logs.get(home, Log()).entries if one.family == (owner, thing.id)]
        if any(one.thing == thing and one.shows for one in here):
            return "present"
        family = self.family(owner, thing.id)
        if thing.kind not in OBSERVABLES:
            if any(one.thing.minute == thing.minute and one.thing != thing for one in here):
                return "refused"
            if not thing.revoked and was_revoked(owner == member, here, family, thing):
                return "refused"
        self._append(home, Entry(thing, owner))
        if thing.revoked:
            self._revoke_everywhere(family, home, Entry(thing, owner))
        return "admitted"

    def _append(self, home: Home, entry: Entry) -> None:
        log = self.logs.setdefault(home, Log())
        for one in log.entries:
            if one.family == entry.family:
                one.covered = False
        log.entries.append(entry)
        log.size += 1

    def _revoke_everywhere(self, family: Mapping[Home, list[Entry]], target: Home, entry: Entry) -> None:
        for home, ones in family.items():
            had = any(one.thing.revoked and one.thing.minute == entry.thing.minute and one.shows for one in ones)
            if home != target and any(one.standing for one in ones) and not had and may_travel(entry.thing.tlp, home):
                self._append(home, msgspec.structs.replace(entry))

    def family(self, owner: str, stix_id: str) -> dict[Home, list[Entry]]:
        """An owner's object wherever it lies."""
        wanted = (owner, stix_id)
        found = {home: [one for one in log.entries if one.family == wanted] for home, log in self.logs.items()}
        return {home: ones for home, ones in found.items() if ones}

    def withdraw(self, owner: str, stix_id: str, version: str | None) -> bool:
        """Hide it wherever it stands, with what is older there. False where there is nothing to withdraw."""
        done = False
        for home, ones in self.family(owner, stix_id).items():
            here = [one for one in ones if one.shows]
            hit = [one for one in here if version in (None, one.thing.version)]
            if hit:
                done = True
                self.logs[home].size += 1
                newest = max(one.thing.minute for one in hit)
                for one in here:
                    if one in hit:
                        one.standing = False
                    elif one.thing.minute < newest:
                        one.covered = True
        return done

    def every(self, tokens: set[str]) -> list[Entry]:
        """All that a holder of `tokens` may read, past versions too."""
        return [one for home in self.scope(tokens) for one in self.logs[home].entries if one.shows]

    def latest_of(self, home: Home) -> list[Entry]:
        """Of each object in one collection the newest; of what has no versions, every statement."""
        return newest(one for one in self.logs[home].entries if one.shows)

    def latest(self, tokens: set[str]) -> list[Entry]:
        """Over all that may be read: of each object the newest version, once."""
        found: dict[tuple[tuple[str, str], int], Entry] = {}
        for place, one in enumerate(newest(self.every(tokens))):
            found.setdefault((one.family, place if one.thing.kind in OBSERVABLES else -1), one)
        return list(found.values())

    def indexed(self, tokens: set[str]) -> list[Entry]:
        """What lookup and search may find: the newest that may be read, where it is not for named people alone."""
        sealed = {id(one) for home in self.scope(tokens) if is_sealed(home) for one in self.logs[home].entries}
        return [one for one in newest(self.every(tokens)) if id(one) not in sealed]


def reads(tokens: set[str], home: Iterable[Iterable[str]]) -> bool:
    """Whether a holder of `tokens` is of this audience."""
    for part in home:
        for token in part:
            if token.startswith("!") and token[1:] in tokens:
                return False
        if not any(token in tokens or token.startswith("!") for token in part):
            return False
    return True


def was_revoked(own: bool, here: list[Entry], family: Mapping[Home, list[Entry]], thing: Thing) -> bool:
    """Revoking is for good: for one's own objects wherever they lie, for others' where they are put.

    What is older than a revocation that stands beside it is its history, and comes in whatever order.
    """
    known = [one for ones in family.values() for one in ones] if own else here
    later = any(one.thing.revoked and one.shows and one.thing.minute > thing.minute for one in here)
    return any(one.thing.revoked for one in known) and not later


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """Of each (owner, id) the newest versions."""
    known = list(entries)
    last: dict[tuple[str, str], int] = {}
    for one in known:
        last[one.family] = max(one.thing.minute, last.get(one.family, 0))
    return [one for one in known if one.thing.minute == last[one.family]]


def is_sealed(home: Iterable[Iterable[str]]) -> bool:
    """For named people alone."""
    return any(all(token.startswith("person:") for token in part) for part in home)
