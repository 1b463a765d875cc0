"""Laws of the parser: it reads back what was written, in linear time, and both of its ways agree."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shieldwall.errors import BadInput, TooLarge
from shieldwall.pattern import MAX_BYTES, Comparison, Compound, Expression, Junction, Observation, Qualified, parse
from shieldwall.pattern.parser import parse_any
from tests.pattern.grammar import Writer, expressions


def comparisons_in(tree: object) -> list[Comparison]:
    if isinstance(tree, Comparison):
        return [tree]
    if isinstance(tree, Observation):
        return comparisons_in(tree.condition)
    if isinstance(tree, Qualified):
        return comparisons_in(tree.expression)
    assert isinstance(tree, Compound | Junction)
    return [found for operand in tree.operands for found in comparisons_in(operand)]


@given(expressions(), st.randoms(use_true_random=False))
def test_what_was_written_is_read_back(tree: Expression, chance: random.Random) -> None:
    pattern = parse(Writer(chance).expression(tree))
    assert pattern.expression == tree
    assert list(pattern.comparisons) == comparisons_in(tree)


def outcome(parse_it: object, text: str) -> object:
    try:
        return parse_it(text)  # type: ignore[operator]
    except BadInput as error:
        return str(error), type(error)


SIMPLE_KEYS = st.sampled_from(
    ["value", "name", "hashes.MD5", "hashes.'SHA-256'", "hashes.sha256", "a.'b c'.d", "''", "x[0]"]
)
SIMPLE_TERMS = st.builds(
    "{}:{}{}={}'{}'".format,
    st.sampled_from(["file", "file", "url", "x-a", "X", "OR", "a--"]),
    SIMPLE_KEYS,
    st.sampled_from([" ", "", "  ", " ", "\n"]),
    st.sampled_from([" ", ""]),
    st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["0" * 32, "0" * 64, " OR a:b = ", "C:\\\\x"]),
)
SIMPLE_TEXTS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["[", "[", "[ ", " [", "(["]),
    st.lists(SIMPLE_TERMS, min_size=1, max_size=5).flatmap(
        lambda terms: st.sampled_from([" OR ", " AND ", "  OR  ", "OR", " OR\n"]).map(lambda joint: joint.join(terms))
    ),
    st.sampled_from(["]", "]", " ]", "] ", "])", ""]),
    st.sampled_from(["", "", "", " WITHIN 5 SECONDS"]),
)


@settings(max_examples=400)
@given(SIMPLE_TEXTS)
def test_the_quick_way_and_the_general_way_agree(text: str) -> None:
    assert outcome(parse, text) == outcome(parse_any, text)


@given(st.integers(250, 262))
def test_they_agree_about_the_cap_on_comparisons(count: int) -> None:
    text = f"[{' OR '.join(['a:b = 1'.replace('1', chr(39) * 2)] * count)}]"
    assert outcome(parse, text) == outcome(parse_any, text)


WORDS = "[ ] ( ) , = != IN LIKE NOT EXISTS AND OR FOLLOWEDBY WITHIN SECONDS REPEATS TIMES START STOP word"
VALUES = "file:name a:b.'c'[*] 'x' 1 -2.5 true t'2020-01-01T00:00:00Z' h'0' b'AA==' \\ \" ' . : é"
PIECES = st.sampled_from([*WORDS.split(), *VALUES.split(), "\x00", "\ud800"])


@given(st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=40))
def test_noise_is_a_pattern_or_bad_input_with_a_place_and_a_remedy(noise: str) -> None:
    try:
        parse(noise)
    except BadInput as error:
        line, column = (int(number) for number in error.where.split(":"))
        assert 1 <= line <= noise.count("\n") + 1
        assert 1 <= column <= len(noise) + 1
        assert error.rule.startswith("STIX 2.1 §")
        assert error.remedy


FULL = MAX_BYTES - 64
HOSTILE = {
    "parentheses": "(" * FULL,
    "brackets": "[" * FULL,
    "apostrophes": "'" * FULL,
    "escaped apostrophes": "[a:b = '" + "\\'" * (FULL // 2),
    "blanks": "[" + " " * FULL + "a:b = 1]",
    "blanks in a path": "[a" + " " * FULL + "=",
    "blanks after each step": "[" + "a : b . c [ 0 ] " * (FULL // 16),
    "indexes": "[a:b" + "[0]" * (FULL // 3) + " = 1]",
    "steps": "[a:b" + ".c" * (FULL // 2) + " = 1]",
    "unclosed quoted steps": "[a:b" + ".'" * (FULL // 2),
    "words": "a " * (FULL // 2),
    "hyphens": "[" + "a-" * (FULL // 2),
    "digits": "[a:b = " + "9" * FULL + "]",
    "digits and a point": "[a:b = " + "9" * FULL + ".5]",
    "minus signs": "[a:b = " + "-" * FULL + "]",
    "a set": "[a:b IN (" + "1," * (FULL // 2) + "1)]",
    "qualifiers": "[a:b = 1]" + " WITHIN 5 SECONDS" * (FULL // 17),
    "a chain cut short": "[" + "a:b='' OR " * (FULL // 10),
    "fractions of a second": "[a:b = t'2020-01-01T00:00:00." + "9" * FULL + "Z']",
    "base64": "[a:b = b'" + "\n" * FULL + "']",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_takes_a_moment(text: str) -> None:
    started = time.process_time()
    outcome(parse, text)
    assert time.process_time() - started < 0.1


def test_a_text_beyond_the_cap_is_not_looked_at() -> None:
    started = time.process_time()
    for text in ("[" * 50_000_000, "é" * 8193):
        with pytest.raises(TooLarge, match="16 KiB"):
            parse(text)
    assert time.process_time() - started < 0.1


def test_twice_the_text_takes_about_twice_the_time() -> None:
    def best(count: int) -> float:
        text = f"[{' OR '.join(f'(a:b > {number} AND a:c LIKE {chr(39)}x%{chr(39)})' for number in range(count))}]"
        return min(timed(text) for _ in range(7))

    def timed(text: str) -> float:
        started = time.process_time()
        for _ in range(3):
            parse(text)
        return time.process_time() - started

    assert best(128) < 4 * best(64)
