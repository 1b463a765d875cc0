"""Granular markings make objects, not rewrites: what may travel further becomes an object of its own (DESIGN.md 1).

§3.6 demands one content for one id and version. So the parts that a wider audience may have are put into a *derived*
object with its own id, valid by itself; nothing in it names the whole. A later version of the whole with the same cut
makes a later version of it. The `derived-from` relationship goes with the whole, to those who may have everything.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

import msgspec
import orjson

from shieldwall.errors import BadInput
from shieldwall.stix import selectors
from shieldwall.stix.check import check
from shieldwall.stix.header import Checked
from shieldwall.stix.ids import canonical, observable_id, uuid5
from shieldwall.stix.rules import Object, refuse
from shieldwall.stix.terms import META, RELATIONSHIPS
from shieldwall.stix.times import timestamp

_RULE = "ST34: STIX 2.1 §7.2.3"
_NEVER = frozenset({"type", "id", "spec_version", "created", "modified", "revoked", "object_marking_refs"})


class Cut(msgspec.Struct, frozen=True):
    """A derived object, what was left out of it, and the relationship to the whole (None where STIX allows none)."""

    derived: Checked
    removed: tuple[str, ...]
    relationship: Checked | None


def cut(obj: Mapping[str, object], unmet: frozenset[str], *, namespace: uuid.UUID, now: int) -> Cut:
    """The derived object of `obj` for an audience that does not satisfy the markings `unmet`.

    `obj` has passed `check`. The id follows from `namespace`, the id of `obj` and what is removed, so that the same cut
    made twice is the same object, and made of a later version is a later version. `namespace` is to be known to nobody
    who reads only the derived object: with it, a guess of the whole's id could be confirmed. `now` is in microseconds;
    it dates the relationship of an object without versions. Raises BadInput with the remedy where nothing valid
    remains, where `unmet` marks the whole, or where there is nothing to remove.
    """
    whole = dict(obj)
    paths = _unmet_paths(whole, unmet)
    removed = tuple(selectors.text(path) for path in paths)
    part = _part(whole, selectors.removal(whole, paths), unmet)
    part["id"] = _id(namespace, whole, part, removed)
    try:
        derived = check(orjson.dumps(part), now=now)
    except BadInput as e:
        message = f"without {', '.join(removed)[:200]} nothing valid remains: {e.message}"
        raise refuse(whole, "granular_markings", message, e.rule or _RULE, _REMEDY) from e
    return Cut(derived, removed, _derived_from(whole, derived, unmet, namespace, now))


_REMEDY = "send the whole to the narrower audience alone, or mark only parts that the standard leaves optional"


def _unmet_paths(obj: Object, unmet: frozenset[str]) -> list[selectors.Path]:
    """What must go: the parts under markings that the audience does not satisfy."""
    if not unmet.isdisjoint(_markings(obj)):
        message, remedy = "the marking holds for the whole object", "send it to the narrower audience alone"
        raise refuse(obj, "object_marking_refs", message, "ST32: STIX 2.1 §7.2.2", remedy)
    found = {
        selectors.steps(selector)
        for marking in _granular(obj)
        if marking.get("marking_ref") in unmet
        for selector in marking["selectors"]  # type: ignore[attr-defined]
    }
    if not found:
        raise refuse(obj, "granular_markings", "nothing to remove", _RULE, "send it as it is")
    for path in found:
        if path[0] in _NEVER or path[0] == "granular_markings":
            raise refuse(obj, selectors.text(path), f"{path[0]} cannot be left out", _RULE, _REMEDY)
    return sorted(found, key=selectors.text)


def _part(whole: Object, plan: selectors.Removal, unmet: frozenset[str]) -> Object:
    """What is left, its other granular markings moved to where things now stand (ST34)."""
    part: Object = selectors.without(whole, plan)  # type: ignore[assignment]
    kept = []
    for marking in _granular(whole):
        if marking.get("marking_ref") in unmet:
            continue
        paths = [selectors.moved(selectors.steps(selector), plan) for selector in _texts(marking["selectors"])]
        left = [selectors.text(path) for path in paths if path is not None]
        if left:
            kept.append({**marking, "selectors": left})
    part.pop("granular_markings", None)
    if kept:
        part["granular_markings"] = kept
    return part


def _derived_from(
    whole: Object, derived: Checked, unmet: frozenset[str], namespace: uuid.UUID, now: int
) -> Checked | None:
    """The relationship from the derived object to the whole, marked at least as the whole is."""
    if whole["type"] in META or whole["type"] in RELATIONSHIPS:
        return None
    today = timestamp(now)
    name = uuid5(namespace.bytes, canonical(["derived-from", derived.id, whole["id"]]))
    link: Object = {
        "type": "relationship",
        "spec_version": "2.1",
        "id": f"relationship--{name}",
        "created": whole.get("created") or today,
        "modified": whole.get("modified") or today,
        "relationship_type": "derived-from",
        "source_ref": derived.id,
        "target_ref": whole["id"],
        "object_marking_refs": sorted({*_markings(whole), *unmet.intersection(_marked_with(whole))}),
    }
    if "created_by_ref" in whole:
        link["created_by_ref"] = whole["created_by_ref"]
    if whole.get("revoked"):
        link["revoked"] = True
    return check(orjson.dumps(link), now=now)


def _id(namespace: uuid.UUID, whole: Object, part: Object, removed: tuple[str, ...]) -> str:
    """A new id: for an observable that is now another one the id STIX gives it, else one of our making."""
    natural = observable_id(part)
    if natural is not None and natural != observable_id(whole):
        return natural
    name = uuid5(namespace.bytes, canonical([whole["id"], list(removed)]))
    return f"{whole['type']}--{name}"


def _granular(obj: Object) -> list[Object]:
    markings = obj.get("granular_markings")
    return markings if isinstance(markings, list) else []


def _marked_with(obj: Object) -> Iterable[str]:
    return (str(marking["marking_ref"]) for marking in _granular(obj) if "marking_ref" in marking)


def _markings(obj: Object) -> list[str]:
    return _texts(obj.get("object_marking_refs"))


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
