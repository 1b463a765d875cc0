"""STIX 2.1 rule by rule: what is refused, where and by which clause, what passes with a warning, and what without."""

from __future__ import annotations

import json
import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.errors import BadInput
from shieldwall.stix import Granular, check
from shieldwall.stix.terms import CLAUSES
from tests.stix.samples import (
    AMBER,
    EXTENSION,
    GREEN,
    LATER,
    NOW,
    RED,
    SAMPLES,
    WHEN,
    Object,
    checked,
    identified,
    sample,
)


def refusal(obj: Object) -> BadInput:
    with pytest.raises(BadInput) as refused:
        checked(obj)
    return refused.value


def test_there_is_a_sample_of_every_type() -> None:
    assert SAMPLES.keys() == CLAUSES.keys()


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_a_sound_object_of_every_type_passes(kind: str) -> None:
    found = checked(SAMPLES[kind])
    assert (found.id, found.type, found.object) == (identified(kind), kind, SAMPLES[kind])


CASES: dict[str, tuple[Object, str, str]] = {
    # what: (object, rule, place)
    "ST1 an id of another type": (sample("tool", id=identified("malware")), "ST1", "$.id"),
    "ST1 an id that is no UUID": (sample("tool", id="tool--1"), "ST1", "$.id"),
    "ST1 a UUID of the wrong variant": (sample("tool", id="tool--00000000-0000-4000-c000-000000000001"), "ST1", "$.id"),
    "ST1 no id": (sample("tool", id=...), "ST1", "$.id"),
    "ST1 a versioned observable under a shared id": (
        sample("ipv4-addr", id="ipv4-addr--8dded90c-40c0-545a-8027-5b212bb37e8e", modified=WHEN),
        "STIX 2.1 §3.6",
        "$.modified",
    ),
    "ST5 the thirtieth of February": (sample("tool", created="2024-02-30T00:00:00.000Z"), "ST5", "$.created"),
    "ST5 another time zone": (sample("report", published="2024-02-20T00:00:00+01:00"), "ST23", "$.published"),
    "ST6 seconds only": (sample("tool", created="2024-02-20T00:00:00Z"), "STIX 2.1 §4.18", "$.created"),
    "ST6 modified before created": (sample("tool", created=LATER), "ST6", "$.modified"),
    "ST7 STIX 2.0": (sample("tool", spec_version=...), "ST7", "$.spec_version"),
    "ST7 STIX 2.0 by name": (sample("tool", spec_version="2.0"), "ST7", "$.spec_version"),
    "ST7 an observable of another version": (sample("mutex", spec_version="2.0"), "ST7", "$.spec_version"),
    "ST8 confidence above 100": (sample("tool", confidence=101), "STIX 2.1 §4.18", "$.confidence"),
    "ST8 no language": (sample("tool", lang="English (UK)"), "STIX 2.1 §4.18", "$.lang"),
    "ST9 an upper-case property": (sample("tool", x_Score=1), "ST9", "$.x_Score"),
    "ST9 a property of two letters": (sample("tool", xy=1), "ST9", "$.xy"),
    "ST9 two hyphens in a type": ({**sample("tool"), "type": "x--y", "id": identified("x--y")}, "ST9", "$.type"),
    "ST9 an encoding of nothing": (sample("file", x_text_enc="utf-8"), "STIX 2.1 §3.1", "$.x_text_enc"),
    "ST10 a dictionary key with a space": (sample("file", hashes={"MD 5": "0"}), "ST28", "$.hashes"),
    "ST11 an empty list": (sample("tool", labels=[]), "ST11", "$.labels"),
    "ST11 an empty list deep inside": (sample("tool", x_a={"b": [{"c": []}]}), "ST11", "$.x_a.b[0].c"),
    "ST11 an empty dictionary": (sample("file", hashes={}), "ST11", "$.hashes"),
    "ST11 a null": (sample("tool", x_a=None), "ST11", "$.x_a"),
    "ST12 a creator that is no identity": (
        sample("tool", created_by_ref=identified("tool")),
        "ST12",
        "$.created_by_ref",
    ),
    "ST12 a marking that is none": (
        sample("tool", object_marking_refs=[RED, identified("tool")]),
        "ST12",
        "$.object_m",
    ),
    "ST12 a domain resolving to a file": (
        sample("domain-name", resolves_to_refs=[identified("file")]),
        "ST12",
        "$.resolves_to_refs",
    ),
    "ST19 a reserved name": (sample("tool", severity="high"), "ST19", "$.severity"),
    "ST20 an incident without a name": (sample("incident", name=...), "ST20", "$"),
    "ST21 an indicator without a pattern": (sample("indicator", pattern=...), "ST21", "$"),
    "ST21 valid until it starts": (sample("indicator", valid_until=WHEN), "ST21", "$.valid_until"),
    "ST23 a report about nothing": (sample("report", object_refs=...), "ST23", "$"),
    "ST23 a sixth opinion": (sample("opinion", opinion="maybe"), "ST23", "$.opinion"),
    "ST24 neither objects nor references": (sample("observed-data", object_refs=...), "ST24", "$"),
    "ST24 both": (sample("observed-data", objects={"0": {"type": "mutex", "name": "a"}}), "ST24", "$"),
    "ST24 seen no times": (sample("observed-data", number_observed=0), "ST24", "$.number_observed"),
    "ST24 ending before it starts": (
        sample("observed-data", first_observed=LATER, last_observed=WHEN),
        "ST24",
        "$.last",
    ),
    "ST24 only relationships": (sample("observed-data", object_refs=[identified("sighting")]), "ST24", "$.object_refs"),
    "ST24 a local reference to nothing": (
        sample("observed-data", object_refs=..., objects={"0": {"type": "email-message", "from_ref": "1"}}),
        "ST24",
        "$.objects.0.from_ref",
    ),
    "ST25 malware of unknown nature": (sample("malware", is_family=...), "ST25", "$"),
    "ST25 a family without a name": (sample("malware", name=...), "ST25", "$"),
    "ST25 an analysis without result": (sample("malware-analysis", result=...), "ST25", "$"),
    "ST26 a relationship of a relationship": (
        sample("relationship", target_ref=identified("sighting")),
        "ST12",
        "$.targ",
    ),
    "ST26 a relationship of a marking": (sample("relationship", source_ref=GREEN), "ST12", "$.source_ref"),
    "ST26 stopping when it starts": (sample("relationship", start_time=WHEN, stop_time=WHEN), "ST26", "$.stop_time"),
    "ST27 a sighting of an observable": (
        sample("sighting", sighting_of_ref=identified("url")),
        "ST12",
        "$.sighting_of",
    ),
    "ST27 sighted in a tool": (sample("sighting", where_sighted_refs=[identified("tool")]), "ST27", "$.where_sighted"),
    "ST27 a billion times": (sample("sighting", count=1_000_000_000), "ST27", "$.count"),
    "ST28 an artifact twice": (sample("artifact", url="https://a.example", hashes={"MD5": "0" * 32}), "ST28", "$"),
    "ST28 a file without name or hash": (sample("file", name=..., hashes=...), "ST28", "$"),
    "ST28 a short hash": (sample("file", hashes={"MD5": "00"}), "ST28", "$.hashes.MD5"),
    "ST28 a message that says not whether": (sample("email-message", is_multipart=...), "ST28", "$"),
    "ST28 traffic between nobody": (sample("network-traffic", src_ref=...), "ST28", "$"),
    "ST28 traffic ending before it starts": (sample("network-traffic", start=LATER, end=WHEN), "ST28", "$.end"),
    "ST28 a process without anything": (sample("process", pid=...), "ST28", "$"),
    "ST28 a certificate without anything": (sample("x509-certificate", serial_number=...), "ST28", "$"),
    "ST28 four numbers too large": (sample("ipv4-addr", value="192.0.2.256"), "ST28", "$.value"),
    "ST28 no IPv6 address": (sample("ipv6-addr", value="2001:db8:::1"), "ST28", "$.value"),
    "ST28 a URL for a domain": (sample("domain-name", value="https://evil.example/"), "ST28", "$.value"),
    "ST28 a name with an address": (sample("email-addr", value="Bob <bob@evil.example>"), "ST28", "$.value"),
    "ST28 a MAC address in capitals": (sample("mac-addr", value="AA:BB:CC:DD:EE:FF"), "ST28", "$.value"),
    "ST29 an archive of nothing": (
        sample("file", extensions={"archive-ext": {"comment": "x"}}),
        "ST28",
        "$.extensions.archive-ext",
    ),
    "ST30 a translation into no language": (
        sample("language-content", contents={"d_": {"name": "x"}}),
        "ST30",
        "$.cont",
    ),
    "ST30 a translation that is no dictionary": (
        sample("language-content", contents={"de": "x"}),
        "ST30",
        "$.contents.de",
    ),
    "ST31 a marking that says nothing": (sample("marking-definition", definition=...), "ST31", "$.definition"),
    "ST31 a statement without text": (sample("marking-definition", definition={"text": "x"}), "ST31", "$.definition"),
    "ST31 a marking of itself": (
        sample("marking-definition", object_marking_refs=[identified("marking-definition")]),
        "ST31",
        "$.object_marking_refs",
    ),
    "ST31 a TLP under another id": (
        sample("marking-definition", definition_type="tlp", name="TLP:RED", definition={"tlp": "red"}),
        "marking-impostor",
        identified("marking-definition"),
    ),
    "ST31 TLP 2.0 under another id": (
        sample(
            "marking-definition",
            definition_type=...,
            definition=...,
            extensions={
                "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {
                    "extension_type": "property-extension",
                    "tlp_2_0": "clear",
                }
            },
        ),
        "marking-impostor",
        identified("marking-definition"),
    ),
    "ST33 a marking and a language": (
        sample("tool", granular_markings=[{"selectors": ["name"], "marking_ref": RED, "lang": "en"}]),
        "STIX 2.1 §4.18",
        "$.granular_markings[0]",
    ),
    "ST33 neither": (
        sample("tool", granular_markings=[{"selectors": ["name"]}]),
        "STIX 2.1 §4.18",
        "$.granular_markings[0]",
    ),
    "ST33 no selector": (
        sample("tool", granular_markings=[{"selectors": ["name[0]"], "marking_ref": RED}]),
        "ST33",
        "$.granular_markings[0].selectors",
    ),
    "ST34 a selector of nothing": (
        sample("tool", labels=["a"], granular_markings=[{"selectors": ["labels.[1]"], "marking_ref": RED}]),
        "ST34",
        "$.granular_markings[0].selectors",
    ),
    "ST35 a definition of nobody": (sample("extension-definition", created_by_ref=...), "ST35", "$"),
    "ST35 properties without a place": (sample("extension-definition", extension_properties=["abc"]), "ST35", "$"),
    "ST36 an unknown kind of extension": (
        sample("tool", extensions={EXTENSION: {"extension_type": "new"}}),
        "STIX 2.1 §4.18",
        "$.extensions." + EXTENSION,
    ),
    "ST36 a bad name in an extension": (
        sample("tool", extensions={EXTENSION: {"extension_type": "property-extension", "Rank": 1}}),
        "ST36",
        "$.extensions." + EXTENSION + ".Rank",
    ),
    "ST39 a bundle in a bundle": ({"type": "bundle", "id": identified("bundle")}, "ST39", "$.type"),
    "ST40 a pattern that does not parse": (sample("indicator", pattern="[ipv4-addr:value = ]"), "", "$.pattern 1:"),
    "a version from the future": (sample("tool", modified="2035-01-01T00:00:00.000Z"), "modified-ahead", "$.modified"),
}


@pytest.mark.parametrize("what", CASES)
def test_what_the_standard_forbids_is_refused_with_rule_place_and_remedy(what: str) -> None:
    obj, rule, place = CASES[what]
    refused = refusal(obj)
    assert refused.rule.startswith(rule) and place in refused.where and refused.remedy
    assert str(obj.get("id", "?")) in refused.where


@pytest.mark.parametrize(
    ("obj", "remedy"),
    [
        (sample("malware", name=...), "a family needs a name"),
        (sample("file", name=..., hashes=...), "give hashes or name"),
        (sample("tool", external_references=[{"source_name": "x"}]), "give description, url or external_id"),
        (sample("tool", spec_version=...), "export it as STIX 2.1"),
    ],
)
def test_the_remedy_says_what_to_do(obj: Object, remedy: str) -> None:
    assert remedy in refusal(obj).remedy


WARNED: dict[str, tuple[Object, str]] = {
    "ST2 an id of another making": (
        sample("url", id="url--00000000-0000-5000-8000-000000000001"),
        "not the deterministic",
    ),
    "ST1 a UUID of no version": (sample("tool", id="tool--00000000-0000-d000-8000-000000000001"), "of version d"),
    "ST24 the old container": (
        sample("observed-data", object_refs=..., objects={"0": {"type": "mutex", "name": "a"}}),
        "deprecated",
    ),
    "ST25 a word of one's own": (
        sample("malware", malware_types=["wiper", "eraser"]),
        "'eraser' is not in malware-type-ov",
    ),
    "ST31 a version of a marking": (sample("marking-definition", modified=WHEN), "no versions"),
    "ST37 a property of one's own": (sample("tool", x_score=3), "x_score"),
    "ST37 a type of one's own": ({**sample("tool"), "type": "x-radar", "id": identified("x-radar")}, "x-radar is not"),
    "ST38 an unknown extension": (sample("file", extensions={"x-mine-ext": {"abc": 1}}), "x-mine-ext is not"),
    "an edge to itself": (sample("relationship", source_ref=identified("malware")), "same object"),
}


@pytest.mark.parametrize("what", WARNED)
def test_what_the_standard_advises_against_passes_with_a_warning(what: str) -> None:
    obj, words = WARNED[what]
    assert any(words in warning for warning in checked(obj).warnings)


SILENT: dict[str, Object] = {
    "ST5 a leap second": sample("report", published="2016-12-31T23:59:60Z"),
    "ST5 the last year there is": sample("report", published="9999-12-31T23:59:59.999999999Z"),
    "ST6 ten thousand years of digits": sample("tool", created=WHEN, modified="2024-05-01T10:00:00.0000000001Z"),
    "ST7 an observable without spec_version": sample("mutex", spec_version=...),
    "ST12 a creator who is not here": sample("tool", created_by_ref=identified("identity", 9)),
    "ST12 a relationship of a type of one's own": sample("relationship", source_ref=identified("x-radar")),
    "ST18 derived-from": sample("relationship", relationship_type="derived-from"),
    "ST22 a Sigma rule": sample("indicator", pattern="title: anything [", pattern_type="sigma"),
    "ST25 an unnamed sample": sample("malware", is_family=False, name=...),
    "ST28 a mapped address": sample("ipv6-addr", value="::ffff:192.0.2.1"),
    "ST28 a network": sample("ipv6-addr", value="2001:db8::1/32"),
    "ST28 a defanged domain": sample("domain-name", value="evil[.]example", defanged=True),
    "ST33 a language alone": sample("tool", granular_markings=[{"selectors": ["name"], "lang": "de"}]),
    "ST33 an upper-case key": sample("file", granular_markings=[{"selectors": ["hashes.MD5"], "marking_ref": RED}]),
    "ST36 a top-level extension": sample(
        "tool", rank=3, extensions={EXTENSION: {"extension_type": "toplevel-property-extension"}}
    ),
    "§2.5 a CVE under another name": sample(
        "vulnerability", external_references=[{"source_name": "NVD", "external_id": "CVE-2024-3400"}]
    ),
    "§2.7 a TLSH of today": sample("file", hashes={"TLSH": "T1" + "A" * 70}),
}


@pytest.mark.parametrize("what", SILENT)
def test_what_the_standard_allows_passes_without_a_word(what: str) -> None:
    assert checked(SILENT[what]).warnings == ()


@pytest.mark.parametrize("tlp", [GREEN, AMBER, RED])
def test_an_official_marking_under_its_own_id_passes(tlp: str) -> None:
    name = {GREEN: "green", AMBER: "amber", RED: "red"}[tlp]
    extension = {"extension_type": "property-extension", "tlp_2_0": name}
    official = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": tlp,
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{name.upper()}",
        "extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": extension},
    }
    assert checked(official).warnings == ()


def test_the_header_holds_what_the_exchange_needs() -> None:
    found = checked(
        sample(
            "sighting",
            modified=LATER,
            revoked=True,
            created_by_ref=identified("identity"),
            object_marking_refs=[GREEN],
            observed_data_refs=[identified("observed-data")],
            granular_markings=[{"selectors": ["count"], "marking_ref": RED}, {"selectors": ["type"], "lang": "en"}],
            extensions={EXTENSION: {"extension_type": "property-extension", "seen_by_ref": identified("tool")}},
        )
    )
    assert (found.version, found.modified_us, found.revoked) == (LATER, 1_714_644_000_000_000, True)
    assert (found.created_by, found.marking_refs) == (identified("identity"), (GREEN,))
    assert found.granular == (Granular(RED, ("count",)),)
    assert set(found.refs) == {identified("indicator"), identified("observed-data"), identified("tool")}


@pytest.mark.parametrize("kind", ["mutex", "marking-definition"])
def test_what_has_no_versions_has_an_empty_one(kind: str) -> None:
    found = checked(sample(kind, modified=LATER))
    assert (found.version, found.modified_us) == ("", 0)


def test_five_minutes_ahead_is_the_clocks_fault_and_more_is_refused() -> None:
    soon = sample("tool", modified="2024-05-01T10:05:00.000Z")
    now = 1_714_557_600_000_000
    assert check(orjson.dumps(soon), now=now).modified_us == now + 300_000_000
    with pytest.raises(BadInput):
        check(orjson.dumps(soon), now=now - 1)


SPELLING = st.sampled_from(
    [{"indent": 2}, {"sort_keys": True}, {"ensure_ascii": False}, {"separators": (" , ", " : ")}]
)


@given(st.sampled_from(list(SAMPLES.values())), SPELLING, SPELLING)
def test_two_spellings_of_one_object_have_one_digest_and_keep_their_bytes(obj: Object, one: Any, two: Any) -> None:
    left, right = json.dumps(obj, **one).encode(), json.dumps(obj, **two).encode()
    a, b = check(left, now=NOW), check(right, now=NOW)
    assert (a.body, b.body) == (left, right)
    assert a.digest == b.digest and a == check(left, now=NOW)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLACES = st.sampled_from([*sorted({name for obj in SAMPLES.values() for name in obj}), "granular_markings", "x_own"])


@given(st.sampled_from(list(SAMPLES.values())), st.dictionaries(PLACES, JUNK, max_size=3))
def test_junk_anywhere_is_judged_and_never_breaks_the_judge(obj: Object, junk: Object) -> None:
    try:
        check(json.dumps({**obj, **junk}).encode(), now=NOW)
    except BadInput as refused:
        assert refused.rule and refused.where


def test_a_name_that_blows_up_a_backtracking_engine_is_judged_at_once() -> None:
    hostile = "a" * 240 + "!"
    started = time.perf_counter()
    refusal(sample("tool", extensions={f"{hostile}-ext": {"abc": 1}}))
    refusal({**sample("tool"), "type": hostile, "id": identified(hostile)})
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("kind", "only"),
    [
        ("process", {"created_time": WHEN}),
        ("windows-registry-key", {"modified_time": WHEN}),
        ("user-account", {"user_id": "b"}),
    ],
)
def test_one_property_is_enough_where_the_standard_asks_for_any(kind: str, only: Object) -> None:
    header = {name: SAMPLES[kind][name] for name in ("type", "id", "spec_version")}
    assert checked({**header, **only}).object == {**header, **only}
