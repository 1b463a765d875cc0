"""Words of objects and words of queries meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.stix.values import words_in, words_of


@given(st.text(max_size=80))
def test_whatever_the_text_a_query_for_it_finds_it(text: str) -> None:
    assert set(words_in(text)) <= words_of({"name": text})


@given(st.text("aàåÅßøØıİIiéÉŁłṩﬁﬀΣςσÆœ ñΐ", max_size=12))
def test_case_never_decides(text: str) -> None:
    assert words_in(text) == words_in(text.upper()) or "ı" in text or "ß" in text.lower()


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Malmö", "malmo"),
        ("MALMO", "Malmö"),
        ("Kraków Łódź", "krakow LODZ"),
        ("Tromsø", "tromso"),
        ("İstanbul", "istanbul"),
        ("Straße", "STRASSE"),
        ("ＡＰＴ２８", "apt28"),
        ("Mo\u0308bius", "möbius"),
        ("Volt Typhoon's", "typhoon"),
        ("T1059.001", "t1059"),
        ("Πελοπόννησος", "ΠΕΛΟΠΟΝΝΗΣΟΣ"),
        ("Київ", "київ"),
    ],
)
def test_spellings_find_each_other(written: str, asked: str) -> None:
    assert set(words_in(asked)) <= words_of({"name": written})
    assert words_in(asked)


def test_an_accented_word_is_kept_beside_its_plain_form() -> None:
    assert words_of({"name": "Malmö"}) == {"malmö", "malmo"}


def test_words_come_from_names_labels_types_ids_and_prose() -> None:
    obj = {
        "type": "intrusion-set",
        "id": "intrusion-set--nothing",
        "name": "Fancy Bear",
        "aliases": ["APT28", "Sofacy"],
        "labels": ["state-actor"],
        "external_references": [
            {"source_name": "mitre-attack", "external_id": "G0007", "url": "https://unread.example"}
        ],
        "description": "Spear phishing against ministries.",
        "created_by_ref": "identity--unread",
    }
    words = words_of(obj)
    read = "intrusion set fancy bear apt28 sofacy state actor mitre attack g0007 spear phishing against ministries"
    assert words == set(words_in(read))


def test_single_letters_and_monsters_are_no_words() -> None:
    assert words_of({"name": f"a bb {'c' * 64} {'d' * 65}"}) == {"bb", "c" * 64}


def test_a_long_description_gives_way_to_the_name() -> None:
    prose = " ".join(f"word{n}" for n in range(5_000))
    words = words_of({"description": prose, "name": "Sandworm", "labels": ["wiper"]})
    assert len(words) == 256 and {"sandworm", "wiper", "word0"} <= words


def test_a_query_keeps_its_order_and_says_each_word_once() -> None:
    assert words_in("wiper Bear WIPER") == ["wiper", "bear"]


def test_fields_of_the_wrong_shape_are_passed_over() -> None:
    assert words_of({"name": 7, "labels": "wiper", "aliases": [None, {"x": 1}], "external_references": None}) == {
        "wiper"
    }
