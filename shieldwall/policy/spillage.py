"""Spillage: what its author marked as classified has no place here (R57).

Looked for in every text that a person may have written: banner lines, portion marks, marking fields, machine tags and
the statements of marking definitions. Observed values are not searched: a file that somebody saw may be called
anything. Time is linear in the text, and nothing found is ever quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from shieldwall.policy.banners import DECLARING, LEVEL, SURE, has_portion_mark, is_level, marked_line
from shieldwall.policy.classified import ABBREVIATED, IN_CAPITALS, UNMISTAKABLE, anchors, fold, phrases, words_of


class Spill(msgspec.Struct, frozen=True):
    """A classification marking was found: of which sort, at which path. Never the text itself."""

    rule: str
    where: str

    @property
    def message(self) -> str:
        return "carries a classification marking, and this exchange is for unclassified information"

    @property
    def remedy(self) -> str:
        return (
            "nothing of it was stored or logged; tell your security officer, and send it again only if it is "
            "unclassified and whoever owns the marking has removed it"
        )


# Observed values and machine text.
_NOT_TEXT = (
    frozenset({"id", "type", "spec_version", "created", "modified", "pattern", "hashes", "payload_bin", "message_id"})
    | {"value", "values", "key", "path", "url", "command_line", "cwd", "aliases"}
    | {"display_name", "account_login", "user_id"}
)
_NAMED_THINGS = frozenset({"file", "directory", "mutex", "software", "process", "artifact", "user-account"}) | {
    "autonomous-system",
    "windows-registry-key",
    "x509-certificate",
}
_HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MAX_TAG = 120
_MACHINE_TAG = re.compile(
    r"\s*(?:MISP:)?(?:NATO:CLASSIFICATION|FR-CLASSIF:[A-Z-]+|DE-VS:EINSTUFUNG|DNI-ISM:CLASSIFICATION:[A-Z]+|EUCI"
    r"|CLASSIFICATION|SECURITY-CLASSIFICATION)\s?[=:]\s?\"?([^\"]+)\"?\s*"
)
_LEVELS = frozenset(phrases(";".join((ABBREVIATED, IN_CAPITALS, UNMISTAKABLE))))
_FIELD_WORDS = frozenset({"CLASSIFICATION", "SECURITYCLASSIFICATION", "EINSTUFUNG", "PROTECTIVE"})
_STATEMENT = re.compile(rf"\s*{SURE}\b|.{{0,200}}\bCLASSIFIED (?:AS |AT |UP TO )?\"?{LEVEL}\b", re.DOTALL)

_ANCHORS = anchors(UNMISTAKABLE, IN_CAPITALS) | DECLARING | _FIELD_WORDS | {"CLASSIF", "EUCI"}
_ASCII_ANCHORS = frozenset(word.encode() for word in _ANCHORS if word.isascii())
_TO_WORDS = bytes(ord(chr(byte).upper()) if byte < 128 and chr(byte).isalnum() else 32 for byte in range(256))
_PORTION_LIKE = re.compile(r"\((?://)?(?:CTS|N[SCR]|TS|[SCR][)/-]|EU-|VS-)")
_SHORT_LIKE = re.compile(r"\b(?:CTS|TS|NS|S|C)//[A-Z]")
_MARK_LIKE = re.compile(f"{_PORTION_LIKE.pattern}|{_SHORT_LIKE.pattern}")
_RAW_MARK_LIKE = re.compile(_MARK_LIKE.pattern.encode())


def might_spill(raw: bytes) -> bool:
    """Whether an object's JSON bytes are worth `spillage`: False only where it would find nothing."""
    if not raw.isascii():
        return True
    words = raw
    if b"\\" in raw:
        if b"\\u" in raw:
            return True
        for escape in (b"\\n", b"\\r", b"\\t", b"\\b", b"\\f"):
            words = words.replace(escape, b"  ")
    if (b"(" in words or b"//" in words) and _RAW_MARK_LIKE.search(words):
        return True
    return not _ASCII_ANCHORS.isdisjoint(words.translate(_TO_WORDS).split())


def spillage(obj: Mapping[str, Any]) -> Spill | None:
    """The first classification marking in the object's texts and marking fields, or None."""
    for where, key, text in _texts(obj):
        rule = _field(key, text) or _marked(text)
        if rule:
            return Spill(rule, where)
    if obj.get("type") == "marking-definition":
        return _statement(obj)
    return None


def _texts(obj: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(path, property, text) of every string that a person may have written, in order."""
    waiting: list[tuple[str, str, Any]] = [("$", "", obj)]
    while waiting:
        where, key, value = waiting.pop()
        if isinstance(value, str):
            yield where, key, value
        elif isinstance(value, Mapping):
            kind = value.get("type")
            named = isinstance(kind, str) and kind in _NAMED_THINGS
            for inner, content in reversed(list(value.items())):
                if inner not in _NOT_TEXT and not (named and inner == "name"):
                    waiting.append((f"{where}.{_shown(inner)}", inner, content))
        elif isinstance(value, list):
            waiting += [(f"{where}[{place}]", key, item) for place, item in reversed(list(enumerate(value)))]


def _shown(key: str) -> str:
    """Property names are the sender's text too: only a plain one is repeated."""
    return key if len(key) <= 64 and key.replace("-", "_").isidentifier() else "*"


def _field(key: str, text: str) -> str:
    if len(text) > _MAX_TAG:
        return ""
    if not _FIELD_WORDS.isdisjoint(words_of(fold(key))) and _is_value(fold(text)):
        return "field"
    tag = _MACHINE_TAG.fullmatch(fold(text))
    return "tag" if tag and _is_value(tag[1]) else ""


def _is_value(folded: str) -> bool:
    words = folded.replace("_", " ").strip()
    return words in _LEVELS or is_level(words)


def _marked(text: str) -> str:
    folded = fold(text)
    if _ANCHORS.isdisjoint(words_of(folded)) and not _MARK_LIKE.search(folded):
        return ""
    lines = (_HTML_TAG.sub("\n", text) if "<" in text else text).splitlines()
    for line in lines:
        rule = marked_line(line)
        if rule:
            return rule
    return "portion" if has_portion_mark(lines) else ""


def _statement(definition: Mapping[str, Any]) -> Spill | None:
    """What a marking definition says is a marking in whatever words it stands."""
    for where, _, text in _texts(definition):
        if _STATEMENT.match(fold(text)):
            return Spill("statement", where)
    return None
