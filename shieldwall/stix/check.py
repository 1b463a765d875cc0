"""Is this object STIX 2.1? Every MUST, one object at a time, from its bytes."""

from __future__ import annotations

import functools
import re
from hashlib import blake2b

import jsonschema_rs
import msgspec
import orjson

from shieldwall.errors import BadInput
from shieldwall.stix.header import Checked, granular_of, references
from shieldwall.stix.kinds import RULES, Rule
from shieldwall.stix.rules import (
    Object,
    judge_emptiness,
    judge_extensions,
    judge_names,
    judge_selectors,
    judge_targets,
    judge_times,
    judge_version,
    judge_words,
    refuse,
    rule_of,
)
from shieldwall.stix.schema import Form, form_of
from shieldwall.stix.strict import survey
from shieldwall.stix.terms import CHOICES, CLAUSES, OBSERVABLES
from shieldwall.stix.times import microseconds

MAX_OBJECT_BYTES = 1024 * 1024
# A clock may be ahead of ours by this much; a `modified` further ahead would stay the latest version for ever.
MAX_AHEAD_US = 5 * 60 * 1_000_000

_TYPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class _Kind(msgspec.Struct, frozen=True):
    """How objects of one type are judged."""

    form: Form
    rules: tuple[Rule, ...]
    clocked: bool  # has created and modified
    observable: bool
    known: bool


def check(raw: bytes, *, now: int) -> Checked:
    """The object in `raw`, if it keeps every MUST of STIX 2.1 that can be judged from it alone.

    `now` is in microseconds since 1970. Raises BadInput naming the rule, the object and the place in it, and the
    remedy. What the standard merely advises against comes back in `warnings`.
    """
    obj, hollow = survey(raw, cap=MAX_OBJECT_BYTES)
    if type(obj) is not dict:
        raise BadInput("no object", rule="STIX 2.1 §3.2", where="$", remedy="send a JSON object with type and id")
    name, kind = _identify(obj)
    if hollow:
        judge_emptiness(obj)
    if not kind.form.validator.is_valid(obj):
        raise _misshapen(obj, kind)
    warnings = [*judge_names(obj, kind.form), *judge_words(obj, kind.form)]
    judge_times(obj, kind.form)
    judge_targets(obj)
    if kind.clocked:
        judge_version(obj)
    if "extensions" in obj:
        warnings += judge_extensions(obj)
    if "granular_markings" in obj:
        judge_selectors(obj)
    for rule in kind.rules:
        warnings += rule(obj)
    if name[-22] not in "12345678":
        warnings.append(f"the id's UUID is of version {name[-22]}, which no RFC defines (STIX 2.1 §2.9)")
    if not kind.known:
        warnings.append(f"the type {obj['type']} is not of the standard; kept as sent (STIX 2.1 §11.2)")
    return _checked(raw, obj, name, kind, now, warnings)


def _identify(obj: Object) -> tuple[str, _Kind]:
    """The id of the object and how its type is judged. Refuses what has no valid type, id or `spec_version`."""
    kind, name = obj.get("type"), obj.get("id")
    if type(kind) is not str:
        raise refuse(obj, "type", "type is missing or no text", "STIX 2.1 §3.2", "add the type")
    if type(name) is not str:
        raise refuse(obj, "id", "id is missing or no text", "ST1: STIX 2.1 §2.9", f"use {kind[:80]}--<UUIDv4>")
    known = kind in CLAUSES
    if not known:
        _judge_type(obj, kind)
    if not name.startswith(kind) or name[len(kind) : len(kind) + 2] != "--" or not _UUID.fullmatch(name, len(kind) + 2):
        raise refuse(obj, "id", f"the id is not {kind}--<UUID>", "ST1: STIX 2.1 §2.9", f"use {kind}--<UUIDv4>")
    observable = kind in OBSERVABLES if known else _is_observable(obj)
    _judge_spec_version(obj, observable)
    if known:
        return name, _kind(kind)
    return name, _custom(observable)


def _judge_type(obj: Object, kind: str) -> None:
    if kind == "bundle":
        raise refuse(obj, "type", "a bundle within", "ST39: STIX 2.1 §8", "send its objects")
    if not _TYPE.fullmatch(kind) or not 3 <= len(kind) <= 250:
        remedy = "use 3 to 250 of a-z, 0-9 and single hyphens, beginning with a letter"
        raise refuse(obj, "type", "no valid type name", "ST9: STIX 2.1 §11.2.1", remedy)


def _judge_spec_version(obj: Object, observable: bool) -> None:
    version = obj.get("spec_version")
    if version == "2.1" or (version is None and observable):
        return
    if version is None or version == "2.0":
        remedy = "export it as STIX 2.1, or convert it: spec_version 2.1, and what 2.1 requires, such as pattern_type"
        raise refuse(obj, "spec_version", "STIX 2.0 or older: spec_version is not 2.1", "ST7: STIX 2.1 §3.2", remedy)
    raise refuse(obj, "spec_version", "spec_version is not 2.1", "ST7: STIX 2.1 §3.2", 'use "2.1"')


def _is_observable(obj: Object) -> bool:
    """Whether a type the standard does not know is an observable: as its extension says, else without created."""
    extensions = obj.get("extensions")
    inner = extensions.values() if type(extensions) is dict else ()
    declared = {extension.get("extension_type") for extension in inner if type(extension) is dict}
    if "new-sco" in declared:
        return True
    return "new-sdo" not in declared and "new-sro" not in declared and "created" not in obj and "modified" not in obj


@functools.cache
def _kind(name: str) -> _Kind:
    observable = name in OBSERVABLES
    clocked = not observable and name != "marking-definition"
    return _Kind(form_of(name), RULES.get(name, ()), clocked, observable, True)


@functools.lru_cache(maxsize=2)
def _custom(observable: bool) -> _Kind:
    return _Kind(form_of("cyber-observable-core" if observable else "core"), (), not observable, observable, False)


def _misshapen(obj: Object, kind: _Kind) -> BadInput:
    """The refusal of an object whose schema it does not keep, from the error that says most."""
    error = max(kind.form.validator.iter_errors(obj), key=_telling)
    steps = error.instance_path
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    remedy = "see the property table of that clause"
    if not _is_choice(error):
        return refuse(obj, path, _shortened(error.message), rule_of(obj), remedy)
    subject = str(steps[0]) if steps else str(obj["type"])
    return refuse(obj, path, "fits none of the forms allowed", rule_of(obj), CHOICES.get(subject, remedy))


def _telling(error: jsonschema_rs.ValidationError) -> tuple[int, bool]:
    """Among several errors the deepest says most, and one of a single keyword more than a choice that failed."""
    return len(error.instance_path), not _is_choice(error)


def _is_choice(error: jsonschema_rs.ValidationError) -> bool:
    return bool(error.schema_path) and error.schema_path[-1] in ("oneOf", "anyOf")


def _shortened(message: str) -> str:
    return message if len(message) <= 240 else f"{message[:100]} … {message[-120:]}"


def _checked(raw: bytes, obj: Object, name: str, kind: _Kind, now: int, warnings: list[str]) -> Checked:
    version, modified_us = "", 0
    if kind.clocked:
        version = str(obj["modified"])
        modified_us = microseconds(version)
        if modified_us > now + MAX_AHEAD_US:
            remedy = "mend the clock or the version"
            raise refuse(obj, "modified", "modified lies in the future", "modified-ahead", remedy)
    refs = tuple(dict.fromkeys(ref for _, ref in references(obj)))
    marking_refs = obj.get("object_marking_refs")
    return Checked(
        raw,
        obj,
        name,
        str(obj["type"]),
        version,
        modified_us,
        str(obj.get("created_by_ref", "")),
        tuple(marking_refs) if type(marking_refs) is list else (),
        granular_of(obj) if "granular_markings" in obj else (),
        obj.get("revoked") is True,
        refs,
        tuple(warnings),
        digest_of(obj),
    )


def digest_of(obj: Object) -> bytes:
    """BLAKE2b-16 of the canonical form, by which two spellings of one object are known to be the same."""
    return blake2b(orjson.dumps(obj, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
