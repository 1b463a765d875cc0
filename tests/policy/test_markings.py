"""Markings: the pinned ids, what counts as which level, and impostors."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.errors import BadInput
from shieldwall.policy import PAP, TLP, UNMARKED, Marking, check_marking_definition, marking_of, parse_label
from tests.policy.worlds import markings

# STIX 2.1 section 7.2.1.4, the TLP 2.0 extension, and PAP's.
PINNED = """
CLEAR         94868c89-83c2-464b-929b-a1a8aa3c8487
GREEN         bab4a63c-aed9-4cf5-a766-dfca5abac2bb
AMBER         55d920b0-5e8b-4f79-9ee9-91f868d9b421
AMBER_STRICT  939a9414-2ddd-4d32-a0cd-375ea402b003
RED           e828b379-4e03-4974-9ac4-e53a884c97c1
CLEAR         613f2e26-407d-48c7-9eca-b8e91df99dc9
GREEN         34098fce-860f-48ae-8e50-ebd3cc5e41da
AMBER         f88d31f6-486f-44da-b317-01333bde0b82
RED           5e57c739-391a-4eb3-b6be-7d15ca92d5ed
"""
PINNED_PAP = """
RED    740d36e5-7714-4c30-961a-3ae632ceee0e
AMBER  60f8932b-e51e-4458-b265-a2e8be9a80ab
GREEN  c43594d1-4b11-4c59-93ab-1c9b14d53ce9
CLEAR  ad15a0cd-55b6-4588-a14c-a66105329b92
CLEAR  a3bea94c-b469-41dc-9cfe-d6e7daba7730
"""
OTHER = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37"
RED_2 = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
WHITE_1 = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
PAP_EXTENSION = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"
IEP_EXTENSION = "extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a"


def definition(marking: str = OTHER, **properties: Any) -> dict[str, Any]:
    return {"type": "marking-definition", "spec_version": "2.1", "id": marking, **properties}


def statement(text: str) -> dict[str, Any]:
    return definition(definition_type="statement", definition={"statement": text})


@pytest.mark.parametrize("row", PINNED.split("\n")[1:-1])
def test_the_nine_tlp_ids_are_pinned(row: str) -> None:
    level, uuid = row.split()
    assert marking_of([f"marking-definition--{uuid}"], {}) == Marking(TLP[level])
    assert parse_label(f"marking-definition--{uuid}") == Marking(TLP[level])


@pytest.mark.parametrize("row", PINNED_PAP.split("\n")[1:-1])
def test_the_five_pap_ids_are_pinned(row: str) -> None:
    level, uuid = row.split()
    assert marking_of([f"marking-definition--{uuid}"], {}) == Marking(pap=PAP[level])


def test_what_we_write_is_tlp_2() -> None:
    assert [tlp.id[-36:] for tlp in TLP] == [row.split()[1] for row in PINNED.split("\n")[1:6]]
    assert Marking(TLP.AMBER_STRICT, PAP.RED).label == "TLP:AMBER+STRICT PAP:RED"
    assert UNMARKED.label == "unmarked"


LABELS = {
    "TLP:RED": TLP.RED, "tlp:red": TLP.RED, "RED": TLP.RED, " red ": TLP.RED,
    "TLP:AMBER+STRICT": TLP.AMBER_STRICT, "amber+strict": TLP.AMBER_STRICT, "TLP:AMBER_STRICT": TLP.AMBER_STRICT,
    "tlp:amber strict": TLP.AMBER_STRICT, "TLP:AMBER": TLP.AMBER, "amber": TLP.AMBER, "green": TLP.GREEN,
    "tlp:white": TLP.CLEAR, "WHITE": TLP.CLEAR, "TLP:CLEAR": TLP.CLEAR,
}  # fmt: skip


@pytest.mark.parametrize(("text", "tlp"), LABELS.items(), ids=LABELS)
def test_a_level_is_known_by_every_usual_label(text: str, tlp: TLP) -> None:
    assert parse_label(text) == Marking(tlp)


def test_a_pap_level_needs_its_scale() -> None:
    assert parse_label("PAP:AMBER") == Marking(pap=PAP.AMBER)
    assert parse_label("pap:white") == Marking(pap=PAP.CLEAR)


@pytest.mark.parametrize(
    "text", ["", "tlp", "tlp:", "TLP:PURPLE", "tlp:unclear", "tlp:ex:chr", "yellow", "PAP:STRICT", OTHER]
)
def test_an_unknown_label_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(BadInput, match="TLP:AMBER\\+STRICT"):
        parse_label(text)


def test_the_levels_are_ordered_and_clear_is_not_taken_for_none() -> None:
    assert sorted(TLP, reverse=True) == [TLP.RED, TLP.AMBER_STRICT, TLP.AMBER, TLP.GREEN, TLP.CLEAR]
    assert all(TLP) and all(PAP)


@given(markings(), markings(), markings())
def test_together_markings_are_as_strict_as_their_strictest_in_whatever_order(
    a: Marking, b: Marking, c: Marking
) -> None:
    assert a.combined(b) == b.combined(a)
    assert a.combined(b).combined(c) == a.combined(b.combined(c))
    assert a.combined(a) == a and a.combined(UNMARKED) == a
    ceilings = [m.ceiling for m in (a, b) if m.ceiling]
    assert (a.combined(b).ceiling or 0) >= max(ceilings, default=0)


def test_all_of_several_markings_hold() -> None:
    refs = [TLP.GREEN.id, PAP.AMBER.id, TLP.RED.id, OTHER]
    assert marking_of(refs, {}) == Marking(TLP.RED, PAP.AMBER, (OTHER,))


@given(markings(), markings())
def test_a_default_fills_gaps_and_loosens_nothing(own: Marking, default: Marking) -> None:
    whole = own.or_default(default)
    assert whole.unknown == own.unknown
    assert (own.tlp is None and whole.tlp is default.tlp) or whole.tlp is own.tlp
    assert (own.pap is None and whole.pap is default.pap) or whole.pap is own.pap


HARMLESS = [
    statement("Copyright 2024, Example Corporation"),
    statement("Handled as TLP says; see the site for TLP:CLEAR and the others"),
    statement("TLP rules of the group apply to all that is marked"),
    definition(definition_type="iep", definition={"name": "house policy"}),
    definition(
        name="House policy", extensions={IEP_EXTENSION: {"extension_type": "property-extension", "tlp": "amber"}}
    ),
]


@pytest.mark.parametrize("one", HARMLESS, ids=range(len(HARMLESS)))
def test_statements_and_policies_restrict_no_audience(one: dict[str, Any]) -> None:
    check_marking_definition(one)
    assert marking_of([OTHER], {OTHER: one}) == UNMARKED


UNREADABLE = [
    definition(definition_type="x-house", definition={"level": 3}),
    definition(name="House", extensions={"extension-definition--00000000-0000-4000-8000-000000000009": {"level": 3}}),
    definition(name="nothing said"),
    definition(definition_type=["statement"], extensions=[]),
]


@pytest.mark.parametrize("one", UNREADABLE, ids=range(len(UNREADABLE)))
def test_terms_that_cannot_be_read_are_named_and_bound_the_rest(one: dict[str, Any]) -> None:
    assert marking_of([OTHER], {OTHER: one}) == Marking(unknown=(OTHER,))
    assert marking_of([TLP.CLEAR.id, OTHER], {OTHER: one}).ceiling is TLP.AMBER_STRICT
    assert marking_of([TLP.RED.id, OTHER], {OTHER: one}).ceiling is TLP.RED


IMPOSTORS = [
    definition(name="TLP:AMBER+STRICT"),
    definition(name="tlp:clear"),
    definition(name="TLP RED"),
    definition(name=" TLP:AMBER (members of the group)"),
    definition(name="TLP:PURPLE"),
    definition(definition_type="tlp", definition={"tlp": "green"}),
    definition(definition_type="TLP", definition={"tlp": "amber+strict"}),
    definition(definition_type="tlp"),
    definition(definition_type="tlp", definition=["white"]),
    definition(definition_type="statement", definition={"statement": "x", "tlp": "white"}),
    definition(name="x", extensions={TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "clear"}}),
    definition(name="x", extensions={TLP_EXTENSION: {"extension_type": "property-extension"}}),
    definition(name="x", extensions={"extension-definition--1": {"tlp_2_0": "clear"}}),
    definition(name="x", tlp_2_0="clear"),
    statement("TLP:GREEN"),
    statement("tlp:amber+strict"),
    definition(RED_2, name="TLP:CLEAR"),
    definition(RED_2, extensions={TLP_EXTENSION: {"tlp_2_0": "amber"}}),
    definition(WHITE_1, definition_type="tlp", definition={"tlp": "red"}),
    definition(WHITE_1, definition_type="tlp", definition={"tlp": None}),
]


@pytest.mark.parametrize("one", IMPOSTORS, ids=range(len(IMPOSTORS)))
def test_whatever_claims_a_level_under_another_id_is_refused(one: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refusal:
        check_marking_definition(one)
    assert refusal.value.rule == "marking-impostor" and refusal.value.where == one["id"] and refusal.value.remedy
    with pytest.raises(BadInput):
        marking_of([one["id"]], {one["id"]: one})


def test_the_refusal_of_an_impostor_names_the_id_to_use() -> None:
    with pytest.raises(BadInput, match="marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"):
        check_marking_definition(definition(name="TLP:AMBER+STRICT"))


def genuine() -> list[dict[str, Any]]:
    first = [
        definition(
            f"marking-definition--{uuid}", name=f"TLP:{word.upper()}", definition_type="tlp", definition={"tlp": word}
        )
        for word, uuid in zip(
            ("white", "green", "amber", "red"), (r.split()[1] for r in PINNED.split("\n")[6:-1]), strict=True
        )
    ]
    second = [
        definition(tlp.id, name=tlp.label, extensions={TLP_EXTENSION: {"tlp_2_0": tlp.label[4:].lower()}})
        for tlp in TLP
    ]
    return first + second


@pytest.mark.parametrize("one", genuine(), ids=lambda one: one["name"])
def test_the_genuine_definitions_pass(one: dict[str, Any]) -> None:
    check_marking_definition(one)
    assert marking_of([one["id"]], {one["id"]: one}) == parse_label(one["name"])


def test_pap_under_an_unofficial_id_is_obeyed() -> None:
    for one in (
        statement("PAP:RED"),
        definition(name="PAP:RED"),
        definition(name="x", extensions={PAP_EXTENSION: {"pap": "red"}}),
        statement("PAP:UNHEARD-OF"),
        definition(name="PAP:GREEN", extensions={PAP_EXTENSION: {"pap": "red"}}),
    ):
        assert marking_of([OTHER], {OTHER: one}) == Marking(pap=PAP.RED)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["TLP:RED", "tlp", "statement", "red"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["tlp", "tlp_2_0", "pap", "statement"]), inner)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(["name", "definition_type", "definition", "extensions", "tlp_2_0", "pap"]), JSON)
)
def test_whatever_stands_in_a_definition_it_is_judged_and_no_accident(properties: dict[str, Any]) -> None:
    one = definition(**properties)
    try:
        found = marking_of([OTHER], {OTHER: one})
    except BadInput as refusal:
        assert refusal.rule == "marking-impostor"
    else:
        assert found.tlp is None, "no TLP level ever comes from an id that is not pinned"
