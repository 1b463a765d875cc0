"""Object paths (STIX 2.1 §9.7): `file:hashes.'SHA-256'` becomes a type and its steps."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from shieldwall.pattern.constants import MAX_INTEGER, string
from shieldwall.pattern.fault import Fault
from shieldwall.pattern.lexer import NAME, SPACE, STRING, TYPE
from shieldwall.pattern.model import EVERY, Step
from shieldwall.pattern.vocabulary import hash_length, path_warnings

_TYPE = re.compile(TYPE)
_STEP = re.compile(rf"\[{SPACE}*+(?P<index>\*|[0-9]++)|(?P<quoted>{STRING})|(?P<key>{NAME})")
_LONGEST_KEPT = 120


class Place(NamedTuple):
    """Where a comparison looks, what to warn about it, and how many hex digits its values should have (0: any)."""

    object_type: str
    path: tuple[Step, ...]
    warnings: tuple[str, ...]
    hash_length: int


def place_of(text: str) -> Place:
    """Read a path token. Raises Fault where a step cannot be."""
    return _remembered(text) if len(text) <= _LONGEST_KEPT else _read(text)


def _read(text: str) -> Place:
    start = _TYPE.match(text)
    object_type = start[0] if start else ""
    steps = tuple(_step(match) for match in _STEP.finditer(text, len(object_type)))
    return Place(object_type, steps, path_warnings(object_type, steps), hash_length(steps))


# Few distinct paths make up nearly all patterns. Long ones are not kept, so that nobody can fill the memory.
_remembered = lru_cache(maxsize=4096)(_read)


def _step(match: re.Match[str]) -> Step:
    if match["key"] is not None:
        return match["key"]
    if match["quoted"] is not None:
        name = string(match["quoted"])
        if not name:
            raise Fault("a property has a name", "9.7", "write it between the apostrophes", match.start())
        return name
    return _index(match["index"], match.start())


def _index(digits: str, start: int) -> int:
    if digits == "*":
        return EVERY
    if (digits[0] == "0" and len(digits) > 1) or len(digits) > 16 or int(digits) > MAX_INTEGER:
        raise Fault("this is no list index", "9.7.2", "write [0], [1] … or [*]", start)
    return int(digits)
