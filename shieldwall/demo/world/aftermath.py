"""What comes after: others pass things on, owners mend, revoke and recall, and some try what they may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shieldwall.demo.world import phrases
from shieldwall.demo.world.acts import Act, act
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.desks import Desk, Desks, Venue
from shieldwall.demo.world.objects import DAY, HOUR, MINUTE, Thing, made, moment, revised, stamp
from shieldwall.policy import TLP

_RELAYS, _UPDATES, _REVOCATIONS, _WITHDRAWALS = 12, 40, 24, 12
_MAY_TRAVEL = {TLP.CLEAR.id, TLP.GREEN.id}


def relays(chance: Chance, desks: Desks, written: Sequence[Desk], places: Sequence[Venue]) -> Iterator[Act]:
    """A national CERT passes on to its nation what others gave to everyone, byte for byte."""
    homes = [venue for venue in places if venue.audience.startswith("nation:") and "|" not in venue.audience]
    givers = [desk for desk in written if desk.venue.audience == "community" and not desk.default_marking]
    for venue in chance.some(homes, _RELAYS, _RELAYS):
        relay = desks.at(venue.cast[0], venue)
        given = [thing for desk in givers if desk.member.id != relay.member.id for thing in desk.things.values()
                 if thing["type"] in ("report", "indicator", "vulnerability") and _may_travel(thing)]
        if given:
            yield act(chance, "relay", relay, chance.some(given, 8, 30), default_marking="")


def _may_travel(thing: Thing) -> bool:
    return set(thing.get("object_marking_refs", ())) <= _MAY_TRAVEL and "object_marking_refs" in thing


def updates(chance: Chance, written: Sequence[Desk], now: int) -> Iterator[Act]:
    """Owners publish new versions: longer or shorter validity, other confidence, a sentence more."""
    for desk in chance.some(written, _UPDATES, _UPDATES):
        aged = _own(desk, now, "indicator", "report", "vulnerability", "campaign")
        newer = [_mended(chance, thing, _between(chance, thing, now, 0.0, 0.5))
                 for thing in chance.some(aged, 3, 24)]
        if newer:
            yield act(chance, "update", desk, newer)


def _own(desk: Desk, now: int, *kinds: str) -> list[Thing]:
    """What `desk` made more than two days ago."""
    before = stamp(now - 2 * DAY)
    return [thing for thing in desk.things.values() if thing["type"] in kinds and thing["created"] < before]


def _between(chance: Chance, thing: Thing, now: int, earliest: float, latest: float) -> int:
    """A time in the life of `thing` so far, given as shares of it: updates come first, revocations after."""
    made_at = moment(thing["created"])
    return made_at + MINUTE + int((now - HOUR - made_at) * chance.uniform(earliest, latest))


def _mended(chance: Chance, thing: Thing, at: int) -> Thing:
    if thing["type"] == "indicator":
        return revised(thing, at, confidence=chance.choice((10, 40, 60, 90)),
                       valid_until=stamp(at + chance.choice((7, 30, 90)) * DAY))
    if thing["type"] == "campaign":
        return revised(thing, at, last_seen=stamp(at))
    return revised(thing, at, description=f"{thing['description']}\n\nUpdate: {chance.one(_NEWS)}")


_NEWS = (
    "three further organisations have confirmed the same traffic.",
    "the address block has been handed back by its provider.", "exploitation has been seen in two nations.",
    "the first date was wrong by a week; the rest stands.",
    "the vendor has published a fix.", "we no longer hold the link to the earlier case.",
)


def revocations(chance: Chance, written: Sequence[Desk], now: int) -> Iterator[Act]:
    """Owners say that something was wrong; the oldest version is what they take back."""
    for desk in chance.some(written, _REVOCATIONS, _REVOCATIONS):
        wrong = chance.some(_own(desk, now, "indicator"), 1, 5)
        if wrong:
            yield act(chance, "revoke", desk, [
                revised(thing, _between(chance, thing, now, 0.5, 1.0), revoked=True,
                        description=chance.one(phrases.FALSE_ALARM)) for thing in wrong])


def withdrawals(chance: Chance, written: Sequence[Desk], now: int) -> Iterator[Act]:
    """Owners take back what should not have been shared."""
    shared = [desk for desk in written if desk.venue.audience]
    for desk in chance.some(shared, _WITHDRAWALS, _WITHDRAWALS):
        if told := _own(desk, now, "report", "note", "indicator"):
            yield Act(kind="withdraw", at=now - chance.randint(5, 55) * MINUTE, member=desk.member.id,
                      audience=desk.venue.audience, target=chance.one(told)["id"], reason=chance.one(phrases.RECALLED),
                      person=desk.venue.person)


# (level, audience) of what is too strict for where it is sent.
_TOO_WIDE = ((TLP.RED, "community"), (TLP.AMBER, "community"), (TLP.AMBER_STRICT, "community"), (TLP.RED, "nation:{}"))


def refusals(chance: Chance, written: Sequence[Desk], now: int) -> Iterator[Act]:
    """Some send what is too strict for the audience, some a new version of what is another's."""
    certs = [desk for desk in written if desk.member.kind == "cert" and desk.venue.audience == "community"]
    for level, audience in _TOO_WIDE:
        desk = chance.one(certs)
        note = made(chance, "note", desk.member.identity_id, now - 3 * HOUR, abstract="Sent too wide",
                    content="Names the victim and its provider.", object_refs=[desk.member.identity_id],
                    object_marking_refs=[level.id])
        yield act(chance, "submit", desk, [note], audience=audience.format(desk.member.nation), default_marking="",
                  outcome="refused")
    for _ in range(3):
        owner, other = chance.sample(certs, 2)
        if aged := _own(owner, now, "indicator", "report"):
            foreign = [revised(thing, now - 2 * HOUR, description="Changed by another.")
                       for thing in chance.some(aged, 1, 3)]
            yield act(chance, "submit", other, foreign, default_marking="", outcome="refused")
