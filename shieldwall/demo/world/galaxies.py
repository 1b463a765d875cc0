"""Actors, malware, tools and techniques from the MISP galaxies, as STIX 2.1 objects."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

import msgspec
import orjson

from shieldwall.demo.world.objects import Thing, named_id
from shieldwall.demo.world.packages import packaged

OWNER = named_id("identity", "misp-galaxy")

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_URL = re.compile(r"https?://[a-zA-Z0-9.-]+(:\d+)?(/[\w/.~!$&'()*+,;=:@?-]*)?", re.ASCII)
_WORD = re.compile(r"[^a-z0-9]+")
_MOST_REFERENCES = 6


class Galaxy(msgspec.Struct, frozen=True):
    """Which cluster file becomes which kind of object, and the properties that all of it share."""

    file: str
    kind: str
    shared: dict[str, object]


ACTORS = (
    Galaxy("threat-actor", "threat-actor", {}),
    Galaxy("microsoft-activity-group", "intrusion-set", {}),
)
MALWARE = (
    Galaxy("ransomware", "malware", {"malware_types": ["ransomware"], "is_family": True}),
    Galaxy("rat", "malware", {"malware_types": ["remote-access-trojan"], "is_family": True}),
    Galaxy("botnet", "malware", {"malware_types": ["bot"], "is_family": True}),
    Galaxy("banker", "malware", {"malware_types": ["trojan"], "is_family": True}),
    Galaxy("stealer", "malware", {"malware_types": ["spyware"], "is_family": True}),
    Galaxy("backdoor", "malware", {"malware_types": ["backdoor"], "is_family": True}),
    Galaxy("exploit-kit", "malware", {"malware_types": ["exploit-kit"], "is_family": True}),
    Galaxy("tool", "tool", {}),
)
FAMILIES = (Galaxy("malpedia", "malware", {"is_family": True}),)
PRACTICE = (
    Galaxy("disarm-techniques", "attack-pattern", {}),
    Galaxy("mitre-ics-techniques", "attack-pattern", {}),
    Galaxy("mitre-atlas-attack-pattern", "attack-pattern", {}),
    Galaxy("mitre-d3fend", "course-of-action", {}),
)


def owner(at: str) -> Thing:
    """The identity under which all of them stand."""
    return {"type": "identity", "spec_version": "2.1", "id": OWNER, "created": at, "modified": at,
            "name": "MISP galaxy clusters", "identity_class": "organization"}


def clusters(galaxies: tuple[Galaxy, ...], at: str) -> Iterator[Thing]:
    """One object for each cluster that has a name; the clusters carry no times, so all are dated `at`."""
    for galaxy in galaxies:
        for row in _rows(galaxy.file):
            if row["value"].strip():
                yield _object(galaxy, row, at)


@functools.cache
def _rows(file: str) -> tuple[Thing, ...]:
    path = packaged("pymispgalaxies", "data", "misp-galaxy", "clusters", f"{file}.json")
    return tuple(orjson.loads(path.read_bytes())["values"])


def _object(galaxy: Galaxy, row: Thing, at: str) -> Thing:
    meta = row.get("meta", {})
    thing: Thing = {
        "type": galaxy.kind, "spec_version": "2.1", "id": _id(galaxy, row), "created_by_ref": OWNER,
        "created": at, "modified": at, "name": row["value"].strip(), **galaxy.shared,
    }
    extras = {
        "description": _description(row, meta),
        "kill_chain_phases": _phases(galaxy, meta) if galaxy.kind == "attack-pattern" else [],
        "aliases": _aliases(row, meta) if galaxy.kind not in ("attack-pattern", "course-of-action") else [],
        "external_references": [_source(galaxy, row, meta), *_references(meta)],
    } | _KIND_EXTRAS.get(galaxy.kind, _nothing)(meta)
    return thing | {name: value for name, value in extras.items() if value}


def _id(galaxy: Galaxy, row: Thing) -> str:
    if _UUID.fullmatch(uuid := row.get("uuid", "")):
        return f"{galaxy.kind}--{uuid}"
    return named_id(galaxy.kind, f"{galaxy.file}:{row['value']}")


def _source(galaxy: Galaxy, row: Thing, meta: Thing) -> Thing:
    return {"source_name": f"misp-galaxy:{galaxy.file}",
            "external_id": str(meta.get("external_id") or meta.get("Technique ID") or row.get("uuid") or row["value"])}


def _references(meta: Thing) -> list[Thing]:
    urls = [url for url in meta.get("refs") or [] if _URL.fullmatch(url)]
    return [{"source_name": url.split("/")[2], "url": url} for url in dict.fromkeys(urls[:_MOST_REFERENCES])]


def _aliases(row: Thing, meta: Thing) -> list[str]:
    return [alias for alias in dict.fromkeys(meta.get("synonyms") or []) if alias.strip() and alias != row["value"]]


def _description(row: Thing, meta: Thing) -> str:
    parts = [(row.get("description") or "").strip()]
    if country := meta.get("country"):
        confidence = meta.get("attribution-confidence")
        grade = f" (attribution confidence {confidence})" if confidence else ""
        parts.append(f"Suspected origin: {country}{grade}.")
    if victims := meta.get("cfr-suspected-victims"):
        parts.append(f"Suspected victims: {', '.join(victims)}.")
    return "\n\n".join(part for part in parts if part)


def _phases(galaxy: Galaxy, meta: Thing) -> list[Thing]:
    tactics = [phase.split(":")[-1] for phase in meta.get("kill_chain") or []] + list(meta.get("Tactic") or [])
    words = [_WORD.sub("-", tactic.lower()).strip("-") for tactic in tactics]
    chain = galaxy.file.removesuffix("-attack-pattern").removesuffix("-techniques")
    return [{"kill_chain_name": chain, "phase_name": word} for word in dict.fromkeys(words) if word]


def _actor(meta: Thing) -> Thing:
    sponsored = bool(meta.get("cfr-suspected-state-sponsor"))
    sectors = [str(sector) for sector in meta.get("cfr-target-category") or []]
    return {"threat_actor_types": ["nation-state"] if sponsored else [],
            "goals": [f"Targets: {', '.join(sectors)}"] if sectors else []}


def _nothing(meta: Thing) -> Thing:
    return {}


_KIND_EXTRAS: dict[str, Callable[[Thing], Thing]] = {"threat-actor": _actor}
