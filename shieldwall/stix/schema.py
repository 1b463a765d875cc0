"""The OASIS JSON schemas of STIX 2.1, put right where they contradict the standard, compiled in a linear-time engine.

The schemas are those that stix2-validator carries; they are read without importing it. Each type is compiled when it
is first met (some 3 ms). `CORRECTIONS` is the whole list of places where the text of the standard decides otherwise;
what is taken out there and is a MUST is judged in `rules`.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import jsonschema_rs
import msgspec
import orjson

from shieldwall.stix.terms import MORE_WORDS, VOCABULARIES

Schema = dict[str, object]

_REMOVED = object()
_LANGUAGE = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
_ONE_OF_ID_URL_TEXT = [{"required": ["description"]}, {"required": ["url"]}, {"required": ["external_id"]}]
_EXTENSION = f"^extension-definition--{_UUID}$"
# §3.2 only advises which keys to use, and OASIS' own incident extension uses others: `rules` warns.
_EXTENSIONS = {
    "^[a-zA-Z0-9_-]{1,250}$": {"type": "object", "minProperties": 1},
    _EXTENSION: {"$ref": "../common/extension.json"},
}

# (schema, path in it, what stands there instead)
CORRECTIONS: tuple[tuple[str, str, object], ...] = (
    # §2.9 asks for the layout of RFC 4122. Versions beyond its five exist (RFC 9562, OASIS' test data): `check` warns.
    ("common/identifier", "pattern", f"^[a-z][a-z0-9-]+[a-z0-9]--{_UUID}$"),
    # §7.2.3: exactly one of `lang` and `marking_ref`; the schema demands the second. Keys may be upper case (§2.3).
    ("common/granular-marking", "required", ["selectors"]),
    ("common/granular-marking", "oneOf", [{"required": ["lang"]}, {"required": ["marking_ref"]}]),
    ("common/granular-marking", "properties/selectors/items", {"type": "string", "minLength": 1}),
    ("common/granular-marking", "properties/lang", {"type": "string", "pattern": _LANGUAGE}),
    # §2.5: a name and one of three; nothing binds a CVE or CAPEC number to one source name.
    ("common/external-reference", "oneOf", _REMOVED),
    ("common/external-reference", "required", ["source_name"]),
    ("common/external-reference", "anyOf", _ONE_OF_ID_URL_TEXT),
    ("common/external-reference", "properties/source_name", {"type": "string"}),
    ("common/external-reference", "properties/external_id", {"type": "string"}),
    # §3.8 is judged in `rules`, which can say what is wrong; `lang` is RFC 5646 (§3.2).
    ("common/core", "not", _REMOVED),
    ("common/cyber-observable-core", "not", _REMOVED),
    ("common/core", "properties/lang", {"type": "string", "pattern": _LANGUAGE}),
    ("common/core", "properties/extensions/patternProperties", _EXTENSIONS),
    ("common/cyber-observable-core", "properties/extensions/patternProperties", _EXTENSIONS),
    # The alternation binds wrongly, so that anything starting or ending right passes. Names are judged in `rules`.
    ("common/properties", "additionalProperties", _REMOVED),
    ("common/properties", "patternProperties/^([a-z][a-z0-9_]{2,249})|id$", _REMOVED),
    # §2.7: the format of the hash itself. TLSH has carried a version mark since 2020; ssdeep digests reach 148.
    ("common/hashes-type", "patternProperties/^TLSH$/pattern", "^(T1)?[a-fA-F0-9]{70}$"),
    ("common/hashes-type", "patternProperties/^SSDEEP$/pattern", "^[0-9]+:[a-zA-Z0-9/+]*:[a-zA-Z0-9/+]*$"),
    # §7.2.1: which kinds there are is judged in `rules`, with a reason.
    ("common/marking-definition", "oneOf", _REMOVED),
    ("common/marking-definition", "required", ["type", "spec_version", "id", "created"]),
    ("common/marking-definition", "properties/id", {"$ref": "../common/identifier.json"}),
    ("common/marking-definition", "properties/definition_type", {"type": "string"}),
    ("common/marking-definition", "properties/definition", {"type": "object"}),
    ("common/marking-definition", "properties/extensions/patternProperties", _EXTENSIONS),
    # §6.9: the pattern lacks backslashes and so refuses ::ffff:192.0.2.1.
    ("observables/ipv6-addr", "allOf/1/properties/value", {"type": "string"}),
    # §6.1: a SHOULD.
    ("observables/artifact", "allOf/1/properties/mime_type", {"type": "string"}),
    # §6.14: RFC 5646 tags; the pattern has scripts in lower case only.
    ("observables/software", "allOf/1/properties/languages/items", {"type": "string", "pattern": _LANGUAGE}),
    # §2.13: the deprecated container may hold STIX 2.0 content with ids of any kind.
    (
        "sdos/observed-data",
        "allOf/1/properties/objects",
        {"type": "object", "minProperties": 1, "additionalProperties": {"type": "object", "required": ["type"]}},
    ),
    ("sdos/observed-data", "allOf/1/properties/object_refs/items", {"$ref": "../common/identifier.json"}),
    # §6.17: the hive written out; without brackets the pattern finds its abbreviations anywhere in a key.
    (
        "observables/windows-registry-key",
        "allOf/1/properties/key/not/pattern",
        r"^(HKLM|HKCC|HKCR|HKCU|HKU|hklm|hkcc|hkcr|hkcu|hku)(\\|$)",
    ),
    # §6.13, §6.17: properties by the names that STIX 2.0 gave them.
    ("observables/process", "anyOf/4/required", ["created_time"]),
    ("observables/windows-registry-key", "anyOf/2/required", ["modified_time"]),
    # §5.1, §5.2: judged in `rules` by table.
    ("sros/relationship", "allOf/1/properties/source_ref", {"$ref": "../common/identifier.json"}),
    ("sros/relationship", "allOf/1/properties/target_ref", {"$ref": "../common/identifier.json"}),
    ("sros/sighting", "allOf/1/properties/sighting_of_ref", {"$ref": "../common/identifier.json"}),
    # §7.3.1: the creator is required of a definition.
    ("common/extension-definition", "required", ["name", "schema", "version", "extension_types", "created_by_ref"]),
)


class Form(msgspec.Struct, frozen=True):
    """What one type's schema gives: its validator, the properties it knows, those that are times, its vocabularies."""

    validator: jsonschema_rs.Draft202012Validator
    properties: frozenset[str]
    times: tuple[str, ...]
    vocabularies: dict[str, tuple[str, frozenset[str]]]


@functools.cache
def form_of(name: str) -> Form:
    """The form of a type the standard defines, or of the common core: `core`, `cyber-observable-core`."""
    schemas = _schemas()
    path = _paths()[name]
    schema = schemas[path]
    validator = jsonschema_rs.Draft202012Validator(
        schema, registry=_registry(), pattern_options=jsonschema_rs.RegexOptions(), validate_formats=False
    )
    properties = dict(_properties(schema))
    times = tuple(sorted(key for key, value in properties.items() if "timestamp.json" in str(value)))
    return Form(validator, frozenset(properties), times, _vocabularies(name, schema))


def _vocabularies(name: str, schema: Schema) -> dict[str, tuple[str, frozenset[str]]]:
    definitions = schema.get("definitions")
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for key, vocabulary in VOCABULARIES.get(name, {}).items():
        definition = definitions.get(vocabulary) if isinstance(definitions, dict) else None
        words = definition.get("enum", []) if isinstance(definition, dict) else []
        if words or vocabulary in MORE_WORDS:
            # The shipped list of regions runs two words together in places.
            every = {word for entry in words for word in str(entry).split()} | MORE_WORDS.get(vocabulary, frozenset())
            found[key] = (vocabulary, frozenset(every))
    return found


def _properties(schema: Schema) -> list[tuple[str, object]]:
    """The properties that a schema and all it refers to at the top describe."""
    found: list[tuple[str, object]] = []
    own = schema.get("properties")
    parts = schema.get("allOf")
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("../common/"):
        found += _properties(_schemas()[reference.removeprefix("../").removesuffix(".json")])
    for part in parts if isinstance(parts, list) else []:
        found += _properties(part)
    for variant in _variants(schema):
        found += _properties(variant)
    return found + list(own.items()) if isinstance(own, dict) else found


def _variants(schema: Schema) -> list[Schema]:
    one_of = schema.get("oneOf")
    return [variant for variant in one_of if isinstance(variant, dict)] if isinstance(one_of, list) else []


@functools.cache
def _paths() -> dict[str, str]:
    return {path.rsplit("/", 1)[1]: path for path in _schemas()}


@functools.cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(str(schema["$id"]), schema) for schema in _schemas().values()])


@functools.cache
def _schemas() -> dict[str, Schema]:
    """Every schema by its path without ending, such as `sdos/indicator`, corrected."""
    package = importlib.util.find_spec("stix2validator")
    if package is None or package.origin is None:
        raise ImportError("the package stix2-validator, whose schemas we use, is not installed")
    root = Path(package.origin).parent / "schemas-2.1" / "schemas"
    files = sorted(root.rglob("*.json"))
    schemas = {str(file.relative_to(root).with_suffix("")): orjson.loads(file.read_bytes()) for file in files}
    for name, path, value in CORRECTIONS:
        _put(schemas[name], path, value)
    return schemas


def _put(schema: Schema, path: str, value: object) -> None:
    *steps, last = path.split("/")
    # A pattern may itself hold a slash; none of ours does.
    place: object = schema
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]  # type: ignore[index]
    if not isinstance(place, dict):
        raise TypeError(f"no object at {path}")
    if value is _REMOVED:
        del place[last]
    else:
        place[last] = value
