"""Tells one incident: what its first reporter writes, and what others add who saw the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from shieldwall.demo.world import attack, patterns, phrases
from shieldwall.demo.world.alliance import NATION, SECTOR, SECTORS
from shieldwall.demo.world.chance import Chance, unique
from shieldwall.demo.world.desks import Desk, Desks, Venue
from shieldwall.demo.world.objects import DAY, HOUR, MINUTE, Thing, linked, made, stamp
from shieldwall.demo.world.observables import MAKERS, Find, letter, process
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


def tell(chance: Chance, stage: Stage, venue: Venue, began: int) -> None:
    """Lay an incident that `began` then on the desks of `venue`: the first reporter's account, then the others'."""
    desk = stage.desks.at(chance.one(venue.cast), venue)
    story = _begin(chance, stage, desk, began)
    reported = min(story.began + int(chance.skewed(6, 24 * 12)) * HOUR, stage.now - 12 * HOUR)
    _report(chance, stage, desk, story, reported)
    for member in chance.some([member for member in venue.cast if member != desk.member.id], 2, 6):
        later = min(reported + int(chance.skewed(2, 300)) * HOUR, stage.now - HOUR)
        _follow(chance, stage, stage.desks.at(member, venue), story, later)


def _begin(chance: Chance, stage: Stage, desk: Desk, began: int) -> Story:
    plot = chance.one(PLOTS)
    known = attack.techniques()
    codes = plot.techniques[:3] + tuple(chance.some(plot.techniques[3:], 1, 4))
    techniques = [known[code] for code in codes if code in known]
    finds = _found(chance, plot, chance.randint(9, 22)) + chance.some(stage.common, 1, 3)
    return Story(plot=plot, level=chance.weighted(desk.venue.levels), began=began, techniques=techniques, finds=finds,
                 slots=_slots(chance, stage, desk, finds, techniques))


def _found(chance: Chance, plot: Plot, number: int) -> list[Find]:
    kinds = chance.choices(list(plot.finds), list(plot.finds.values()), k=number)
    return [MAKERS[kind](chance) for kind in kinds]


def _slots(
    chance: Chance, stage: Stage, desk: Desk, finds: list[Find], techniques: list[attack.Technique]
) -> dict[str, str]:
    member = desk.member
    sector = SECTOR[member.sector] if member.sector else chance.one(SECTORS)
    nation = NATION[member.nation].words if member.nation else chance.one(list(NATION.values())).words
    who = f"{_article(nation)} {sector.name} organisation"
    host = next((find.defanged for find in finds if find.kind == "domain"), MAKERS["domain"](chance).defanged)
    address = next((find.defanged for find in finds if find.kind == "ipv4"), MAKERS["ipv4"](chance).defanged)
    names = [technique.words for technique in techniques]
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


def _report(chance: Chance, stage: Stage, desk: Desk, story: Story, at: int) -> None:
    """The account of whoever saw it first."""
    author = desk.member.identity_id
    cluster, newly = _cluster(chance, stage, author, at)
    malware = _malware(chance, stage, author, story, at)
    name = malware["name"]
    story.slots |= {"cluster": cluster["name"], "malware": name}
    title = chance.one(story.plot.titles).format(**story.slots)
    title = title[0].upper() + title[1:]
    campaign = made(
        chance, "campaign", author, at, name=f"{cluster['name']}: {title}", description=_say(chance, story, "openings"),
        first_seen=stamp(story.began), last_seen=stamp(at), objective=chance.one(_OBJECTIVES[story.plot.id]))
    base = made(
        chance, "infrastructure", author, at, name=f"{cluster['name']} {story.plot.infrastructure} servers",
        infrastructure_types=[story.plot.infrastructure], first_seen=stamp(story.began), last_seen=stamp(at))
    story.indicators = [_indicator(chance, author, story, find, at) for find in story.finds if chance.often(0.72)]
    story.indicators += _rules(chance, author, story, name, at)
    story.subjects = [campaign, *([malware] if malware["id"].startswith("malware") and "created" in malware else [])]
    links = _links(chance, stage, author, story, campaign, cluster, malware, base, at)
    observed = _observed(chance, author, story.finds, story.began, at)
    told = [*([cluster] if newly else []), *story.subjects, base, *story.indicators, observed]
    report = _text(chance, story, author, title, [*told, *links], at)
    story.subjects.append(report)
    extras = _extras(chance, author, story, report, at, stage.now)
    desk.put(chance, story.level, *told, *links, report, *_observables(story.finds), *extras)


_OBJECTIVES = {
    "phishing": ("Credentials for later fraud", "Mailboxes of purchasing staff"),
    "ransomware": ("Ransom", "Double extortion"),
    "espionage": ("Designs and offers", "Long-term access"), "ddos": ("Attention", "Disruption on a chosen day"),
    "supply-chain": ("Access to selected customers",), "edge": ("Access for sale", "Foothold for extortion"),
    "control": ("Knowledge of the process", "Show of ability"), "stealer": ("Credentials for sale",),
    "fraud": ("Diverted payments",), "cloud": ("Mail of decision makers", "Lasting access to tenants"),
    "influence": ("Public confidence",), "scanning": ("Knowledge of exposed systems",),
}


def _cluster(chance: Chance, stage: Stage, author: str, at: int) -> tuple[Thing, bool]:
    """An activity cluster, and whether this member is the first to name it."""
    if stage.clusters and chance.often(0.6):
        return chance.one(stage.clusters), False
    first, second = phrases.CLUSTER_NAMES
    name = f"{chance.one(first)} {chance.one(second)}"
    cluster = made(
        chance, "intrusion-set", author, at, name=name, aliases=[f"SW-{chance.randint(1000, 9999)}"],
        description=f"Activity cluster under our own name {name}, until it proves to be known under another.",
        resource_level=chance.one(("individual", "club", "team", "organization", "government")),
        primary_motivation=chance.one(("personal-gain", "organizational-gain", "ideology", "dominance")),
        first_seen=stamp(at - 90 * DAY))
    stage.clusters.append(cluster)
    return cluster, True


def _malware(chance: Chance, stage: Stage, author: str, story: Story, at: int) -> Thing:
    """A family: one that ATT&CK knows, one named before, or a new one."""
    draw = chance.random()
    if draw < 0.35:
        known = chance.one(attack.software())
        return {"id": known.id, "name": known.name}
    if draw < 0.6 and stage.families:
        family = chance.one(stage.families)
        return {"id": family["id"], "name": family["name"]}
    first, second = phrases.MALWARE_NAMES
    name = chance.one(first) + chance.one(second)
    types = {"ransomware": "ransomware", "stealer": "spyware", "ddos": "bot", "espionage": "backdoor"}
    family = made(
        chance, "malware", author, at, name=name, is_family=True, malware_types=[types.get(story.plot.id, "trojan")],
        aliases=[f"{name}.{chance.one(('A', 'B', 'C'))}"], first_seen=stamp(story.began),
        capabilities=chance.sample(("communicates-with-c2", "exfiltrates-data", "persists-after-system-reboot",
                                    "steals-authentication-credentials", "evades-av", "encrypts-files"), 2),
        description=f"Named {name} after a string in its configuration. Loads further parts from its server and keeps "
                    f"its settings encrypted with a key made from the name of the machine.")
    stage.families.append(family)
    return family


def _indicator(chance: Chance, author: str, story: Story, find: Find, at: int) -> Thing:
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


def _rules(chance: Chance, author: str, story: Story, family: str, at: int) -> list[Thing]:
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


def _links(chance: Chance, stage: Stage, author: str, story: Story, campaign: Thing, cluster: Thing, malware: Thing,
           base: Thing, at: int) -> list[Thing]:
    place = stage.places[chance.one([nation.code for nation in NATION.values()])]
    hosts = [find.thing for find in story.finds if find.kind in ("ipv4", "domain", "url")]
    ends: list[tuple[str, Thing | str, Thing | str]] = [
        ("attributed-to", campaign, cluster), ("uses", campaign, malware), ("uses", campaign, base),
        ("targets", campaign, place),
        *(("uses", campaign, technique.id) for technique in story.techniques),
        *(("indicates", indicator, campaign if chance.often(0.6) else malware) for indicator in story.indicators),
        *(("consists-of", base, host) for host in hosts[:3]),
    ]
    return [linked(chance, verb, source, target, author, at + 2 * MINUTE) for verb, source, target in ends]


def _observables(finds: Sequence[Find]) -> list[Thing]:
    return [thing for find in finds for thing in (*find.beside, find.thing)]


def _observed(chance: Chance, author: str, finds: Sequence[Find], began: int, at: int) -> Thing:
    return made(chance, "observed-data", author, at, first_observed=stamp(began), last_observed=stamp(at),
                number_observed=int(chance.skewed(1, 4000)),
                object_refs=unique(thing["id"] for thing in _observables(finds)))


def _say(chance: Chance, story: Story, part: str) -> str:
    sentences: tuple[str, ...] = getattr(story.plot, part)
    return chance.one(sentences).format(**story.slots)


def _text(chance: Chance, story: Story, author: str, title: str, told: Sequence[Thing], at: int) -> Thing:
    """The report: what happened, how, to what effect, what we think of it, what we do not know."""
    slots = story.slots
    names = ", ".join(technique.words for technique in story.techniques)
    paragraphs = [
        _say(chance, story, "openings"),
        " ".join((_say(chance, story, "entries"), _say(chance, story, "actions"))),
        _say(chance, story, "effects"),
        chance.one(phrases.ASSESSMENTS).format(**slots),
        " ".join((_say(chance, story, "responses"), chance.one(phrases.GAPS).format(**slots))),
        f"Techniques: {names}.",
        chance.one(phrases.REQUESTS).format(**slots),
    ]
    kinds = {"espionage": "threat-actor", "ransomware": "malware", "edge": "vulnerability", "scanning": "observed-data"}
    refs = unique([thing["id"] for thing in told] + [technique.id for technique in story.techniques])
    return made(chance, "report", author, at + 5 * MINUTE, name=title, description="\n\n".join(paragraphs),
                published=stamp(at + 5 * MINUTE), report_types=[kinds.get(story.plot.id, "campaign")], object_refs=refs,
                confidence=chance.choice((30, 50, 70, 85)), lang="en",
                labels=[story.plot.id, slots["trade"].replace(" ", "-")])


def _extras(chance: Chance, author: str, story: Story, report: Thing, at: int, now: int) -> list[Thing]:
    """An incident record, a lesson, a mail, a process: not every time."""
    things: list[Thing] = []
    if chance.often(0.4):
        effects = _say(chance, story, "effects")
        things.append(made(chance, "incident", author, at, name=report["name"], description=effects))
    if chance.often(0.45):
        things.append(_lesson(chance, author, story.slots, report, min(at + chance.randint(2, 20) * DAY, now - HOUR)))
    if story.plot.id in ("phishing", "fraud"):
        mail = letter(chance, at)
        things += [*mail.beside, mail.thing]
    if story.plot.id in ("ransomware", "espionage", "stealer"):
        things.append(process(chance, story.began))
    if chance.often(0.25):
        advice = made(chance, "course-of-action", author, at, name=f"After {report['name'].lower()}",
                      description=_say(chance, story, "responses"))
        things += [advice, linked(chance, "mitigates", advice, story.techniques[0].id, author, at)]
    return things


def _lesson(chance: Chance, author: str, slots: Mapping[str, str], report: Thing, at: int) -> Thing:
    """What worked, what did not, what to do differently."""
    worked, failed, following = (
        chance.one(sentences).format(**slots) for sentences in (phrases.WORKED, phrases.FAILED, phrases.NEXT_TIME))
    content = (f"What happened: see the report on {slots['who']}.\nWhat worked: {worked}.\nWhat did not: {failed}.\n"
               f"Next time: {following}.")
    return made(chance, "note", author, at, abstract="Lesson learned", content=content, object_refs=[report["id"]],
                labels=["lesson"], authors=[f"Duty officer {chance.randint(1, 9)}"] if chance.often(0.3) else [])


def _follow(chance: Chance, stage: Stage, desk: Desk, story: Story, at: int) -> None:
    """Another member saw the same: sightings, indicators of its own for the same values, a word on it."""
    author = desk.member.identity_id
    things = [_sighting(chance, author, seen, story.began, at) for seen in chance.some(story.indicators, 3, 11)]
    same = chance.some(story.finds, 2, 7)
    things += [_indicator(chance, author, story, find, at) for find in same]
    own = _found(chance, story.plot, 2)
    things += [_indicator(chance, author, story, find, at) for find in own]
    things.append(_observed(chance, author, [*same, *own], story.began, at))
    subject = chance.one(story.subjects)
    if chance.often(0.5):
        things.append(made(chance, "opinion", author, at, object_refs=[subject["id"]],
                           explanation=chance.one(phrases.ANSWERS), opinion=chance.one(_OPINIONS)))
    if chance.often(0.5):
        things.append(made(chance, "note", author, at, abstract="Seen here too", object_refs=[subject["id"]],
                           content=" ".join((chance.one(phrases.SIGHTED), _say(chance, story, "effects")))))
    desk.put(chance, story.level, *things, *_observables([*same, *own]))


_OPINIONS = ("agree", "agree", "strongly-agree", "neutral", "disagree", "strongly-disagree")


def _sighting(chance: Chance, author: str, indicator: Thing, began: int, at: int) -> Thing:
    seen = began + int(chance.random() * (at - began))
    return made(chance, "sighting", author, at, sighting_of_ref=indicator["id"], where_sighted_refs=[author],
                first_seen=stamp(seen), last_seen=stamp(at), count=int(chance.skewed(1, 400)),
                description=chance.one(phrases.SIGHTED) if chance.often(0.4) else "")
