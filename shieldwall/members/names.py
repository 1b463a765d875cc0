"""What the register's names look like. Each check returns the name itself and refuses rather than coerces."""

from __future__ import annotations

import re
import unicodedata

from shieldwall.errors import BadInput

MAX_SLUG = 63
MAX_NAME = 200
MAX_PURPOSE = 2_000

_SLUG = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MAX_SLUG - 1}}}", re.ASCII)
_NATION = re.compile(r"[a-z]{2,3}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_IDENTITY = re.compile(rf"identity--{_UUID.pattern}")


def check_slug(text: str, *, where: str) -> str:
    """An id as tokens carry it: 1 to 63 of a-z, 0-9 and -, not beginning with -."""
    if not _SLUG.fullmatch(text):
        raise BadInput(
            f"{text[:80]!r} cannot be an id",
            rule="id",
            where=where,
            remedy=f"use 1 to {MAX_SLUG} of a-z, 0-9 and -, beginning with a letter or digit",
        )
    return text


def check_username(text: str, *, where: str = "username") -> str:
    """A slug that nobody could take for a person's id: people are addressed by either."""
    if _UUID.fullmatch(text):
        raise BadInput(
            f"{text!r} looks like an id, not like a user name", rule="id", where=where, remedy="choose a name"
        )
    return check_slug(text, where=where)


def check_member_slug(text: str, *, where: str = "slug") -> str:
    """A slug without `--`, which sets a member's own groups apart: `acme--plant`."""
    if "--" in text:
        raise BadInput(f"{text[:80]!r} holds --", rule="id", where=where, remedy="use single hyphens")
    return check_slug(text, where=where)


def check_nation_code(text: str, *, where: str = "nation") -> str:
    """Two or three lower-case letters."""
    if not _NATION.fullmatch(text):
        raise BadInput(
            f"{text[:80]!r} is no country code", rule="nation", where=where, remedy="use two or three of a-z"
        )
    return text


def check_name(text: str, *, where: str = "name") -> str:
    """One line that people read: not empty, at most 200 characters, nothing invisible, no outer space."""
    if not text or len(text) > MAX_NAME or text != text.strip() or _unprintable(text):
        raise BadInput(
            "this cannot be a name",
            rule="name",
            where=where,
            remedy=f"write 1 to {MAX_NAME} visible characters in one line, without space at the ends",
        )
    return text


def check_purpose(text: str, *, where: str = "purpose") -> str:
    """Some lines of text, or none."""
    if len(text) > MAX_PURPOSE or _unprintable(text.replace("\n", "")):
        raise BadInput(
            "this cannot be a purpose", rule="name", where=where, remedy=f"write up to {MAX_PURPOSE} visible characters"
        )
    return text


def check_identity(text: str, *, where: str = "stix_id") -> str:
    """The id of a STIX identity object."""
    if not _IDENTITY.fullmatch(text):
        raise BadInput(
            f"{text[:80]!r} is no id of an identity", rule="ST identifier", where=where, remedy="use identity--<UUID>"
        )
    return text


def _unprintable(text: str) -> bool:
    """Control characters, surrogates, unassigned ones, and those that turn the direction of what follows."""
    return any(unicodedata.category(c) in {"Cc", "Cs", "Cn", "Zl", "Zp"} or c in _DIRECTION for c in text)


_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
