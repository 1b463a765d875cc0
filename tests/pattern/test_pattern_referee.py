"""Differential against the reference validator of OASIS (stix2-patterns), with every known difference listed."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stix2patterns.validator import validate

from shieldwall.errors import BadInput
from shieldwall.pattern import Expression, parse
from shieldwall.pattern.lexer import tokens
from tests.pattern.grammar import Writer, expressions
from tests.pattern.test_pattern_language import COMMON_SHAPES, REFUSED


def admitted(text: str) -> bool:
    return not reason(text)


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


# What our message says wherever the referee lets pass what we refuse.
STRICTER = [
    "no plus sign",
    "beyond 54 bits",
    "beyond the range of a float",
    "no timestamp",
    "which no single object can be",
    "constants of one type",
    "at most",
    "positive",
    "takes an address or network",
    "a property has a name",
    "no list index",
    "'/' has no meaning here",
]


def reason(text: str) -> str:
    """Why we refuse it, '' where we do not."""
    try:
        parse(text)
    except BadInput as error:
        return error.message
    return ""


def test_what_we_refuse_the_referee_refuses_but_for_the_known_kinds() -> None:
    let_pass = [reason(text) for text, _, _, _ in REFUSED if refereed(text)]
    assert {word for word in STRICTER if any(word in message for message in let_pass)} == set(STRICTER)
    assert [message for message in let_pass if not any(word in message for word in STRICTER)] == []


def spoiled(text: str, chance: random.Random) -> str:
    """`text` with a token dropped, doubled, or put elsewhere."""
    parts = [token.text for token in tokens(text)]
    at, to = chance.randrange(len(parts)), chance.randrange(len(parts))
    moved = [*parts[:at], *parts[at + 1 :]]
    return " ".join(chance.choice([moved, [*parts[: at + 1], *parts[at:]], [*moved[:to], parts[at], *moved[to:]]]))


@settings(max_examples=60)
@given(expressions(), st.randoms(use_true_random=False))
def test_the_referee_agrees_about_patterns_whole_and_spoiled(tree: Expression, chance: random.Random) -> None:
    whole = Writer(chance).expression(tree)
    assume("hashes" not in whole and "0x" not in whole)  # both differ, see WE_ADMIT
    for text in (whole, spoiled(whole, chance), spoiled(whole, chance)):
        why = reason(text)
        assert bool(why) != refereed(text) or any(word in why for word in STRICTER), why
    assert not reason(whole)
