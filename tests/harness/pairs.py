"""Pairs of histories that one viewer must not be able to tell apart, made from a seed.

The generator tells itself a story: groups form, members share, revise, revoke, withdraw and pass on. Whatever the
viewer could see of it happens in both worlds; what it could not may happen in either alone. Many hidden things are
twins of visible ones: the same value, the same STIX id under another owner, the same title, a newer version elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import msgspec

from tests.harness.acts import (
    BOTH,
    Act,
    Burn,
    Follow,
    Found,
    Hold,
    Join,
    Leave,
    Read,
    Step,
    Submit,
    Turnover,
    Withdraw,
    member_of,
)
from tests.harness.addresses import Circle, Home, plain
from tests.harness.base import BOUND, MEMBERS
from tests.harness.ceilings import LADDER, may_travel
from tests.harness.model import Entry, Model, reads
from tests.harness.things import OBSERVABLES, Thing

VIEWERS = ("acme", "dansk", "stahl", "dk-cert", "fjord", "centre")
KINDS = (
    "indicator", "indicator", "malware", "vulnerability", "relationship", "sighting", "note", "ipv4-addr",
    "domain-name", "campaign",
)  # fmt: skip
LIKE = {
    "value": ("value",), "title": ("title", "word"), "id": ("kind", "name", "value"),
    "all": ("kind", "name", "value", "title", "word", "refs"),
}  # fmt: skip
"""What a twin has of its original."""
TITLES = ("Silver heron", "Copper wolf", "Winter gate", "Amber lantern")


class Pair(msgspec.Struct, frozen=True):
    """Two histories. `later` happens between the viewer's requests."""

    seed: int
    viewer: str
    steps: tuple[Step, ...]
    later: tuple[Step, ...]

    def hidden(self) -> list[Step]:
        """What happens in one world only."""
        return [step for step in (*self.steps, *self.later) if step.worlds != BOTH]

    def things(self) -> list[Thing]:
        """Everything that anybody sends."""
        sent = [step.act for step in (*self.steps, *self.later)]
        return [thing for act in sent if isinstance(act, Submit) for thing in act.things] + [
            act.thing for act in sent if isinstance(act, Hold)
        ]


def make_pair(seed: int, *, acts: int = 26, later: int = 10) -> Pair:
    """The pair of that seed, always the same."""
    return _Story(seed).told(acts, later)


class _Story:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(f"pair {seed}")
        self.viewer = self.chance.choice(VIEWERS)
        self.model = Model()
        self.mine: set[str] = set()
        """Groups that the viewer belongs to, or will, when it asks."""
        self.left: set[str] = set()
        self.unsure: set[str] = set()
        """Groups that are not alike in both worlds."""
        self.count = 0
        self.seen: list[Thing] = []
        self.unseen: list[Thing] = []
        self.steps: list[Step] = []
        self.joining = ""
        self.guests: list[str] = []
        """Groups that somebody joined unseen, once for each."""

    def told(self, acts: int, later: int) -> Pair:
        self._groups()
        for number in range(acts):
            self._one_more()
            if number == acts // 2:
                self._changes()
        self._happen(Follow(), visible=True)
        before, self.steps = self.steps, []
        for _ in range(later):
            self._one_more()
            if self.chance.random() < 0.3:
                self._happen(Follow(), visible=True)
        return Pair(self.seed, self.viewer, tuple(before), tuple(self.steps))

    # -- who belongs where ------------------------------------------------------------------------------------------

    def _groups(self) -> None:
        names = [f"g{number}" for number in range(self.chance.randint(3, 5))]
        for place, slug in enumerate(names):
            inside = self.chance.sample(list(MEMBERS), self.chance.randint(2, 4))
            if place == 0:
                inside = [*(one for one in inside if one != self.viewer), self.viewer][-3:]
            if place == 1:
                inside = [one for one in inside if one != self.viewer] or ["kunde"]
            act = Found(slug, inside[0], tuple(inside[1:]), self.chance.random() < 0.4, self.chance.random() < 0.3)
            self.mine |= {slug} if self.viewer in inside else set()
            self._happen(act, visible=self.viewer in inside or place == 2)
        fixed = [slug for slug in self.model.groups if place_of(slug) == 2 and slug not in self.mine]
        self.joining = fixed[0] if fixed and self.chance.random() < 0.7 else ""
        self.mine |= {self.joining} if self.joining else set()

    def _changes(self) -> None:
        """Halfway the viewer joins a group, or leaves one; others come and go where it does not see."""
        self._quietly_joined()
        if self.joining and self.viewer not in self.model.groups[self.joining].inside:
            self._happen(Join(self.joining, self.viewer), visible=True)
        elif len(self.mine) > 1 and self.chance.random() < 0.6:
            slug = self.chance.choice(sorted(self.mine))
            if self.model.groups[slug].owner != self.viewer:
                self._happen(Leave(slug, self.viewer), visible=True)
                self.mine.discard(slug)
                self.left.add(slug)
        for slug, group in self.model.groups.items():
            outside = [one for one in MEMBERS if one not in group.inside and one != self.viewer]
            if outside and slug not in self.mine and slug not in self.left:
                self._happen(Join(slug, self.chance.choice(outside)), visible=place_of(slug) == 2)

    def _quietly_joined(self) -> None:
        """Somebody joins a group of the viewer's that names its members to nobody, while they are too few to count."""
        for slug, group in self.model.groups.items():
            quiet = self.viewer in group.inside and not group.named and not group.hides_past
            outside = [one for one in MEMBERS if one not in group.inside]
            if quiet and group.owner != self.viewer and len(group.inside) + self.guests.count(slug) < 5:
                self.guests.append(slug)
                self.steps.append(Step(Join(slug, self.chance.choice(outside)), self._somewhere()))

    # -- what is shared ---------------------------------------------------------------------------------------------

    def _one_more(self) -> None:
        choices: list[tuple[Callable[[], None], int]] = [
            (self._fresh, 6), (self._twin, 6), (self._revised, 3), (self._revoked, 2), (self._withdrawn, 3),
            (self._passed_on, 1), (self._observed, 1), (self._behind_the_scenes, 2),
        ]  # fmt: skip
        self.chance.choices([one for one, _ in choices], [weight for _, weight in choices])[0]()

    def _fresh(self) -> None:
        """New things of anybody's, to anyone."""
        actor = self._actor()
        circle = self._circle(actor)
        things = tuple(self._thing(actor, circle) for _ in range(self.chance.choice((1, 1, 2, 3))))
        self._send(actor, circle, things)

    def _twin(self) -> None:
        """A likeness of something visible, where the viewer does not see it."""
        if not self.seen:
            return self._fresh()
        model = self.chance.choice(self.seen)
        actor = self._actor(but=self.viewer)
        circle = self._unseen_circle(actor)
        fresh = self._thing(actor, circle)
        taken = {field: getattr(model, field) for field in self.chance.choice(list(LIKE.values()))}
        if "kind" in taken:
            taken |= {"refs": model.refs, "minute": model.minute, "claim": ""}
        twin = msgspec.structs.replace(fresh, **taken)
        self._send(actor, circle, (twin,))
        return None

    def _revised(self) -> None:
        """A later version, where the last one lies or somewhere else."""
        owner, thing, home = self._known(lambda one: one.thing.kind not in OBSERVABLES and not self._over(one))
        if thing is None:
            return self._fresh()
        circle = plain(home) if home and self.chance.random() < 0.4 else self._circle(owner)
        if owner != self.viewer and home and self._visible(home) and self.chance.random() < 0.6:
            circle = self._unseen_circle(owner)  # the viewer keeps the version that it knows
        later = thing.later(self._minute(owner, thing), word=self._word(), value=self._value(thing.kind))
        return self._send(owner, circle, (self._marked(later, circle),))

    def _revoked(self) -> None:
        """Revoked where it is seen, if it is seen anywhere: it then reaches every reader."""
        owner, thing, _ = self._known(lambda one: one.thing.kind not in OBSERVABLES and not self._over(one))
        if thing is None:
            return self._fresh()
        places = [home for home, ones in self.model.family(owner, thing.id).items() if any(one.shows for one in ones)]
        shown = [home for home in places if self._visible(home)]
        home = self.chance.choice(sorted(shown or places, key=str))
        if not self._may_address(owner, plain(home)):
            return None
        later = thing.later(self._minute(owner, thing), revoked=True)
        return self._send(owner, plain(home), (later,))

    def _withdrawn(self) -> None:
        """Taken back: one version, or all of them."""
        owner, thing, _ = self._known(lambda one: True)
        if thing is None:
            return self._fresh()
        family = self.model.family(owner, thing.id)
        version = thing.version if thing.version and self.chance.random() < 0.5 else None
        hit = [
            home for home, ones in family.items()
            if version is None or any(one.thing.version == version for one in ones)
        ]  # fmt: skip
        visible = owner == self.viewer or any(map(self._visible, hit))
        return self._happen(Withdraw(owner, thing.id, version), visible=visible)

    def _passed_on(self) -> None:
        """Somebody hands on what a member with an identity of its own published."""
        owner, thing, home = self._known(lambda one: one.thing.claim in BOUND and one.thing.tlp in ("clear", "green"))
        if thing is None or home is None:
            return
        others = [one for one in MEMBERS if one not in (owner, self.viewer) and reads(self.model.tokens(one), home)]
        if others:
            actor = self.chance.choice(others)
            secret = owner == self.viewer or not self._visible(home)  # what lies in one world only stays unseen
            circle = self._unseen_circle(actor) if secret else self._circle(actor)
            # What the viewer owns it may follow: where it lies, and to whom it went.
            if may_travel(thing.tlp, circle):
                self._send(actor, circle, (thing,), visible=True if owner == self.viewer else None)

    def _observed(self) -> None:
        """Somebody reads: of what is not the viewer's own, nobody learns who did."""
        owner, thing, home = self._known(lambda one: True)
        if thing is not None and home is not None:
            others = [one for one in MEMBERS if one != self.viewer and reads(self.model.tokens(one), home)]
            if others:
                act = Read(f"{self.chance.choice(others)}/read", thing)
                self._happen(act, visible=self.viewer in (owner, thing.claim))

    def _behind_the_scenes(self) -> None:
        """What leaves no object behind for anybody to see: keys, quotas, held and failed submissions."""
        actor = self._actor(but=self.viewer)
        circle = self._unseen_circle(actor)
        if self.chance.random() < 0.3:
            return self._quietly_joined()
        return self._happen(self.chance.choice((
            Turnover(actor), Turnover(actor), Burn(f"{actor}/main", 3), Hold(actor, circle, self._thing(actor, circle)),
            Hold(actor, circle, self._thing(actor, circle), fails=True),
        )), visible=False)  # fmt: skip

    # -- parts ------------------------------------------------------------------------------------------------------

    def _send(self, actor: str, circle: Circle, things: Sequence[Thing], visible: bool | None = None) -> None:
        shown = actor == self.viewer or self._visible(self.model.home(circle)) if visible is None else visible
        if shown and any(token.partition(":")[2] in self.unsure for part in circle for token in part):
            return  # what the viewer sees happen must be able to happen in both worlds
        principal = f"{actor}/main" if self.chance.random() < 0.8 else f"{actor}-ann"
        self._happen(Submit(principal, circle, tuple(things)), visible=shown)

    def _happen(self, act: Act, *, visible: bool) -> None:
        step = Step(act, BOTH if visible else self._somewhere())
        self.steps.append(step)
        if isinstance(act, Found | Join | Leave) and step.worlds != BOTH:
            self.unsure.add(act.slug if isinstance(act, Found) else act.group)
        self._remember(act, visible)

    def _remember(self, act: Act, visible: bool) -> None:
        match act:
            case Found(slug, owner, members, named, hides_past):
                self.model.found(slug, owner, members, named=named, hides_past=hides_past)
            case Join(group, member):
                self.model.join(group, member)
            case Leave(group, member):
                self.model.leave(group, member)
            case Withdraw(member, id, version):
                self.model.withdraw(member, id, version)
            case Submit(principal, circle, things):
                for thing in things:
                    self.model.submit(member_of(principal), circle, thing)
                    (self.seen if visible else self.unseen).append(thing)

    def _somewhere(self) -> frozenset[int]:
        return self.chance.choice((frozenset({1}), frozenset({2}), frozenset({1}), frozenset({2}), BOTH))

    def _visible(self, home: Home) -> bool:
        """Whether the viewer, or one of its people, may read it when it asks."""
        held = self.model.tokens(self.viewer) | {f"person:{self.viewer}-{name}" for name in ("ann", "rob", "amy")}
        for slug in self.mine - {one for one in self.mine if self.viewer in self.model.groups[one].inside}:
            if not self.model.groups[slug].hides_past:
                held |= {f"group:{slug}#{volume}" for volume in range(1, 20)}
        return reads(held, home)

    def _actor(self, but: str = "") -> str:
        weights = {one: 3 if one == self.viewer else 1 for one in MEMBERS if one != but}
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _circle(self, actor: str) -> Circle:
        """An audience that `actor` may address."""
        groups = [slug for slug, group in self.model.groups.items() if actor in group.inside]
        other = self.chance.choice([one for one in MEMBERS if one != actor])
        token = f"group:{self.chance.choice(groups)}" if groups else f"member:{other}"
        nation = self.chance.choice(("no", "dk", "de"))
        return self.chance.choice((
            (("community",),), ((token,),), ((token,),), ((f"nation:{nation}",),), ((f"member:{other}",),),
            ((f"member:{actor}", f"member:{other}"),), ((token, f"nation:{nation}"),),
            ((token,), (f"nation:{nation}",)), (("community",), (f"!nation:{nation}",)),
            ((f"person:{other}-ann", f"person:{actor}-ann"),),
        ))  # fmt: skip

    def _unseen_circle(self, actor: str) -> Circle:
        for _ in range(12):
            circle = self._circle(actor)
            if not self._visible(self.model.home(circle)):
                return circle
        return ((f"member:{actor}",),)

    def _may_address(self, actor: str, circle: Circle) -> bool:
        held = self.model.tokens(actor)
        homes = self.model.home(circle)
        return all(not token.startswith("group:") or token in held for part in homes for token in part)

    def _thing(self, actor: str, circle: Circle) -> Thing:
        self.count += 1
        kind = self.chance.choice(KINDS)
        sent = (*self.seen, *self.unseen)
        known = [one.id for one in sent if one.kind not in ("relationship", "sighting", "note")]
        refs = tuple(self.chance.choice(known) for _ in range(2)) if len(known) > 1 else ()
        if kind in ("relationship", "sighting", "note") and not refs:
            kind = "malware"
        claim = actor if actor in BOUND and kind not in OBSERVABLES and self.chance.random() < 0.3 else ""
        title = self.chance.choice(TITLES)
        if kind == "sighting":
            refs = tuple(one for one in known if one.startswith(("indicator", "malware", "campaign")))[-1:]
            kind = kind if refs else "malware"
        thing = Thing(
            kind, f"{self.seed}-{self.count}", self._value(kind), title, self._word(), f"silent{self._word()}", 1,
            claim=claim, refs=refs,
        )  # fmt: skip
        thing = msgspec.structs.replace(thing, minute=0 if kind in OBSERVABLES else 1)
        return self._marked(thing, circle)

    def _over(self, entry: Entry) -> bool:
        """Whether it was revoked anywhere, which its owner knows and lets nobody undo."""
        return any(one.thing.revoked for ones in self.model.family(*entry.family).values() for one in ones)

    def _marked(self, thing: Thing, circle: Circle) -> Thing:
        fitting = [tlp for tlp in LADDER if may_travel(tlp, circle)]
        tlp = "" if self.chance.random() < 0.05 else self.chance.choice(fitting)
        return msgspec.structs.replace(thing, tlp=tlp)

    def _value(self, kind: str) -> str:
        number = self.chance.randrange(256)
        return f"bad{number}.example" if kind == "domain-name" else f"198.51.100.{number}"

    def _word(self) -> str:
        return "z" + "".join(self.chance.choices("bcdfghjklm", k=9))

    def _minute(self, owner: str, thing: Thing) -> int:
        family = self.model.family(owner, thing.id)
        return 1 + max((one.thing.minute for ones in family.values() for one in ones), default=thing.minute)

    def _known(self, fits: Callable[[Entry], bool]) -> tuple[str, Thing | None, Home | None]:
        """Something that stands, the viewer's own a little more often."""
        found = [
            (one, home) for home, log in self.model.logs.items() for one in log.entries if one.shows and fits(one)
            for _ in range(2 if one.owner == self.viewer else 1)
        ]  # fmt: skip
        if not found:
            return "", None, None
        one, home = self.chance.choice(found)
        return one.owner, one.thing, home


def place_of(slug: str) -> int:
    """Which group of the story: the viewer is in the first, never in the second, and sees the third come."""
    return int(slug[1:])
