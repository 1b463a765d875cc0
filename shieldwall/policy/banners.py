"""Banners and portion marks: how classified documents are marked in their text, line by line.

A banner is a level alone on a line, beside caveats and page numbers, or before a title. A portion mark opens a
paragraph: `(NS)`, `(S//NF)`. What is longer than a line of a page, or goes on in words, is prose.
"""

from __future__ import annotations

import re

from shieldwall.policy.classified import CAVEATS, IN_CAPITALS, UNMISTAKABLE, fold, pattern_of, words_of

_MAX_LINE = 240

LEVEL = pattern_of(UNMISTAKABLE, IN_CAPITALS)
SURE = pattern_of(UNMISTAKABLE)
_EDGE = r"[\s*_=#~|<>\[\](){}.:•·\-+!\"'/\\]{0,80}"
_PAGE = r"(?:PAGE|SEITE|PAGINA|S\.|P\.)? ?\d{1,4}(?: ?(?:OF|VON|DE|SUR|/) ?\d{1,4})?"
_RELEASE = r"REL(?:EASE?ABLE)?(?: ONLY)?(?: TO| FOR)? [A-Z0-9 ,/&.]{2,100}"
_CONTROLS = r"\s?//[A-Z0-9 ,/&.()\-]{0,120}"
_BESIDE = rf"(?:[\s,;:/|\-]{{1,4}}(?:{pattern_of(CAVEATS)}|{LEVEL}|{_RELEASE}|{_PAGE}))"
_SHORT_BANNER = (
    r"(?://)?(?:CTS|TS|NS|S|C)//(?:NF|NOFORN|SI|TK|HCS|REL|RELIDO|ORCON|OC|FGI|NATO)\b[A-Z0-9 ,/&.()\-]{0,100}"
)


_BEFORE = rf"{_EDGE}(?:{_PAGE}[\s\-|]{{1,4}})?(?:EXERCISE[ \-/]{{1,3}})?"
_BANNER = re.compile(rf"{_BEFORE}(?:{LEVEL}{_BESIDE}{{0,6}}(?:{_CONTROLS})?|{_SHORT_BANNER}){_EDGE}")
_SURE_BANNER = re.compile(rf"{_BEFORE}{SURE}{_BESIDE}{{0,6}}(?:{_CONTROLS})?{_EDGE}")
# "NATO RESTRICTED - Weekly summary", "[SECRET] Weekly summary"
_HEADED = re.compile(rf"\s*(?:{SURE}\s*(?:[:|]|-(?=\s)|//)|[\[(]{LEVEL}(?:\s?//[^\])]{{0,100}})?[\])])")
_DECLARED = re.compile(
    rf"{_EDGE}(?:OVERALL |SECURITY |DOCUMENT )?"
    r"(?:CLASSIFICATION(?: DE SECURITE)?|CLASSIFIED|CLASSIFICACAO|CLASIFICACION|EINSTUFUNG|RUBRICERING|GRADERING"
    rf"|KLAUZULA|PROTECTIVE MARKING)(?: LEVEL)?\s?[:=]\s*\"?(?:{LEVEL}|CTS|NS|NC|NR|TS)\s*(?:$|[.,;/(\"*\-])"
)
_AUTHORITY = re.compile(r"DECLASSIFY ON\s?:\s?\S")
DECLARING = frozenset(
    words_of(
        "CLASSIFICATION CLASSIFIED CLASSIFICACAO CLASIFICACION EINSTUFUNG RUBRICERING GRADERING KLAUZULA PROTECTIVE"
        " DECLASSIFY"
    )
)

# The first is sure, the second unless it abbreviates what follows, the third if the text is no list and it is a
# sentence: (C) is also copyright, and (S) the first of STRIDE.
_PORTION = re.compile(
    r"\s*[*_]{0,3}(?:(?:\d{1,3}|[A-Za-z])[.)]\s{1,4}|[-*•]\s{1,4})?[*_]{0,3}\((?:"
    r"((?://)?(?:CTS|NS)(?:-?[AB])?|NC-?A|//(?:NC|NR)|VS-NfD|(?:TS|S|C|R)-UE(?:/EU-(?:TS|S|C|R))?|EU-(?:TS|S|C|R)"
    r"|(?:TS|S|C|R|NS|NC|NR|CTS)//[A-Z][A-Z0-9 ,/.\-]{0,60})"
    r"|(TS|NC|NR)|(S|C))\)[*_]{0,3}[:.]?\s+(?=\S)"
)
_ENUMERATOR = re.compile(r"\s*(?:[-*•]\s)?\(([A-Za-z]|\d{1,2})\)")
_COPYRIGHT = re.compile(
    r"copyright|\b(?:19|20)\d\d\b|rights reserved|\b(?:inc|ltd|llc|gmbh|corp|corporation|company|foundation|ag|sa|the"
    r" authors)\b",
    re.IGNORECASE,
)
_MAX_ABBREVIATED_WORDS = 3


def marked_line(line: str) -> str:
    """Which rule a line of text breaks: `banner`, `declared`, `authority`; '' for prose."""
    start = line.strip()[:_MAX_LINE]
    folded = fold(start)
    if _DECLARED.match(folded):
        return "declared"
    if _AUTHORITY.match(folded):
        return "authority"
    return "banner" if _is_banner(start, folded) else ""


def _is_banner(line: str, folded: str) -> bool:
    if len(line) < _MAX_LINE and (is_banner_in_any_case(folded) or (_in_capitals(line) and is_level(folded))):
        return True
    headed = _HEADED.match(folded)
    return headed is not None and _in_capitals(line[: headed.end()])


def is_level(folded: str) -> bool:
    """Whether a short folded text is a level, with or without caveats, and nothing else."""
    return _BANNER.fullmatch(folded) is not None


def is_banner_in_any_case(folded: str) -> bool:
    return _SURE_BANNER.fullmatch(folded) is not None


def _in_capitals(text: str) -> bool:
    return text.upper() == text or text.startswith("VS-NfD")


def has_portion_mark(lines: list[str]) -> bool:
    """Whether paragraphs among these lines open with a portion mark."""
    found = [(match, line[match.end() :]) for line in lines if (match := _PORTION.match(line))]
    if any(match[1] or (match[2] and not _abbreviates(match[2], rest)) for match, rest in found):
        return True
    weak = [(match[3], rest) for match, rest in found if match[3]]
    if not weak:
        return False
    others = {match[1] for line in lines if (match := _ENUMERATOR.match(line))} - {"S", "C"}
    if others == {"U"}:
        return True
    return not others and any(
        _is_sentence(rest) and not (mark == "C" and _COPYRIGHT.search(rest)) for mark, rest in weak
    )


def _abbreviates(mark: str, rest: str) -> bool:
    initials = [word[0].upper() for word in rest.split(maxsplit=_MAX_ABBREVIATED_WORDS) if word]
    return "".join(initials).startswith(mark)


def _is_sentence(rest: str) -> bool:
    return rest[0].isupper() and len(rest.split(maxsplit=4)) > 3
