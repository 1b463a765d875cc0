"""Warning lists and taxonomies: what they are called and what they are for, not their millions of values."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import orjson

from shieldwall.demo.world.objects import Thing, named_id
from shieldwall.demo.world.packages import packaged

OWNER = named_id("identity", "misp-lists")

# Their values are words of classification: an exchange of unclassified matter turns them away unread.
_LEFT_OUT = {"nato", "de-vs", "cnsd", "eu-classification", "french-eu-classification"}


class _WarningList(msgspec.Struct):
    """The list itself is skipped while decoding: some hold a million values."""

    name: str
    description: str
    version: int
    type: str
    matching_attributes: list[str] = []


def owner(at: str) -> Thing:
    """The identity under which all of them stand."""
    return {"type": "identity", "spec_version": "2.1", "id": OWNER, "created": at, "modified": at,
            "name": "MISP warning lists and taxonomies", "identity_class": "organization"}


def warning_lists(at: str) -> Iterator[Thing]:
    """A note for each warning list and a grouping of them."""
    folder = packaged("pymispwarninglists", "data", "misp-warninglists", "lists")
    decoder = msgspec.json.Decoder(_WarningList)
    notes = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        listed = decoder.decode((entry / "list.json").read_bytes())
        content = (f"{listed.description}\n\nCompared by {listed.type} with: "
                   f"{', '.join(listed.matching_attributes) or 'anything'}. Version {listed.version}.")
        notes.append(_note(f"warning-list:{entry.name}", f"Warning list: {listed.name}", content, "warning-list", at))
    yield from notes
    yield _grouping("Warning lists", "Values that are seldom a threat: mind them before you block.", notes, at)


def taxonomies(at: str) -> Iterator[Thing]:
    """A note for each taxonomy that says its predicates, and a grouping of them."""
    folder = packaged("pytaxonomies", "data", "misp-taxonomies")
    notes = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and (file := entry / "machinetag.json").is_file() and entry.name not in _LEFT_OUT:
            notes.append(_taxonomy(orjson.loads(file.read_bytes()), at))
    yield from notes
    yield _grouping("Taxonomies", "Vocabularies in which the community tags what it shares.", notes, at)


def _taxonomy(taxonomy: Thing, at: str) -> Thing:
    namespace = taxonomy["namespace"]
    lines = [f"{namespace}:{predicate['value']}" + (f" ({said})" if (said := predicate.get("expanded")) else "")
             for predicate in taxonomy["predicates"]]
    content = taxonomy["description"].strip() + "\n\n" + "\n".join(lines)
    return _note(f"taxonomy:{namespace}", f"Taxonomy: {namespace}", content, "taxonomy", at)


def _note(name: str, abstract: str, content: str, label: str, at: str) -> Thing:
    return {"type": "note", "spec_version": "2.1", "id": named_id("note", name), "created_by_ref": OWNER, "created": at,
            "modified": at, "labels": [label], "abstract": abstract, "content": content, "object_refs": [OWNER]}


def _grouping(name: str, description: str, notes: list[Thing], at: str) -> Thing:
    return {"type": "grouping", "spec_version": "2.1", "id": named_id("grouping", name), "created_by_ref": OWNER,
            "created": at, "modified": at, "name": name, "description": description, "context": "unspecified",
            "object_refs": [note["id"] for note in notes]}
