"""Words to find objects by: the same tokens from an object and from a query.

A token is a run of letters, digits and underscores, 2 to 64 characters, compatibility-folded and caseless; one with
accents is kept and joined by its plain form, and a query asks for the plain form, so `Malmö`, `MALMO` and `malmo` find
each other. Scripts without blanks between words give one token a run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

MAX_TOKENS = 256
_MAX_TOKEN = 64
_MAX_TEXT = 16_384  # characters of one field: beyond it the cap on tokens is long reached

# Combining marks belong to the letter before them, also where no composed letter exists.
_TOKEN = re.compile(r"[\w\u0300-\u036f]{2,}")
_ASCII_TOKEN = re.compile(r"[a-z0-9_]{2,}")  # the same, faster
_MARKS = re.compile(r"[\u0300-\u036f]")
# Letters of the alliance's languages that Unicode does not take apart.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t"}
)

# In order of weight: where an object has more words than the cap, a long description gives way.
_FIELDS = (
    "type",
    "name",
    "aliases",
    "x_mitre_aliases",
    "labels",
    "external_references",
    "indicator_types",
    "malware_types",
    "tool_types",
    "threat_actor_types",
    "infrastructure_types",
    "report_types",
    "identity_class",
    "sectors",
    "roles",
    "goals",
    "primary_motivation",
    "resource_level",
    "sophistication",
    "country",
    "region",
    "city",
    "context",
    "opinion",
    "value",
    "abstract",
    "content",
    "explanation",
    "description",
)


def words_of(obj: Mapping[str, object]) -> set[str]:
    """The tokens `obj` is found by, at most 256: names before labels before types before prose."""
    words: set[str] = set()
    for field in _FIELDS:
        if field in obj:
            for text in _texts(obj[field]):
                for token in _tokens(text):
                    if token not in words:
                        forms = {token, _plain(token)}
                        if len(words) + len(forms) > MAX_TOKENS:
                            return words
                        words |= forms
    return words


def words_in(text: str) -> list[str]:
    """The tokens to look for, in order, once each; every object with the words of `text` has all of them."""
    return list(dict.fromkeys(_plain(token) for token in _tokens(text)))[:MAX_TOKENS]


def _texts(field: object) -> Iterator[str]:
    if isinstance(field, str):
        yield field
    elif isinstance(field, list):
        for item in field:
            if isinstance(item, str):
                yield item
            elif isinstance(item, Mapping):  # an external reference
                yield from (text for key in ("source_name", "external_id") if isinstance(text := item.get(key), str))


def _tokens(text: str) -> list[str]:
    folded = _folded(text[:_MAX_TEXT])
    tokens = dict.fromkeys((_ASCII_TOKEN if folded.isascii() else _TOKEN).findall(folded))
    return [token for token in tokens if len(token) <= _MAX_TOKEN]


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def _plain(token: str) -> str:
    if token.isascii():
        return token
    bare = _MARKS.sub("", unicodedata.normalize("NFD", token)).translate(_PLAIN_LETTERS)
    return unicodedata.normalize("NFC", bare)
