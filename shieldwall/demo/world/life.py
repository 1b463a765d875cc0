"""A year in the alliance, as acts to be replayed: some 300 bundles, then updates, revocations, recalls, refusals."""

from __future__ import annotations

from collections.abc import Iterator

from shieldwall.demo.world import advisories, aftermath, phrases, stories
from shieldwall.demo.world.acts import Act, act
from shieldwall.demo.world.alliance import HUB, NATIONS, SECTORS
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.desks import Desks, Venue, venues
from shieldwall.demo.world.objects import DAY, HOUR, Thing, made, named_id, stamp
from shieldwall.demo.world.observables import MAKERS
from shieldwall.demo.world.roster import FOUNDED, Roster
from shieldwall.demo.world.story import Stage
from shieldwall.policy import TLP

_STORIES = 120
_ADVISORIES = 130
_QUESTIONS = 90
_COMMON_VALUES = 40


def life(roster: Roster, seed: str, now: int, scale: float = 1.0) -> Iterator[Act]:
    """The year before `now` (µs). At scale 1 about 16,000 objects in fewer than 400 acts; a larger scale makes the
    bundles larger, not more of them. Acts come in an order in which they can be replayed."""
    chance = Chance(seed, "life")
    places = venues(chance, roster)
    desks = Desks(chance, roster)
    _introduce(desks, places, chance)
    _tell(chance, desks, places, now, scale)
    _advise(chance, desks, places, now, scale)
    _ask(chance, desks, places, now, scale)
    written = [desk for desk in desks if desk.things]
    yield from (act(chance, "submit", desk, list(desk.things.values())) for desk in written)
    yield from aftermath.relays(chance, desks, written, places)
    yield from aftermath.updates(chance, written, now)
    yield from aftermath.revocations(chance, written, now)
    yield from aftermath.withdrawals(chance, written, now)
    yield from aftermath.refusals(chance, written, now)


def _introduce(desks: Desks, places: list[Venue], chance: Chance) -> None:
    """Everyone who writes lays down its own identity; the hub adds the nations as places."""
    community = places[0]
    known: set[str] = set()
    for venue in places:
        for member in venue.cast:
            if member not in known and venue.audience:
                known.add(member)
                desks.at(member, venue).put(chance, _loosest(venue), desks.members[member].identity)
    desks.at(HUB, community).put(chance, TLP.CLEAR, *_locations(desks.members[HUB].identity_id).values())


def _loosest(venue: Venue) -> TLP:
    return min(venue.levels)


def _locations(author: str) -> dict[str, Thing]:
    return {
        nation.code: {"type": "location", "spec_version": "2.1", "id": named_id("location", f"nation:{nation.code}"),
                      "created_by_ref": author, "created": FOUNDED, "modified": FOUNDED, "name": nation.name,
                      "country": nation.code.upper()}
        for nation in NATIONS
    }


def _drawn(chance: Chance, places: list[Venue], number: int) -> list[Venue]:
    return chance.choices(places, [venue.weight for venue in places], k=number)


def _tell(chance: Chance, desks: Desks, places: list[Venue], now: int, scale: float) -> None:
    """One story wherever a person writes, the others by weight."""
    stage = Stage(now=now, desks=desks, places=_locations(desks.members[HUB].identity_id),
                  products=advisories.products(chance))
    stage.common = [MAKERS[chance.one(("ipv4", "domain", "file"))](chance) for _ in range(_COMMON_VALUES)]
    told_at = [venue for venue in places if venue.person] + _drawn(chance, places, round(_STORIES * scale))
    chance.shuffle(told_at)
    times = sorted(now - int(chance.uniform(2, 364) * DAY) for _ in told_at)
    for venue, began in zip(told_at, times, strict=True):
        stories.tell(chance, stage, venue, began)


def _advise(chance: Chance, desks: Desks, places: list[Venue], now: int, scale: float) -> None:
    """Most advisories go to everyone, some first to those who coordinate."""
    community = places[0]
    coordination = next(venue for venue in places if venue.audience == "group:vulnerability-coordination")
    for _ in range(round(_ADVISORIES * scale)):
        venue = community if chance.often(0.75) else coordination
        desk = desks.at(chance.one(venue.cast), venue)
        at = now - int(chance.uniform(3, 360) * DAY)
        level = chance.weighted(venue.levels)
        told = advisories.advisory(chance, desk.member.identity_id, at, stamp(at)[:4])
        desk.put(chance, level, *told)
        for member in chance.some(venue.cast, 0, 3):
            other = desks.at(member, venue)
            other.put(chance, level, advisories.progress(chance, other.member.identity_id, told[0], at + DAY))


def _ask(chance: Chance, desks: Desks, places: list[Venue], now: int, scale: float) -> None:
    """Questions and what others answer."""
    asked_at = [venue for venue in places if len(venue.cast) > 2]
    for venue in _drawn(chance, asked_at, round(_QUESTIONS * scale)):
        at = now - int(chance.uniform(3, 360) * DAY)
        asker, *others = (desks.at(member, venue) for member in chance.some(venue.cast, 2, 5))
        level, author = chance.weighted(venue.levels), asker.member.identity_id
        slots = {
            "domain": MAKERS["domain"](chance).defanged, "trade": chance.one(SECTORS).name,
            "malware": "".join(map(chance.one, phrases.MALWARE_NAMES)),
            "product": chance.one(advisories.products(chance)),
            "cluster": " ".join(map(chance.one, phrases.CLUSTER_NAMES)),
        }
        question = made(chance, "note", author, at, abstract="Question", labels=["question"], object_refs=[author],
                        content=chance.one(phrases.QUESTIONS).format(**slots))
        asker.put(chance, level, question)
        for other in others:
            answer = made(chance, "note", other.member.identity_id, at + int(chance.skewed(1, 40)) * HOUR,
                          abstract="Answer", labels=["answer"], object_refs=[question["id"]],
                          content=chance.one(phrases.ANSWERS))
            other.put(chance, level, answer)
