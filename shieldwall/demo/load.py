"""Replays a year in the alliance through the exchange, as its members would have sent it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from shieldwall import exchange, members
from shieldwall.demo.enrolment import Enrolled
from shieldwall.demo.world import Act, Submission
from shieldwall.policy import Viewer

Step = Callable[[str], None]
_WINDOW = 5  # acts between two words of progress


class Told(msgspec.Struct, frozen=True):
    """What became of one act. `receipt` is None for a withdrawal."""

    act: Act
    receipt: exchange.Receipt | None


def give_knowledge(knowledge: Iterable[Submission], enrolled: Enrolled, step: Step) -> None:
    """Lay down what everyone may know."""
    for given in knowledge:
        step(f"laying down what is known: {given.source}")
        viewer = members.viewer_of_key(enrolled.keys[given.member])
        exchange.admit(viewer, given.objects, audience=given.audience, default_marking=given.default_marking)


def replay(acts: Iterable[Act], enrolled: Enrolled, step: Step) -> list[Told]:
    """Let everyone act, in order: relays need what they pass on, updates what they mend."""
    told: list[Told] = []
    for act in acts:
        if len(told) % _WINDOW == 0:
            step(f"living a year: {len(told)} acts")
        told.append(Told(act, _perform(act, _actor(act, enrolled))))
    return told


def follow_words(step: Step) -> None:
    """Make everything findable by its words, now."""
    total = 0
    while followed := exchange.follow_words():
        total += followed
        step(f"making it searchable: {total} entries")


def counted(told: Iterable[Told]) -> Counter[str]:
    """How many objects came out how."""
    return Counter(one.outcome for each in told if each.receipt for one in each.receipt.outcomes)


def _actor(act: Act, enrolled: Enrolled) -> Viewer:
    if act.person:
        return members.viewer_of_person(enrolled.people[act.person])
    return members.viewer_of_key(enrolled.keys[act.member])


def _perform(act: Act, viewer: Viewer) -> exchange.Receipt | None:
    if act.kind == "withdraw":
        exchange.withdraw(viewer, act.target, None, act.reason)
        return None
    return exchange.admit(viewer, act.objects, audience=act.audience, default_marking=act.default_marking)
