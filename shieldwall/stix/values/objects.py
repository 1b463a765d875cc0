"""The values a STIX object speaks of: an observable its own, an indicator those of its pattern, the rest their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from shieldwall.errors import BadInput
from shieldwall.pattern import parse
from shieldwall.stix.values.addresses import asn
from shieldwall.stix.values.hashes import hash_kind, read_hash
from shieldwall.stix.values.kinds import READERS, Reader
from shieldwall.stix.values.names import cves_in, read_attack_id, read_cve
from shieldwall.stix.values.patterns import values_of_comparisons
from shieldwall.stix.values.value import Value

if TYPE_CHECKING:
    from shieldwall.pattern import Comparison

Object = Mapping[str, object]

_ATTACK_SOURCES = frozenset(
    ("mitre-attack", "mitre-mobile-attack", "mitre-ics-attack", "mitre-pre-attack", "mitre-enterprise-attack")
)


def values_of(obj: Object, comparisons: Iterable[Comparison] = ()) -> list[Value]:
    """Every value `obj` speaks of, once each, ordered by kind and normal form.

    `comparisons` are those of an indicator's parsed pattern; without them the pattern is parsed here. Text that is not
    what its field says has no value; nothing raises, since a value is an index entry, not a check.
    """
    type_ = obj.get("type")
    if not isinstance(type_, str):
        return []
    if field := _FIELDS.get(type_):
        text = obj.get(field[0])
        found = field[1](text) if isinstance(text, str) else None
        return [found] if found else []
    read = _OBJECTS.get(type_)
    if type_ == "indicator":
        values = _of_indicator(obj, comparisons)
    elif read is not None:
        values = read(obj)
    else:
        values = _of_references(obj)
    distinct = dict.fromkeys(values)
    return sorted(distinct, key=_order) if len(distinct) > 1 else list(distinct)


def _order(value: Value) -> tuple[str, str]:
    return (value.kind, value.normal)


def _of_indicator(obj: Object, comparisons: Iterable[Comparison]) -> Iterator[Value]:
    pattern = obj.get("pattern")
    comparisons = tuple(comparisons)
    if not comparisons and obj.get("pattern_type") == "stix" and isinstance(pattern, str):
        try:
            comparisons = parse(pattern).comparisons
        except BadInput:  # admission has refused it, or will
            comparisons = ()
    yield from values_of_comparisons(comparisons)
    yield from _of_references(obj)


def _of_observed_data(obj: Object) -> Iterator[Value]:
    embedded = obj.get("objects")
    if isinstance(embedded, Mapping):
        for observable in embedded.values():
            if isinstance(observable, Mapping) and observable.get("type") in _OBSERVABLES:
                yield from values_of(observable)
    yield from _of_references(obj)


def _of_vulnerability(obj: Object) -> Iterator[Value]:
    name = obj.get("name")
    if isinstance(name, str):
        yield from cves_in(name)
    yield from _of_references(obj)


def _of_references(obj: Object) -> Iterator[Value]:
    """CVE ids, and ids of ATT&CK where ATT&CK or an attack pattern says them."""
    references = obj.get("external_references")
    if not isinstance(references, list):
        return
    for reference in references:
        if not isinstance(reference, Mapping) or not isinstance(text := reference.get("external_id"), str):
            continue
        of_attack = reference.get("source_name") in _ATTACK_SOURCES or obj.get("type") == "attack-pattern"
        if found := read_cve(text) or (read_attack_id(text) if of_attack else None):
            yield found


def _of_file(obj: Object) -> Iterator[Value]:
    yield from _of_hashes(obj)
    extensions = obj.get("extensions")
    if isinstance(extensions, Mapping):
        for part in _hashed_parts(extensions):
            yield from _of_hashes(part)


def _hashed_parts(extensions: Object) -> Iterator[Object]:
    """What lies inside a file and has hashes of its own: sections and header of a program, alternate streams."""
    for extension, field in (
        ("windows-pebinary-ext", "optional_header"),
        ("windows-pebinary-ext", "sections"),
        ("ntfs-ext", "alternate_data_streams"),
    ):
        inside = extensions.get(extension)
        parts = inside.get(field) if isinstance(inside, Mapping) else None
        for part in parts if isinstance(parts, list) else [parts]:
            if isinstance(part, Mapping):
                yield part


def _of_hashes(obj: Object) -> Iterator[Value]:
    hashes = obj.get("hashes")
    if not isinstance(hashes, Mapping):
        return
    for name, text in hashes.items():
        kind = hash_kind(name) if isinstance(name, str) else ""
        if kind and isinstance(text, str) and (found := read_hash(kind, text)):
            yield found


def _of_artifact(obj: Object) -> Iterator[Value]:
    yield from _of_hashes(obj)
    yield from _of_field(obj, "url", READERS["url"])


def _of_certificate(obj: Object) -> Iterator[Value]:
    yield from _of_hashes(obj)
    yield from _of_field(obj, "serial_number", READERS["certificate-serial"])


def _of_autonomous_system(obj: Object) -> Iterator[Value]:
    number = obj.get("number")
    if isinstance(number, int) and not isinstance(number, bool) and (found := asn(number)):
        yield found


def _of_field(obj: Object, field: str, reader: Reader) -> Iterator[Value]:
    text = obj.get(field)
    if isinstance(text, str) and (found := reader(text)):
        yield found


# Observables that are one value in one field.
_FIELDS: dict[str, tuple[str, Reader]] = {
    "ipv4-addr": ("value", READERS["ipv4"]),
    "ipv6-addr": ("value", READERS["ipv6"]),
    "domain-name": ("value", READERS["domain"]),
    "url": ("value", READERS["url"]),
    "email-addr": ("value", READERS["email"]),
    "mac-addr": ("value", READERS["mac"]),
    "software": ("cpe", READERS["cpe"]),
    "mutex": ("name", READERS["mutex"]),
    "email-message": ("message_id", READERS["message-id"]),
}
_OBJECTS: dict[str, Callable[[Object], Iterator[Value]]] = {
    "file": _of_file,
    "artifact": _of_artifact,
    "x509-certificate": _of_certificate,
    "autonomous-system": _of_autonomous_system,
    "observed-data": _of_observed_data,
    "vulnerability": _of_vulnerability,
}
_OBSERVABLES = frozenset((*_FIELDS, "file", "artifact", "x509-certificate", "autonomous-system"))
