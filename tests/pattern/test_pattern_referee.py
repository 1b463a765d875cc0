"""Differential against the reference validator of OASIS (stix2-patterns), with every known difference listed."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stix2patterns.validator import validate

from shieldwall.errors import BadInput
from shieldwall.pattern import Expression, parse
from tests.pattern.grammar import Writer, expressions
from tests.pattern.test_pattern_language import COMMON_SHAPES, REFUSED


def admitted(text: str) -> bool:
    try:
        parse(text)
    except BadInput:
        return False
    return True


def refereed(text: str) -> bool:
    try:
        return bool(validate(text, "2.1"))
    except Exception:  # noqa: BLE001 - the referee breaks in many ways on what it cannot read
        return False


# The referee refuses these; the standard does not.
WE_ADMIT = {
    "[file:hashes.MD5 = 'f00']": "§2.7 demands the format of the object, not of a pattern's constant: a warning",
    "[x-abc:3d_model = 1]": "§9.7 wants apostrophes around names with '-' or '.', not with digits",
    "[x-abc:AND = 1]": "a keyword is no keyword inside an object path",
    "[a:b = b'AB\nI=']": "§9.2: line feeds in base64 MUST be supported and ignored",
}

# The referee admits these; the standard does not.
WE_REFUSE = {
    "[a:b = 1 AND c:d = 2]": "§9.5: operands of AND MUST be satisfiable with the same object",
    "[a:b = +1]": "§9.2: the plus sign MUST be omitted",
    "[a:b = 9007199254740992]": "§2.10: integers have 54 bits",
    "[a:b = t'2023-02-29T00:00:00Z']": "§2.16: MUST be a valid RFC 3339 timestamp",
    "[a:b IN ('x', 1)]": "§9.6.1: constants of a set MUST be of one type",
    "[a:b = 1] REPEATS 0 TIMES": "§9.5.1: MUST be a positive integer",
    "[a:b = 1] WITHIN 0 SECONDS": "§9.5.1: MUST be positive",
    "([a:b = 1]) WITHIN 5 SECONDS WITHIN 6 SECONDS": "§9.5.1: MUST NOT have two qualifiers of one type, grouped or not",
    "[ipv4-addr:value ISSUBSET 'example.com']": "§9.6.1: MUST be a valid string representation of an address",
    "[a:'' = 1]": "§9.7: MUST be a valid property name",
    "[a:b = 1] /* comment */": "§9 knows no comments",
    "[a:b = 1] // comment": "§9 knows no comments",
}


@pytest.mark.parametrize("text", WE_ADMIT)
def test_we_admit_what_the_referee_refuses_without_ground(text: str) -> None:
    assert admitted(text)
    assert not refereed(text)


@pytest.mark.parametrize("text", WE_REFUSE)
def test_we_refuse_what_the_referee_lets_pass(text: str) -> None:
    assert not admitted(text)
    assert refereed(text)


@pytest.mark.parametrize("text", COMMON_SHAPES)
def test_the_referee_admits_the_shapes_that_platforms_export(text: str) -> None:
    assert refereed(text)


STRICTER = ("plus", "54 bits", "range", "RFC 3339", "one type", "positive", "no single object", "one WITHIN", "network")


def test_the_referee_refuses_most_of_what_we_refuse_too() -> None:
    """Whatever else it lets pass is of a kind named above."""
    let_pass = [text for text, _, _, _ in REFUSED if refereed(text)]
    unexplained = [text for text in let_pass if not any(word in reason(text) for word in STRICTER)]
    assert unexplained == [
        "[a:b = t'2020-01-01T00:00:60Z']",
        "[a:b = t'2023-02-29T00:00:00Z']",
    ] or set(unexplained) <= {text for text, clause, _, _ in REFUSED if clause in ("9.2", "9.4", "9.7", "9.5.1", "9.7.2")}


def reason(text: str) -> str:
    with pytest.raises(BadInput) as refused:
        parse(text)
    return refused.value.message
