"""The front: nearly all patterns have one of two simple forms, which a regular expression reads at once.

    [type:path = 'value']        [type:path = 'value' OR type:path = 'value' …]

Anything else, escapes and faults included, goes to the general parser. That both agree is a property in the tests.
"""

from __future__ import annotations

import re
from functools import lru_cache

from shieldwall.pattern.model import Comparison, Junction, Observation, Pattern
from shieldwall.pattern.parser import MAX_BYTES, MAX_COMPARISONS, parse_any
from shieldwall.pattern.paths import place_of
from shieldwall.pattern.vocabulary import value_warnings

_KEY = r"(?:[A-Za-z_][A-Za-z0-9_]*+|'[^'\\]++')"
_PATH = rf"[a-z][a-z0-9-]*+:{_KEY}(?>(?:\.{_KEY})*)"
_VALUE = r"'[^'\\]*+'"
_ONE = re.compile(rf"\[ *+({_PATH}) *+= *+'([^'\\]*+)' *+\]").fullmatch
_CHAIN = re.compile(rf"\[ *+{_PATH} *+= *+{_VALUE}(?>(?: ++OR ++{_PATH} *+= *+{_VALUE})+) *+\]").fullmatch
_TERMS = re.compile(rf"({_PATH}) *+= *+'([^'\\]*+)'").findall
_SHORT = MAX_BYTES // 4  # characters, of four bytes at most


# The same pattern is parsed when it is judged and again when its values are taken.
@lru_cache(maxsize=128)
def parse(text: str) -> Pattern:
    """The pattern that `text` writes (STIX 2.1 §9).

    Raises BadInput with the clause as `rule`, line:column (both from 1) as `where`, and a remedy; TooLarge over
    16 KiB, 256 comparisons or 16 nested parentheses.
    """
    if len(text) <= _SHORT or (len(text) <= MAX_BYTES and text.isascii()):
        one = _ONE(text)
        if one:
            return _single(one[1], one[2])
        if _CHAIN(text):
            terms = _TERMS(text)
            if len(terms) <= MAX_COMPARISONS:
                return _alternatives(terms)
    return parse_any(text)


def _single(path: str, value: str) -> Pattern:
    comparison, warnings = _equals(path, value)
    return Pattern(Observation(comparison), (comparison,), warnings, True)


def _alternatives(terms: list[tuple[str, str]]) -> Pattern:
    comparisons: list[Comparison] = []
    warnings: dict[str, None] = {}
    for path, value in terms:
        comparison, told = _equals(path, value)
        comparisons.append(comparison)
        if told:
            warnings.update(dict.fromkeys(told))
    operands = tuple(comparisons)
    types = frozenset(comparison.object_type for comparison in operands)
    return Pattern(Observation(Junction("OR", operands, types)), operands, tuple(warnings), True)


def _equals(path: str, value: str) -> tuple[Comparison, tuple[str, ...]]:
    object_type, steps, warnings, hash_length = place_of(path)
    comparison = Comparison(object_type, steps, "=", False, value)
    if hash_length:
        warnings += value_warnings(comparison, hash_length)
    return comparison, warnings
