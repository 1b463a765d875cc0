"""The account of whoever saw an incident first: campaign, actor, means, links, report, lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shieldwall.demo.world import attack, phrases
from shieldwall.demo.world.alliance import NATION
from shieldwall.demo.world.chance import Chance, unique
from shieldwall.demo.world.desks import Desk
from shieldwall.demo.world.detection import indicator, observables, observed, rules
from shieldwall.demo.world.objects import DAY, HOUR, MINUTE, Thing, linked, made, stamp
from shieldwall.demo.world.observables import letter, process
from shieldwall.demo.world.story import Stage, Story, say


def report(chance: Chance, stage: Stage, desk: Desk, story: Story, at: int) -> None:
    """The account of whoever saw it first."""
    author = desk.member.identity_id
    cluster, newly = _cluster(chance, stage, author, at)
    malware = _malware(chance, stage, author, story, at)
    name = malware["name"]
    story.slots |= {"cluster": cluster["name"], "malware": name}
    title = chance.one(story.plot.titles).format(**story.slots)
    title = title[0].upper() + title[1:]
    campaign = made(
        chance, "campaign", author, at, name=f"{cluster['name']}: {title}", description=say(chance, story, "openings"),
        first_seen=stamp(story.began), last_seen=stamp(at), objective=chance.one(_OBJECTIVES[story.plot.id]))
    base = made(
        chance, "infrastructure", author, at, name=f"{cluster['name']} {story.plot.infrastructure} servers",
        infrastructure_types=[story.plot.infrastructure], first_seen=stamp(story.began), last_seen=stamp(at))
    story.indicators = [indicator(chance, author, story, find, at) for find in story.finds if chance.often(0.72)]
    story.indicators += rules(chance, author, story, name, at)
    story.subjects = [campaign, *([malware] if malware["id"].startswith("malware") and "created" in malware else [])]
    links = _links(chance, stage, author, story, campaign, cluster, malware, base, at)
    seen = observed(chance, author, story.finds, story.began, at)
    told = [*([cluster] if newly else []), *story.subjects, base, *story.indicators, seen]
    written = _text(chance, story, author, title, [*told, *links], at)
    story.subjects.append(written)
    extras = _extras(chance, author, story, written, at, stage.now)
    desk.put(chance, story.level, *told, *links, written, *observables(story.finds), *extras)


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


_CAPABILITIES = ("communicates-with-c2", "exfiltrates-data", "persists-after-system-reboot", "evades-av",
                 "steals-authentication-credentials", "compromises-data-availability")


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
        capabilities=chance.sample(_CAPABILITIES, 2),
        description=f"Named {name} after a string in its configuration. Loads further parts from its server and keeps "
                    f"its settings encrypted with a key made from the name of the machine.")
    stage.families.append(family)
    return family


def _links(chance: Chance, stage: Stage, author: str, story: Story, campaign: Thing, cluster: Thing, malware: Thing,
           base: Thing, at: int) -> list[Thing]:
    place = stage.places[chance.one([nation.code for nation in NATION.values()])]
    hosts = [find.thing for find in story.finds if find.kind in ("ipv4", "domain", "url")]
    ends: list[tuple[str, Thing | str, Thing | str]] = [
        ("attributed-to", campaign, cluster), ("uses", campaign, malware), ("uses", campaign, base),
        ("targets", campaign, place),
        *(("uses", campaign, technique.id) for technique in story.techniques),
        *(("indicates", sign, campaign if chance.often(0.6) else malware) for sign in story.indicators),
        *(("consists-of", base, host) for host in hosts[:3]),
    ]
    return [linked(chance, verb, source, target, author, at + 2 * MINUTE) for verb, source, target in ends]


def _text(chance: Chance, story: Story, author: str, title: str, told: Sequence[Thing], at: int) -> Thing:
    """The report: what happened, how, to what effect, what we think of it, what we do not know."""
    slots = story.slots
    names = ", ".join(technique.words for technique in story.techniques)
    paragraphs = [
        say(chance, story, "openings"),
        " ".join((say(chance, story, "entries"), say(chance, story, "actions"))),
        say(chance, story, "effects"),
        chance.one(phrases.ASSESSMENTS).format(**slots),
        " ".join((say(chance, story, "responses"), chance.one(phrases.GAPS).format(**slots))),
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
        effects = say(chance, story, "effects")
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
                      description=say(chance, story, "responses"))
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
