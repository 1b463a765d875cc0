"""Tells one incident: what its first reporter writes, and what others add who saw the same."""

from __future__ import annotations

from shieldwall.demo.world import phrases
from shieldwall.demo.world.account import report
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.desks import Desk, Venue
from shieldwall.demo.world.detection import indicator, observables, observed, sighting
from shieldwall.demo.world.objects import HOUR, made
from shieldwall.demo.world.story import Stage, Story, begin, found, say


def tell(chance: Chance, stage: Stage, venue: Venue, began: int) -> None:
    """Lay an incident that `began` then on the desks of `venue`: the first reporter's account, then the others'."""
    desk = stage.desks.at(chance.one(venue.cast), venue)
    story = begin(chance, stage, desk, began)
    reported = min(story.began + int(chance.skewed(6, 24 * 12)) * HOUR, stage.now - 12 * HOUR)
    report(chance, stage, desk, story, reported)
    for member in chance.some([member for member in venue.cast if member != desk.member.id], 2, 6):
        later = min(reported + int(chance.skewed(2, 300)) * HOUR, stage.now - HOUR)
        _follow(chance, stage, stage.desks.at(member, venue), story, later)


def _follow(chance: Chance, stage: Stage, desk: Desk, story: Story, at: int) -> None:
    """Another member saw the same: sightings, indicators of its own for the same values, a word on it."""
    author = desk.member.identity_id
    things = [sighting(chance, author, seen, story.began, at) for seen in chance.some(story.indicators, 3, 11)]
    same = chance.some(story.finds, 2, 7)
    things += [indicator(chance, author, story, find, at) for find in same]
    own = found(chance, story.plot, 2)
    things += [indicator(chance, author, story, find, at) for find in own]
    things.append(observed(chance, author, [*same, *own], story.began, at))
    subject = chance.one(story.subjects)
    if chance.often(0.5):
        things.append(made(chance, "opinion", author, at, object_refs=[subject["id"]],
                           explanation=chance.one(phrases.ANSWERS), opinion=chance.one(_OPINIONS)))
    if chance.often(0.5):
        things.append(made(chance, "note", author, at, abstract="Seen here too", object_refs=[subject["id"]],
                           content=" ".join((chance.one(phrases.SIGHTED), say(chance, story, "effects")))))
    desk.put(chance, story.level, *things, *observables([*same, *own]))


_OPINIONS = ("agree", "agree", "strongly-agree", "neutral", "disagree", "strongly-disagree")
