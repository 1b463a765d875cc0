"""The guard against classified spillage: 200 texts that must pass beside 200 that must not, wherever they stand."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.policy import might_spill, spillage
from tests.policy.spill_texts import PASSING, SPILLING

SPILLING_OBJECTS: list[tuple[str, dict[str, Any]]] = [
    ("field", {"type": "report", "x_classification": "secret"}),
    ("field", {"type": "report", "classification": "NR"}),
    ("field", {"type": "report", "x_nato_classification_level": "NATO Restricted"}),
    ("field", {"type": "file", "name": "a.doc", "securityClassification": "CONFIDENTIAL//NF"}),
    ("field", {"type": "report", "x-einstufung": "VS-NfD"}),
    ("field", {"type": "report", "protective_marking": ["none", "top secret"]}),
    (
        "field",
        {"type": "note", "extensions": {"extension-definition--1": {"classification": {"classification": "ns-a"}}}},
    ),
    ("tag", {"type": "report", "labels": ["threat-report", 'nato:classification="NS"']}),
    ("tag", {"type": "report", "labels": ['nato:classification="CTS-A"']}),
    ("tag", {"type": "report", "labels": ['fr-classif:non-classifiees="DIFFUSION_RESTREINTE"']}),
    ("tag", {"type": "report", "labels": ['fr-classif:classifiees="TRES_SECRET"']}),
    ("tag", {"type": "report", "labels": ['de-vs:Einstufung="VS-NfD"']}),
    ("tag", {"type": "report", "labels": ['dni-ism:classification:us="S"']}),
    ("tag", {"type": "report", "labels": ["euci:R-UE/EU-R"]}),
    ("tag", {"type": "report", "labels": ["classification:secret"]}),
    ("banner", {"type": "report", "name": "NATO RESTRICTED"}),
    ("banner", {"type": "report", "name": "NATO SECRET - Assessment of the loader"}),
    ("banner", {"type": "report", "labels": ["nato-restricted"]}),
    ("banner", {"type": "email-message", "subject": "[NATO RESTRICTED] minutes", "body": "see below"}),
    (
        "banner",
        {"type": "email-message", "subject": "minutes", "body": "Dear all,\n\nNATO CONFIDENTIAL\n\nThe minutes."},
    ),
    ("banner", {"type": "report", "external_references": [{"source_name": "x", "description": "SECRET//NOFORN"}]}),
    ("banner", {"type": "observed-data", "objects": {"0": {"type": "email-message", "body": "COSMIC TOP SECRET"}}}),
    ("portion", {"type": "report", "name": "(S//NF) The operators of the loader"}),
    ("banner", {"type": "marking-definition", "definition": {"statement": "NATO RESTRICTED"}}),
    ("statement", {"type": "marking-definition", "definition": {"statement": "NATO Secret, handle accordingly"}}),
    (
        "statement",
        {"type": "marking-definition", "definition": {"statement": "This is classified as NATO RESTRICTED."}},
    ),
    ("statement", {"type": "marking-definition", "name": "VS-NfD (national)"}),
]
PASSING_OBJECTS: list[dict[str, Any]] = [
    {"type": "intrusion-set", "name": "Secret Blizzard", "aliases": ["SECRET", "TOP SECRET", "Turla"]},
    {"type": "file", "name": "NATO SECRET"},
    {"type": "file", "name": "SECRET", "hashes": {"MD5": "d41d8cd98f00b204e9800998ecf8427e"}},
    {"type": "mutex", "name": "TAJNO"},
    {"type": "url", "value": "SECRET"},
    {"type": "windows-registry-key", "key": "SECRET", "values": [{"name": "SECRET"}]},
    {"type": "process", "command_line": "SECRET", "cwd": "SECRET"},
    {"type": "indicator", "pattern": "[file:name = 'NATO SECRET']", "name": "Lure document"},
    {"type": "report", "classification": "trojan"},
    {"type": "report", "classification": "public"},
    {"type": "report", "classification": "NATO UNCLASSIFIED"},
    {"type": "report", "classification": "U"},
    {"type": "report", "classification": 3, "x_level": ["S", "C"]},
    {"type": "malware", "x_malware_classification": "Restricted Boltzmann machine"},
    {"type": "report", "labels": ['nato:classification="NU"', "tlp:red", "secret", "confidential"]},
    {"type": "report", "labels": ['fr-classif:non-classifiees="NON-PROTEGE"', 'dni-ism:classification:us="U"']},
    {"type": "tool", "name": "kubectl", "x_fields": ["client_secret", "CLIENT_SECRET"]},
    {"type": "marking-definition", "definition": {"statement": "Copyright 2024 Example Corporation. Not classified."}},
    {"type": "marking-definition", "name": "TLP:RED"},
    {"type": {"odd": 1}, "extensions": {"a": {"type": ["list"]}}, "name": None},
    {},
]


def as_description(text: str) -> dict[str, Any]:
    return {"type": "report", "name": "Report", "description": text}


def both_encodings(obj: dict[str, Any]) -> list[bytes]:
    return [json.dumps(obj, ensure_ascii=ascii_only).encode() for ascii_only in (True, False)]


def test_there_are_two_hundred_of_each() -> None:
    assert len(set(SPILLING)) + len(SPILLING_OBJECTS) >= 200
    assert len(set(PASSING)) + len(PASSING_OBJECTS) >= 200


@pytest.mark.parametrize("text", SPILLING)
def test_a_marked_text_is_found_where_it_stands(text: str) -> None:
    obj = as_description(text)
    found = spillage(obj)
    assert found is not None and found.where == "$.description"
    assert all(map(might_spill, both_encodings(obj)))


@pytest.mark.parametrize("text", SPILLING)
def test_a_marked_text_is_found_within_a_longer_one_and_in_a_nested_place(text: str) -> None:
    body = f"An ordinary opening.\n\n{text}\n\nAn ordinary end that is long enough to be a paragraph of its own."
    obj = {"type": "note", "content": "x", "extensions": {"a": {"parts": ["x", {"text": body}]}}}
    found = spillage(obj)
    assert found is not None and found.where == "$.extensions.a.parts[1].text"
    assert all(map(might_spill, both_encodings(obj)))


@pytest.mark.parametrize("text", PASSING)
def test_prose_passes(text: str) -> None:
    assert spillage(as_description(text)) is None
    assert spillage({"type": "note", "abstract": "Opening.", "content": f"Opening.\n\n{text}\n\nEnd."}) is None


@pytest.mark.parametrize(
    ("rule", "obj"), SPILLING_OBJECTS, ids=[str(list(obj.values())[1])[:40] for _, obj in SPILLING_OBJECTS]
)
def test_marking_fields_tags_and_statements_are_found(rule: str, obj: dict[str, Any]) -> None:
    found = spillage(obj)
    assert found is not None and found.rule == rule
    assert all(map(might_spill, both_encodings(obj)))


@pytest.mark.parametrize("obj", PASSING_OBJECTS, ids=lambda obj: str(list(obj.values())[1:2])[:40])
def test_observed_values_and_other_fields_pass(obj: dict[str, Any]) -> None:
    assert spillage(obj) is None


def test_nothing_that_was_found_is_repeated() -> None:
    found = spillage({"type": "report", "Operation Night\nFox": "NATO SECRET"})
    assert found is not None and found.where == "$.*"
    assert "SECRET" not in found.message + found.remedy + found.where


@given(st.sampled_from(SPILLING), st.sampled_from(PASSING), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_no_prose_hides_a_banner_line(marked: str, prose: str, between: str) -> None:
    if not marked.lstrip().startswith(("(C)", "(S)", "(U)")):  # single letters are judged by their neighbours
        for text in (marked + between + prose, prose + between + marked):
            assert spillage(as_description(text)) is not None


@given(st.lists(st.sampled_from([*SPILLING, *PASSING]) | st.text(max_size=30), max_size=3), st.booleans())
def test_what_the_quick_look_lets_pass_the_full_look_would_too(texts: list[str], ascii_only: bool) -> None:
    obj = as_description("\n".join(texts))
    raw = json.dumps(obj, ensure_ascii=ascii_only).encode()
    assert might_spill(raw) or spillage(obj) is None


ORDINARY = b"""{"type": "indicator", "spec_version": "2.1", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
 "created": "2016-04-29T14:09:00.000Z", "modified": "2016-04-29T14:09:00.000Z", "name": "Poison Ivy (malware)",
 "description": "This file is part of Poison Ivy.\\nSeen twice.", "pattern_type": "stix", "confidence": 70,
 "pattern": "[file:hashes.'SHA-256' = '4bac27393bdd9777ce02453256c5577cd02275510b2227f473d03f533924f877']"}"""


def test_an_ordinary_object_needs_no_second_look() -> None:
    assert not might_spill(ORDINARY)


HOSTILE = {
    "blanks": " " * 400_000,
    "empty lines": "\n" * 400_000,
    "edges": "*-" * 200_000 + "SECRET",
    "levels": "NATO SECRET " * 40_000 + "x",
    "open tags": "NATO SECRET x " + "<a" * 200_000,
    "open brackets": "SECRET x " + "(" * 400_000,
    "slashes": "SECRET x " + "//" * 200_000,
    "portion-like": "(S) x\n" * 60_000 + "(a) y",
    "copyright": "(C) " + "word " * 80_000 + "\n(a) x",
    "short lines": "SECRET SECRET x\n" * 25_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear_in_the_text(text: str) -> None:
    def seconds(obj: dict[str, Any]) -> float:
        start = time.perf_counter()
        spillage(obj)
        might_spill(json.dumps(obj).encode())
        return time.perf_counter() - start

    assert seconds(as_description(text)) < 5.0, "a quadratic look at 400 kB takes minutes"
