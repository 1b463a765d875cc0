"""One incident while it is being told, and the stage that all incidents share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from shieldwall.demo.world import attack
from shieldwall.demo.world.alliance import NATION, SECTOR, SECTORS
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.desks import Desk, Desks
from shieldwall.demo.world.objects import Thing
from shieldwall.demo.world.observables import MAKERS, Find
from shieldwall.demo.world.plots import PLOTS, Plot
from shieldwall.policy import TLP


class Stage(msgspec.Struct):
    """What stories share: actors and families already named, values that come again, places, the end of the year."""

    now: int
    desks: Desks
    places: Mapping[str, Thing]  # nation → location
    products: Sequence[str]
    clusters: list[Thing] = []
    families: list[Thing] = []
    common: list[Find] = []  # infrastructure that many incidents share


class Story(msgspec.Struct):
    """One incident as it is being told."""

    plot: Plot
    level: TLP
    began: int
    slots: dict[str, str]
    techniques: list[attack.Technique]
    finds: list[Find]
    indicators: list[Thing] = []
    subjects: list[Thing] = []  # campaign, malware, report: what others comment on


def begin(chance: Chance, stage: Stage, desk: Desk, began: int) -> Story:
    """What happened, before anyone writes about it."""
    plot = chance.one(PLOTS)
    known = attack.techniques()
    codes = plot.techniques[:3] + tuple(chance.some(plot.techniques[3:], 1, 4))
    techniques = [known[code] for code in codes if code in known]
    finds = found(chance, plot, chance.randint(9, 22)) + chance.some(stage.common, 1, 3)
    return Story(plot=plot, level=chance.weighted(desk.venue.levels), began=began, techniques=techniques, finds=finds,
                 slots=_slots(chance, stage, desk, finds, techniques))


def found(chance: Chance, plot: Plot, number: int) -> list[Find]:
    """`number` new values of the kinds that such an incident leaves."""
    kinds = chance.choices(list(plot.finds), list(plot.finds.values()), k=number)
    return [MAKERS[kind](chance) for kind in kinds]


def say(chance: Chance, story: Story, part: str) -> str:
    """One of the plot's sentences, filled in."""
    sentences: tuple[str, ...] = getattr(story.plot, part)
    return chance.one(sentences).format(**story.slots)


def _slots(
    chance: Chance, stage: Stage, desk: Desk, finds: list[Find], techniques: list[attack.Technique]
) -> dict[str, str]:
    member = desk.member
    sector = SECTOR[member.sector] if member.sector else chance.one(SECTORS)
    nation = NATION[member.nation].words if member.nation else chance.one(list(NATION.values())).words
    who = f"{_article(nation)} {sector.name} organisation"
    host = next((find.defanged for find in finds if find.kind == "domain"), MAKERS["domain"](chance).defanged)
    address = next((find.defanged for find in finds if find.kind == "ipv4"), MAKERS["ipv4"](chance).defanged)
    names = [f"{technique.name}, {technique.code}" for technique in techniques]
    return {
        "who": who, "who_cap": who[0].upper() + who[1:], "trade": sector.name, "a_trade": _article(sector.name),
        "nation": nation, "domain": host, "ip": address, "days": str(chance.randint(3, 19)),
        "hosts": str(chance.randint(4, 60)), "product": chance.one(stage.products),
        "group": chance.one(attack.groups()).name,
        "cert": chance.one(list(NATION.values())).words + " CERT",
        "t1": names[0], "t2": names[1 % len(names)], "t3": names[2 % len(names)],
    }


def _article(words: str) -> str:
    return f"{'an' if words[0].lower() in 'aeio' else 'a'} {words}"
