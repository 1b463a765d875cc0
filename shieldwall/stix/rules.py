"""The MUSTs of every STIX object that the schemas cannot say; those of single types are in `kinds`.

A rule raises BadInput, or returns warnings: a SHOULD left undone, a word no vocabulary knows, a property of one's own.
Rules run after the schema, so that types and required properties can be taken for granted.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from shieldwall.errors import BadInput
from shieldwall.stix import selectors
from shieldwall.stix.schema import Form
from shieldwall.stix.terms import CLAUSES, META, ORDERS, RESERVED, TARGETS
from shieldwall.stix.times import instant

Object = dict[str, object]

_NAME = re.compile(r"[a-z][a-z0-9_]{2,249}", re.ASCII)
_EXTENSION = re.compile(r"extension-definition--[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def refuse(obj: Object, path: str, message: str, rule: str, remedy: str = "") -> BadInput:
    """The refusal of an object, saying which one and where in it."""
    name = str(obj.get("id", "?"))[:300]
    return BadInput(message, rule=rule, where=f"{name} $.{path[:300]}".rstrip("."), remedy=remedy)


def judge_names(obj: Object, form: Form) -> list[str]:
    """Property names (ST9, §3.1, §11.1.1) and reserved ones (ST19, §3.8); names of one's own are mentioned."""
    own = obj.keys() - form.properties
    if not own:
        return []
    for name in own:
        if name in RESERVED:
            raise refuse(obj, name, f"the property name {name} is reserved", "ST19: STIX 2.1 §3.8", "use another name")
        if not _is_name(name):
            remedy = "use 3 to 250 of a-z, 0-9 and _, beginning with a letter"
            raise refuse(obj, name[:80], "no valid property name", "ST9: STIX 2.1 §3.1", remedy)
        if name[-4:] == "_enc" and name[:-4] not in obj:
            raise refuse(obj, name, f"an encoding without {name[:-4]}", "STIX 2.1 §3.1", f"remove {name}")
    if obj["type"] not in CLAUSES or _adds_properties(obj):
        return []
    return [f"properties of its own, kept as sent: {', '.join(sorted(own))} (STIX 2.1 §11.1)"]


@lru_cache(maxsize=8192)
def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _adds_properties(obj: Object) -> bool:
    """Whether an extension declares properties at the top level (§7.3)."""
    extensions = obj.get("extensions")
    return isinstance(extensions, dict) and any(
        isinstance(value, dict) and value.get("extension_type") == "toplevel-property-extension"
        for value in extensions.values()
    )


def judge_emptiness(obj: Object) -> None:
    """No null, no empty list, no empty dictionary, anywhere (ST11, §2.3, §2.12, §3.1)."""
    todo: list[tuple[str, object]] = [("", obj)]
    while todo:
        path, value = todo.pop()
        if value is None:
            raise refuse(obj, path, "a null", "ST11: STIX 2.1 §3.1", "leave the property out")
        if isinstance(value, dict | list):
            if not value:
                raise refuse(obj, path, "an empty list or dictionary", "ST11: STIX 2.1 §2.12", "leave the property out")
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            todo.extend((_step(path, key), item) for key, item in inner)


def _step(path: str, key: str | int) -> str:
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")


def judge_times(obj: Object, form: Form) -> None:
    """Times that exist (ST5) and come in order (ST6, ST21, ST24, ST26, ST27). Their spelling is the schema's matter."""
    for name in form.times:
        if name in obj:
            try:
                datetime.fromisoformat(obj[name])  # type: ignore[arg-type]
            except ValueError:
                _instant(obj, name)
    for earlier, later, may_be_equal in ORDERS.get(obj["type"], ()):  # type: ignore[call-overload]
        if earlier in obj and later in obj:
            order = _compare(obj, earlier, later)
            if order > 0 or (order == 0 and not may_be_equal):
                want = "must not be before" if may_be_equal else "must be after"
                raise refuse(obj, later, f"{later} {want} {earlier}", rule_of(obj), f"mend {earlier} or {later}")


def judge_version(obj: Object) -> None:
    """`modified` is never before `created` (ST6, §3.2)."""
    if obj["created"] != obj["modified"] and _compare(obj, "created", "modified") > 0:
        raise refuse(obj, "modified", "modified is before created", "ST6: STIX 2.1 §3.2", "mend one of the two")


def _compare(obj: Object, one: str, other: str) -> int:
    """Below, at or above 0 as the instant `one` is before, at or after `other`."""
    left, right = _instant(obj, one), _instant(obj, other)
    return (left > right) - (left < right)


def _instant(obj: Object, name: str) -> tuple[int, str]:
    try:
        return instant(str(obj[name]))
    except ValueError as e:
        raise refuse(obj, name, "no such moment", "ST5: STIX 2.1 §2.16", "use YYYY-MM-DDTHH:mm:ss.sssZ") from e


def judge_targets(obj: Object) -> None:
    """References name types that may stand there (ST12, §3.3); types that an extension defines pass."""
    for name, allowed in _TARGETS.get(obj["type"], _COMMON_TARGETS):  # type: ignore[call-overload]
        value = obj.get(name)
        if value is None:
            continue
        refs: list[str] = value if type(value) is list else [value]  # type: ignore[list-item]
        for ref in refs:
            if type(ref) is not str:
                raise refuse(obj, name, "no reference", f"ST12: STIX 2.1 §{_clause(obj)}", "use the id of an object")
            if ref[: ref.find("--")] not in allowed:
                _judge_target(obj, name, ref, allowed)


_COMMON_TARGETS = tuple(TARGETS[""].items())
_TARGETS = {kind: (*_COMMON_TARGETS, *TARGETS.get(kind, {}).items()) for kind in CLAUSES}


def _judge_target(obj: Object, name: str, ref: str, allowed: frozenset[str]) -> None:
    kind = ref.partition("--")[0]
    closed = name in TARGETS[""] or len(allowed) <= len(META)
    if kind in CLAUSES or kind == "bundle" or closed:
        what = f"{name} may not refer to {kind or ref[:40]}"
        raise refuse(obj, name, what, f"ST12: STIX 2.1 §{_clause(obj)}", f"refer to {_some(allowed)}")


def _some(kinds: frozenset[str]) -> str:
    names = sorted(kinds)
    return " or ".join(names) if len(names) <= 4 else "an object of a type allowed there"


def judge_selectors(obj: Object) -> None:
    """Granular markings select what is there (ST33, ST34, §7.2.3)."""
    markings = obj["granular_markings"]
    for n, marking in enumerate(markings if isinstance(markings, list) else ()):
        for selector in marking["selectors"]:
            where = f"granular_markings[{n}].selectors"
            try:
                path = selectors.steps(selector)
            except ValueError as e:
                raise refuse(obj, where, str(e), "ST33: STIX 2.1 §7.2.3", "use steps such as a.[0].b") from e
            if not selectors.selects(obj, path):
                message = f"the selector {selector[:80]} finds nothing"
                raise refuse(obj, where, message, "ST34: STIX 2.1 §7.2.3", "select what the object has")


def judge_extensions(obj: Object) -> list[str]:
    """Property names of extensions (ST29, ST36, §7.3.2); unknown ones are kept (ST38), other keys a SHOULD (§3.2)."""
    extensions = obj["extensions"]
    if not isinstance(extensions, dict):
        return []
    warnings = []
    for key, content in extensions.items():
        where = f"extensions.{key[:80]}"
        if not _EXTENSION.fullmatch(key):
            if key not in _PREDEFINED.get(str(obj["type"]), frozenset()):
                warnings.append(f"the extension {key[:80]} is not of the standard; kept as sent (STIX 2.1 §11.3)")
            continue
        for name in content:
            if not _is_name(name) and name != "id":
                remedy = "use 3 to 250 of a-z, 0-9 and _"
                raise refuse(obj, f"{where}.{name[:80]}", "no valid property name", "ST36: STIX 2.1 §7.3.2", remedy)
    return warnings


_PREDEFINED = {
    "file": frozenset({"archive-ext", "ntfs-ext", "pdf-ext", "raster-image-ext", "windows-pebinary-ext"}),
    "network-traffic": frozenset({"http-request-ext", "icmp-ext", "socket-ext", "tcp-ext"}),
    "process": frozenset({"windows-process-ext", "windows-service-ext"}),
    "user-account": frozenset({"unix-account-ext"}),
}


def judge_words(obj: Object, form: Form) -> list[str]:
    """Words that no vocabulary of the standard knows: a SHOULD."""
    unknown = []
    for name, (vocabulary, words) in form.vocabularies.items():
        value = obj.get(name)
        if value is None:
            continue
        for word in value if isinstance(value, list) else (value,):
            if word not in words:
                unknown.append(f"{name}: {str(word)[:60]!r} is not in {vocabulary}")
    return unknown


def _clause(obj: Object) -> str:
    return CLAUSES.get(str(obj["type"]), ("", "3.2", ""))[1]


def rule_of(obj: Object) -> str:
    """Which rule and clause describe this object's type."""
    kind = obj.get("type")
    _, clause, number = CLAUSES.get(kind if isinstance(kind, str) else "", ("", "3.2", ""))
    return f"{number}: STIX 2.1 §{clause}" if number else f"STIX 2.1 §{clause}"
