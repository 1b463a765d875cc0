"""What detects or records: indicators, rules, observed data, sightings."""

from __future__ import annotations

from collections.abc import Sequence

from shieldwall.demo.world import patterns, phrases
from shieldwall.demo.world.chance import Chance, unique
from shieldwall.demo.world.objects import DAY, MINUTE, Thing, made, stamp
from shieldwall.demo.world.observables import Find
from shieldwall.demo.world.story import Story


def indicator(chance: Chance, author: str, story: Story, find: Find, at: int) -> Thing:
    """A simple indicator of one value."""
    kinds = {"scanning": ["anomalous-activity"], "ddos": ["anomalous-activity"], "influence": ["attribution"]}
    return made(
        chance, "indicator", author, at, name=f"{find.kind.capitalize()} {find.defanged}",
        pattern=patterns.simple(find), pattern_type="stix", pattern_version="2.1", valid_from=stamp(story.began),
        valid_until=stamp(at + chance.choice((14, 30, 90, 180)) * DAY) if chance.often(0.6) else "",
        indicator_types=kinds.get(story.plot.id, ["malicious-activity"]),
        confidence=chance.choice((15, 30, 50, 70, 85, 95)),
        description=chance.one(_INDICATED).format(**story.slots) if chance.often(0.5) else "",
        kill_chain_phases=_phase(chance, story), labels=[story.plot.id])


_INDICATED = (
    "Seen with {cluster}.", "Contacted by {malware} after start.", "Found at {who}, first in resolver logs.",
    "Served the page of the campaign for {days} days.", "Taken from the configuration of {malware}.",
    "Shared hosting: alert, do not block.", "Sign-ins with stolen accounts came from here.",
)


def _phase(chance: Chance, story: Story) -> list[Thing]:
    technique = chance.one(story.techniques)
    return [{"kill_chain_name": "mitre-attack", "phase_name": technique.tactics[0]}]


def rules(chance: Chance, author: str, story: Story, family: str, at: int) -> list[Thing]:
    """A composite pattern, and now and then a rule in the language of a sensor."""
    host = next((find for find in story.finds if find.kind == "domain"), None)
    address = next((find for find in story.finds if find.kind == "ipv4"), None)
    title = f"{family} activity"
    rules = [("stix", patterns.composite(chance, chance.sample(story.finds, 3), at))] if chance.often(0.7) else []
    if chance.often(0.3):
        rules.append(("yara", patterns.yara(chance, family)))
    if host and chance.often(0.3):
        rules.append(("sigma", patterns.sigma(chance, title, host, story.techniques[0].code)))
    if host and chance.often(0.2):
        rules.append(("suricata", patterns.suricata(chance, title, host)))
    if address and chance.often(0.15):
        rules.append(("snort", patterns.snort(chance, title, address)))
    return [made(chance, "indicator", author, at + MINUTE, name=f"{title} ({language})", pattern=pattern,
                 pattern_type=language, indicator_types=["malicious-activity"], valid_from=stamp(at),
                 confidence=chance.choice((50, 70, 85)), labels=[story.plot.id, "detection-rule"])
            for language, pattern in rules]


def observables(finds: Sequence[Find]) -> list[Thing]:
    """The SCOs of `finds`, with those they refer to."""
    return [thing for find in finds for thing in (*find.beside, find.thing)]


def observed(chance: Chance, author: str, finds: Sequence[Find], began: int, at: int) -> Thing:
    """`finds` as observed between `began` and `at`."""
    return made(chance, "observed-data", author, at, first_observed=stamp(began), last_observed=stamp(at),
                number_observed=int(chance.skewed(1, 4000)),
                object_refs=unique(thing["id"] for thing in observables(finds)))


def sighting(chance: Chance, author: str, sign: Thing, began: int, at: int) -> Thing:
    """That `author` saw what `sign` tells of."""
    seen = began + int(chance.random() * (at - began))
    return made(chance, "sighting", author, at, sighting_of_ref=sign["id"], where_sighted_refs=[author],
                first_seen=stamp(seen), last_seen=stamp(at), count=int(chance.skewed(1, 400)),
                description=chance.one(phrases.SIGHTED) if chance.often(0.4) else "")
