"""The MUSTs of single families and types that the schemas cannot say; `RULES` says which type has which."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable

from shieldwall import pattern as patterns
from shieldwall.errors import BadInput
from shieldwall.policy import check_marking_definition
from shieldwall.stix.ids import observable_id
from shieldwall.stix.rules import Object, refuse
from shieldwall.stix.terms import OBSERVABLES, RELATIONSHIPS

Rule = Callable[[Object], Iterable[str]]

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_NO_DOMAIN = re.compile(r"[\s/@:\\]|^$")


def _observable(obj: Object) -> list[str]:
    """Ids of observables (ST1, ST2) and versions they must not have (§3.6)."""
    name = str(obj["id"])
    expected = observable_id(obj) if name[-22:-21] == "5" else None
    if expected is not None and expected == name:
        if "modified" in obj:
            remedy = "leave out created and modified, or use another id"
            raise refuse(obj, "modified", "an observable under a shared id has no versions", "STIX 2.1 §3.6", remedy)
        return []
    if expected is not None:
        return [f"the id is not the deterministic one, {expected} (ST2: STIX 2.1 §2.9)"]
    return []


def _local_references(obj: Object) -> list[str]:
    """References within the deprecated container lead to what it holds (§2.13)."""
    objects = obj.get("objects")
    if not isinstance(objects, dict):
        return _observed_refs(obj)
    for key, inner in objects.items():
        for name, value in inner.items():
            refs = [value] if name.endswith("_ref") else value if name.endswith("_refs") else []
            for ref in refs if isinstance(refs, list) else []:
                if isinstance(ref, str) and ref not in objects:
                    message, remedy = f"{ref[:60]} is not in this container", "add it or leave it out"
                    raise refuse(obj, f"objects.{key}.{name}", message, "ST24: STIX 2.1 §2.13", remedy)
    return ["objects is deprecated; use object_refs (STIX 2.1 §2.13)"]


def _observed_refs(obj: Object) -> list[str]:
    refs = obj.get("object_refs")
    kinds = {str(ref).partition("--")[0] for ref in refs} if isinstance(refs, list) else set()
    if kinds and kinds <= RELATIONSHIPS:
        raise refuse(obj, "object_refs", "refers to no observable", "ST24: STIX 2.1 §4.14", "refer to at least one")
    return []


def _indicator(obj: Object) -> Iterable[str]:
    """The pattern parses, if it is a STIX pattern; others are kept as they are (ST21, ST22, ST40)."""
    if obj["pattern_type"] != "stix":
        return ()
    try:
        found: Iterable[str] = patterns.parse(str(obj["pattern"])).warnings
        return found
    except BadInput as e:
        rule = e.rule or "ST40: STIX 2.1 §9"
        raise refuse(obj, f"pattern {e.where}".rstrip(), e.message, rule, e.remedy) from e


def _relationship(obj: Object) -> list[str]:
    if obj["source_ref"] == obj["target_ref"]:
        return ["source and target are the same object"]
    return []


def _ipv6(obj: Object) -> list[str]:
    try:
        ipaddress.IPv6Network(str(obj["value"]).partition("%")[0], strict=False)
    except ValueError as e:
        raise refuse(obj, "value", "no IPv6 address or network", "ST28: STIX 2.1 §6.9", "use CIDR notation") from e
    return []


def _domain_name(obj: Object) -> list[str]:
    if _NO_DOMAIN.search(str(obj["value"])) and not obj.get("defanged"):
        remedy = "send a URL as a url object"
        raise refuse(obj, "value", "no domain name", "ST28: STIX 2.1 §6.4", remedy)
    return []


def _email_addr(obj: Object) -> list[str]:
    value = str(obj["value"])
    if "<" in value or ("@" not in value and not obj.get("defanged")):
        remedy = "the bare address here, the name in display_name"
        raise refuse(obj, "value", "no e-mail address", "ST28: STIX 2.1 §6.5", remedy)
    return []


def _marking_definition(obj: Object) -> list[str]:
    """What marks (ST31, §7.2.1): a definition or an extension; TLP under its own ids only; never itself."""
    kind, definition = obj.get("definition_type"), obj.get("definition")
    if "extensions" not in obj and (kind is None or definition is None):
        missing = "definition_type" if kind is None else "definition"
        raise refuse(obj, missing, f"{missing} is missing", "ST31: STIX 2.1 §7.2.1", "add it, or an extension")
    if kind == "statement" and not (isinstance(definition, dict) and isinstance(definition.get("statement"), str)):
        raise refuse(obj, "definition", "a statement without its text", "ST31: STIX 2.1 §7.2.1.3", "add statement")
    check_marking_definition(obj)
    granular = [marking.get("marking_ref") for marking in _list(obj.get("granular_markings"))]
    if obj["id"] in _list(obj.get("object_marking_refs")) + granular:
        raise refuse(obj, "object_marking_refs", "marks itself", "ST31: STIX 2.1 §3.2", "remove the reference")
    return ["modified has no meaning here: marking definitions have no versions (§7.2.1)"] if "modified" in obj else []


def _list(value: object) -> list:  # type: ignore[type-arg]
    return value if isinstance(value, list) else []


def _language_content(obj: Object) -> list[str]:
    """Languages as keys, translations as dictionaries (ST30, §7.1)."""
    contents = obj["contents"]
    for language, translation in contents.items() if isinstance(contents, dict) else ():
        if not _LANGUAGE.fullmatch(language) or not isinstance(translation, dict):
            remedy = "use RFC 5646 tags, each with a dictionary"
            raise refuse(obj, f"contents.{language[:40]}", "no translation", "ST30: STIX 2.1 §7.1", remedy)
    return []


RULES: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(OBSERVABLES, (_observable,)),
    "ipv6-addr": (_observable, _ipv6),
    "domain-name": (_observable, _domain_name),
    "email-addr": (_observable, _email_addr),
    "observed-data": (_local_references,),
    "indicator": (_indicator,),
    "relationship": (_relationship,),
    "marking-definition": (_marking_definition,),
    "language-content": (_language_content,),
}
