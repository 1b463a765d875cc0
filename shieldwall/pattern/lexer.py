"""Text to tokens. An object path is one token, so that '-' and '.' mean in it what §9.7 says and elsewhere not.

Every repetition is possessive: a character is looked at a bounded number of times, whatever the text. Groups are so as
atomic ones, `(?>(?:…)*)`: before 3.11.5, Python's `(?:…)*+` swallows the beginning of what did not match (its issue
100061).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from shieldwall.pattern.fault import Fault

# §9.1: code points with the property WSpace. Python's \s also holds four separators that are not among them.
SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
STRING = r"'(?>(?:[^'\\]|\\['\\])*)'"
TYPE = r"[A-Za-z_][A-Za-z0-9_-]*+"
NAME = r"[A-Za-z0-9_]++"
INDEX = rf"\[{SPACE}*+(?:\*|[0-9]++){SPACE}*+\]"
PATH = (
    rf"{TYPE}{SPACE}*+:{SPACE}*+(?:{NAME}|{STRING})"
    rf"(?>(?:{SPACE}*+(?:\.{SPACE}*+(?:{NAME}|{STRING})|{INDEX}))*)"
)

_OPERATORS = ["AND", "OR", "NOT", "FOLLOWEDBY", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "EXISTS"]
_QUALIFIERS = ["START", "STOP", "WITHIN", "SECONDS", "REPEATS", "TIMES"]
KEYWORDS = frozenset((*_OPERATORS, *_QUALIFIERS))
_SYMBOLS = ["[", "]", "(", ")", ",", "=", "!=", "<", "<=", ">", ">=", "==", "<>"]
_OWN_KIND = {text: text for text in (*KEYWORDS, *_SYMBOLS)} | {"true": "boolean", "false": "boolean"}

_TOKEN = re.compile(
    rf"""{SPACE}*+(?:
      (?P<string>{STRING})
    | (?P<marked>[bht]'[^']*+')
    | (?P<path>{PATH})
    | (?P<word>{TYPE})
    | (?P<symbol>[][(),]|[=!<]=|<>|>=|[=<>])
    | (?P<number>[+-]?(?:[0-9]*+\.[0-9]++|[0-9]++))
    | (?P<end>\Z)
    | (?P<stray>.)
    )""".replace(SPACE, SPACE.replace(" ", r"\x20")),
    re.VERBOSE | re.DOTALL,
)


class Token(msgspec.Struct, frozen=True, gc=False):
    """`kind` is the text itself for keywords and symbols, else: string marked path word boolean number end."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text`, an `end` last. Raises Fault at the first character that begins none."""
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or "stray"
        token = match[group]
        kind = _OWN_KIND.get(token, group)
        if kind == "stray":
            raise _stray(text, match.start(group))
        yield Token(kind, token, match.start(group))


def _stray(text: str, start: int) -> Fault:
    character = text[start]
    if character == "'":
        return _broken_string(text, start)
    if character == '"':
        return Fault("a string stands in apostrophes", "9.2", "write 'text' instead of \"text\"", start)
    if character == "-" and start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return unquoted_hyphen(start)
    if character in ".:":
        return Fault(
            f"{character!r} does not continue an object path here",
            "9.7",
            "write type:property.key[0].key, names with other characters than letters, digits and _ in apostrophes",
            start,
        )
    return Fault(f"{character!r} has no meaning here", "9.4", "remove it, or put text in apostrophes", start)


def unquoted_hyphen(start: int) -> Fault:
    """What is wrong with `file:hashes.SHA-256`."""
    remedy = "write file:hashes.'SHA-256'"
    return Fault("'-' in the name of a property stands in apostrophes only", "9.7", remedy, start)


def _broken_string(text: str, start: int) -> Fault:
    sound = re.compile(r"'(?>(?:[^'\\]|\\['\\])*)").match(text, start)
    stop = sound.end() if sound else start
    if text[stop : stop + 1] == "\\":
        return Fault(
            "a backslash in a string stands only before an apostrophe or a backslash",
            "9.2",
            r"double it: 'C:\\Windows'",
            stop,
        )
    return Fault("this string has no end", "9.2", r"close it with an apostrophe; inside, write \'", start)
