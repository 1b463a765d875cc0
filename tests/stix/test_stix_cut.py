"""Granular markings make objects of their own (DESIGN.md 1, ST13, ST15b, ST33, ST34)."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shieldwall.errors import BadInput
from shieldwall.stix import Cut, cut, observable_id
from shieldwall.stix.selectors import moved, removal, selects, steps, text, without
from tests.stix.samples import AMBER, GREEN, NOW, RED, SAMPLES, WHEN, Object, checked, identified, sample

SECRET = uuid.UUID("6f0d2d5c-7a40-4f1e-9d3c-0f5f8b1c2a11")


def marked(kind: str, selectors: dict[str, list[str]], **properties: Any) -> Object:
    markings = [{"marking_ref": ref, "selectors": which} for ref, which in selectors.items()]
    return sample(kind, granular_markings=markings, **properties)


def cut_for_those_without(obj: Object, *unmet: str) -> Cut:
    return cut(checked(obj).object, frozenset(unmet), namespace=SECRET, now=NOW)


REPORT = marked(
    "report",
    {RED: ["description", "object_refs.[0]", "labels.[1]"], GREEN: ["object_refs.[2]", "labels.[1]", "name"]},
    description="Who did it",
    labels=["a", "secret", "c"],
    object_refs=[identified("malware", n) for n in range(3)],
    created_by_ref=identified("identity"),
)


def test_a_cut_leaves_out_what_is_marked_and_keeps_the_rest_in_place() -> None:
    found = cut_for_those_without(REPORT, RED)
    assert found.removed == ("description", "labels.[1]", "object_refs.[0]")
    kept = found.derived.object
    assert kept["labels"] == ["a", "c"] and kept["object_refs"] == [identified("malware", 1), identified("malware", 2)]
    assert "description" not in kept
    assert (kept["created"], kept["modified"], kept["name"]) == (WHEN, WHEN, "Week 18")
    assert kept["granular_markings"] == [{"marking_ref": GREEN, "selectors": ["object_refs.[1]", "name"]}]


def test_the_derived_object_gives_no_hint_of_the_whole() -> None:
    found = cut_for_those_without(REPORT, RED)
    body = found.derived.body.decode()
    assert REPORT["id"] not in body and RED not in body and "secret" not in body


def test_the_same_cut_is_the_same_object_and_another_is_another() -> None:
    once, again = cut_for_those_without(REPORT, RED), cut_for_those_without(REPORT, RED)
    assert once == again
    shorter = cut_for_those_without({**REPORT, **marked("report", {RED: ["labels.[1]"]}, labels=["a", "b"])}, RED)
    other = cut(REPORT, frozenset({RED}), namespace=uuid.uuid4(), now=NOW)
    assert len({REPORT["id"], once.derived.id, shorter.derived.id, other.derived.id}) == 4


@pytest.mark.parametrize("revoked", [False, True])
def test_a_later_version_of_the_whole_makes_a_later_version_of_both(revoked: bool) -> None:
    first = cut_for_those_without(REPORT, RED)
    later = cut_for_those_without({**REPORT, "modified": "2024-06-01T00:00:00.000Z", "revoked": revoked}, RED)
    assert first.relationship is not None and later.relationship is not None
    for old, new in ((first.derived, later.derived), (first.relationship, later.relationship)):
        assert (new.id, new.object["created"], new.revoked) == (old.id, old.object["created"], revoked)
        assert new.object["modified"] == "2024-06-01T00:00:00.000Z"


def test_the_relationship_leads_to_the_whole_and_is_marked_like_it() -> None:
    found = cut_for_those_without({**REPORT, "object_marking_refs": [AMBER]}, RED)
    assert found.relationship is not None
    link = found.relationship.object
    assert link["relationship_type"] == "derived-from"
    assert (link["source_ref"], link["target_ref"]) == (found.derived.id, REPORT["id"])
    assert link["created_by_ref"] == REPORT["created_by_ref"] and link["created"] == WHEN
    assert set(found.relationship.marking_refs) == {AMBER, RED}


def test_an_observable_that_became_another_gets_the_id_of_that_one() -> None:
    hashes = {"MD5": "0" * 32, "SHA-256": "1" * 64}
    whole = marked("file", {RED: ["hashes.MD5"]}, hashes=hashes, name="a.exe")
    found = cut_for_those_without(whole, RED)
    assert found.derived.object["hashes"] == {"SHA-256": "1" * 64}
    assert found.derived.id == observable_id(found.derived.object) != observable_id(whole)
    assert found.relationship is not None and found.relationship.modified_us == NOW


def test_a_relationship_is_cut_without_a_relationship_of_its_own() -> None:
    whole = marked("relationship", {RED: ["description"]}, description="How we know")
    assert cut_for_those_without(whole, RED).relationship is None


@pytest.mark.parametrize(
    ("obj", "unmet", "words"),
    [
        (marked("report", {RED: ["name"]}), RED, "nothing valid remains"),
        (marked("report", {RED: ["object_refs.[0]"]}), RED, "nothing valid remains"),
        (marked("file", {RED: ["hashes.MD5", "name"]}), RED, "nothing valid remains"),
        (marked("tool", {RED: ["created"]}), RED, "created cannot be left out"),
        (marked("tool", {RED: ["granular_markings"]}), RED, "granular_markings cannot be left out"),
        (marked("tool", {RED: ["name"]}, object_marking_refs=[RED]), RED, "the whole object"),
        (marked("tool", {RED: ["name"]}), AMBER, "nothing to remove"),
        (sample("tool", granular_markings=[{"selectors": ["name"], "lang": "de"}]), RED, "nothing to remove"),
    ],
)
def test_what_cannot_be_cut_is_refused_with_the_remedy(obj: Object, unmet: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        cut_for_those_without(obj, unmet)
    assert words in refused.value.message and refused.value.remedy and obj["id"] in refused.value.where


def paths_of(value: Any, stem: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for step, item in inner for path in ((*stem, step), *paths_of(item, (*stem, step)))]


RICH = {
    **SAMPLES["malware"],
    "aliases": ["a", "b", "c", "d"],
    "x_parts": [{"one": 1, "two": [{"three": 3}, 4]}, [5, 6], "seven"],
    "kill_chain_phases": [{"kill_chain_name": "k", "phase_name": str(n)} for n in range(3)],
    "external_references": [{"source_name": "s", "url": "https://a.example", "description": "d"}],
}
SELECTORS = st.sampled_from([text(path) for path in paths_of(RICH)])


@given(st.lists(SELECTORS, min_size=1, max_size=5), st.lists(SELECTORS, min_size=1, max_size=5))
def test_whatever_is_cut_is_valid_or_refused_and_nothing_marked_stays(hidden: list[str], open_: list[str]) -> None:
    whole = {
        **RICH,
        "granular_markings": [{"marking_ref": RED, "selectors": hidden}, {"marking_ref": GREEN, "selectors": open_}],
    }
    try:
        found = cut_for_those_without(whole, RED)
    except BadInput as refused:
        assert refused.remedy
        return
    assert checked(json.loads(found.derived.body)).digest == found.derived.digest
    assert RED not in found.derived.body.decode()
    for marking in found.derived.granular:
        assert all(selects(found.derived.object, steps(selector)) for selector in marking.selectors)


TREES = st.recursive(
    st.integers(0, 9),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3)
    ),
    max_leaves=15,
)


@given(TREES, st.data())
def test_what_stays_moves_with_its_value(tree: Any, data: st.DataObject) -> None:
    paths = paths_of(tree)
    assume(paths)
    gone = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3))
    plan = removal(tree, gone)
    assume(not plan.everything)
    left = without(tree, plan)
    for path in paths:
        there = moved(path, plan)
        if there is not None and not isinstance(at(tree, path), dict | list):
            assert at(left, there) == at(tree, path)
        hidden = any(path[: len(stem)] == stem for stem in gone)
        assert not hidden or there is None
    assert sum(leaf for leaf in leaves(left)) == sum(
        at(tree, path) for path in paths if isinstance(at(tree, path), int) and moved(path, plan) is not None
    )


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def leaves(value: Any) -> list[int]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [value] if inner is None else [leaf for item in inner for leaf in leaves(item)]


@pytest.mark.parametrize("selector", ["", "a..b", "a.[01]", "a.[-1]", "a[0]", "[x]", "a.[0", "ä"])
def test_what_is_no_selector(selector: str) -> None:
    with pytest.raises(ValueError):
        steps(selector)


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,9}", fullmatch=True) | st.integers(0, 999), min_size=1))
def test_a_selector_reads_as_it_is_written(path: list[str | int]) -> None:
    assert steps(text(tuple(path))) == tuple(path)
