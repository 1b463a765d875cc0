"""Markings are judged object by object; what is unmarked stays home, unless a default says how far it may go."""

from __future__ import annotations

import pytest

from shieldwall import exchange, members
from shieldwall.errors import BadInput
from tests.alliance import AMBER, CLEAR, GREEN, RED, STRICT, Alliance, indicator, stix_id
from tests.exchange.doing import became, ids, only, places, read, rules, send


@pytest.fixture
def engine() -> str:
    """Nothing here is judged by SQL: one engine says it all."""
    return "sqlite"


STATEMENT = {
    "type": "marking-definition", "spec_version": "2.1", "id": stix_id("marking-definition", "statement"),
    "created": "2026-01-01T00:00:00.000Z", "definition_type": "statement", "definition": {"statement": "© Acme"},
}  # fmt: skip
OTHER = stix_id("marking-definition", "unknown")


def test_unmarked_objects_stay_home_and_the_receipt_says_how_to_send_them(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    receipt = send(acme, indicator("198.51.100.1"), indicator("198.51.100.2", GREEN), to="group:energy")
    assert places(receipt, acme) == ["member:acme", "group:energy"]
    assert (receipt.unmarked_at_home, became(receipt)) == (1, ["admitted", "admitted"])
    assert "shieldwall submit --audience 'group:energy' --default-marking" in receipt.advice
    assert ids(alliance.viewer("dansk")) == [indicator("198.51.100.2")["id"]]
    assert send(acme, indicator("198.51.100.3")).unmarked_at_home == 0  # home is where it was sent


def test_a_default_is_recorded_and_leaves_the_bytes_and_other_markings_alone(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    receipt = send(
        acme, indicator("198.51.100.1"), indicator("198.51.100.2", RED), indicator("198.51.100.3", GREEN),
        to="community", default_marking="TLP:GREEN",
    )  # fmt: skip
    assert became(receipt) == ["admitted", "refused", "admitted"]
    first, third = (exchange.get(acme, indicator(f"198.51.100.{n}")["id"], door="api")[0] for n in (1, 3))
    assert (first.note, third.note) == ("default marking TLP:GREEN", "")
    assert "object_marking_refs" not in read(alliance.viewer("dansk"))[0]
    strict = send(acme, indicator("198.51.100.4"), to="community", default_marking="TLP:AMBER")
    assert rules(strict) == ["tlp-ceiling"]


def test_a_default_that_is_no_marking_is_refused(alliance: Alliance) -> None:
    with pytest.raises(BadInput):
        send(alliance.viewer("acme"), indicator("198.51.100.1"), default_marking="TLP:PURPLE")


def test_several_markings_must_all_be_satisfied(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    both = indicator("198.51.100.1", GREEN, AMBER)
    assert rules(send(acme, both, to="community")) == ["tlp-ceiling"]
    assert became(send(acme, both, to="group:energy")) == ["admitted"]


def test_a_statement_is_no_marking_of_how_far_and_its_definition_travels_along(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    receipt = send(acme, STATEMENT, indicator("198.51.100.1", STATEMENT["id"]), to="community")
    assert places(receipt, acme) == ["community", "member:acme"]
    assert receipt.unmarked_at_home == 1
    marked = send(acme, indicator("198.51.100.2", STATEMENT["id"], GREEN), to="community")
    assert became(marked) == ["admitted"]
    assert STATEMENT["id"] in ids(alliance.viewer("dansk"))


def test_a_marking_whose_terms_are_unknown_keeps_an_object_home(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    receipt = send(acme, indicator("198.51.100.1", OTHER), to="group:energy", default_marking="TLP:GREEN")
    assert places(receipt, acme) == ["member:acme"]
    assert (receipt.unmarked_at_home, receipt.advice) == (0, "")
    assert OTHER in only(receipt).warnings[-1]
    beside = indicator("198.51.100.2", GREEN, OTHER)
    assert rules(send(acme, beside, to="community")) == ["marking-unknown"]
    assert became(send(acme, beside, to="group:energy")) == ["admitted"]


def test_no_other_id_may_claim_a_tlp_level(alliance: Alliance) -> None:
    impostor = STATEMENT | {"id": stix_id("marking-definition", "impostor"), "name": "TLP:CLEAR"}
    receipt = send(alliance.viewer("acme"), impostor, indicator("198.51.100.1", impostor["id"]), to="community")
    assert became(receipt)[0] == "refused"
    assert rules(receipt)[0] == "marking-impostor"
    assert ids(alliance.viewer("dansk")) == []


def test_national_classification_in_an_object_is_refused_with_its_place(alliance: Alliance) -> None:
    spilled = indicator("198.51.100.1", GREEN, description="(S//NF) The relay was seen.")
    outcome = only(send(alliance.viewer("acme"), spilled, to="group:energy"))
    assert outcome.outcome == "refused"
    assert "description" in outcome.error.where


def granular(value: str, *pairs: tuple[str, str], marks: tuple[str, ...] = (), **more: object) -> dict[str, object]:
    parts = [{"marking_ref": mark, "selectors": [selector]} for selector, mark in pairs]
    return indicator(value, *marks, description="Found by our own sensor", granular_markings=parts, **more)


def test_a_part_that_may_travel_further_becomes_an_object_of_its_own(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    whole = granular("198.51.100.1", ("description", AMBER), marks=(GREEN,))
    receipt = send(acme, whole, to="community")
    assert became(receipt) == ["admitted"] * 3
    assert places(receipt, acme) == ["member:acme", "community", "member:acme"]
    [part] = read(alliance.viewer("dansk"))
    assert (part["name"], part["object_marking_refs"]) == (whole["name"], [GREEN])
    assert part["id"] != whole["id"] and not part.keys() & {"description", "granular_markings", "external_references"}
    assert whole["id"] not in str(part)
    [tie] = [one for one in read(acme) if one["type"] == "relationship"]
    assert (tie["relationship_type"], tie["source_ref"], tie["target_ref"]) == ("derived-from", part["id"], whole["id"])
    assert became(send(acme, whole, to="community")) == ["present"] * 3


def test_where_all_markings_are_satisfied_the_whole_goes(alliance: Alliance) -> None:
    whole = granular("198.51.100.1", ("description", AMBER), marks=(GREEN,))
    assert became(send(alliance.viewer("acme"), whole, to="group:energy")) == ["admitted"]
    assert [one["description"] for one in read(alliance.viewer("dansk"))] == ["Found by our own sensor"]


def test_markings_of_language_alone_restrict_nothing(alliance: Alliance) -> None:
    spoken = indicator("198.51.100.1", GREEN, granular_markings=[{"lang": "en", "selectors": ["name"]}])
    assert became(send(alliance.viewer("acme"), spoken, to="community")) == ["admitted"]
    assert ids(alliance.viewer("dansk")) == [spoken["id"]]


def test_a_marked_part_does_not_mark_the_rest(alliance: Alliance) -> None:
    """What is left of an unmarked object is as unmarked as it was: it stays home until a default is given."""
    acme = alliance.viewer("acme")
    for number, mark in enumerate((CLEAR, GREEN, AMBER)):
        receipt = send(acme, granular(f"198.51.100.{number}", ("description", mark)), to="community")
        assert places(receipt, acme) == ["member:acme"]
        assert receipt.unmarked_at_home == 1
    assert ids(alliance.viewer("dansk")) == []
    given = send(acme, granular("198.51.100.9", ("description", AMBER)), to="community", default_marking="TLP:GREEN")
    assert places(given, acme) == ["member:acme", "community", "member:acme"]


@pytest.mark.parametrize(
    ("pairs", "marks", "rule"),
    [([("pattern", AMBER)], (GREEN,), "ST21"), ([("description", GREEN)], (AMBER,), "tlp-ceiling"),
     ([("description", RED)], (GREEN,), "tlp-ceiling"), ([("name", STRICT), ("id", STRICT)], (GREEN,), "ST34")],
)  # fmt: skip
def test_what_cannot_be_cut_is_refused_with_the_remedy(alliance: Alliance, pairs, marks, rule: str) -> None:
    outcome = only(send(alliance.viewer("acme"), granular("198.51.100.1", *pairs, marks=marks), to="community"))
    assert outcome.outcome == "refused"
    assert outcome.error.rule.startswith(rule) and outcome.error.remedy
    assert ids(alliance.viewer("acme")) == ids(alliance.viewer("dansk")) == []


def test_an_unknown_marking_of_a_part_keeps_that_part_home(alliance: Alliance) -> None:
    receipt = send(
        alliance.viewer("acme"), granular("198.51.100.1", ("description", OTHER), marks=(GREEN,)), to="community"
    )
    assert became(receipt) == ["admitted"] * 3
    assert "description" not in read(alliance.viewer("dansk"))[0]


def test_a_relayer_cannot_loosen_a_marking_by_explaining_it(alliance: Alliance) -> None:
    """Dansk sends its own 'definition' of the marking on Acme's object along, to be allowed to pass it on."""
    members.bind_identity(alliance.hub, "acme", "identity--11111111-1111-4111-8111-111111111111")
    members.confirm_identity(alliance.hub, "acme", "identity--11111111-1111-4111-8111-111111111111")
    given = indicator(
        "198.51.100.1", GREEN, OTHER, created_by_ref="identity--11111111-1111-4111-8111-111111111111"
    )  # fmt: skip
    assert became(send(alliance.viewer("acme"), given, to="group:energy")) == ["admitted"]
    fake = STATEMENT | {"id": OTHER}
    assert became(send(alliance.viewer("dansk"), fake, given, to="community"))[1] == "refused"
    send(alliance.viewer("dansk"), fake)
    assert became(send(alliance.viewer("dansk"), given, to="community")) == ["refused"]
