"""Tokens: the words that audiences are made of and that viewers hold.

    public  community  nation:no  group:energy  member:acme  person:p-17  case:c-4  seat:no

At rest a group carries its volume, `group:energy#3`. In an audience a nation may also be excluded, `!nation:tr`.
"""

from __future__ import annotations

import re

from shieldwall.errors import BadInput

PUBLIC = "public"
COMMUNITY = "community"

_COUNTRY = r"[a-z]{2,3}"
_NAME = r"[a-z0-9][a-z0-9-]{0,62}"
TOKEN = re.compile(
    rf"public|community|!?nation:{_COUNTRY}|seat:{_COUNTRY}|(?:member|person|case):{_NAME}|group:{_NAME}(?:#[1-9]\d{{0,8}})?",
    re.ASCII,
)

# Narrow to wide: how far a token reaches, in the words of a principal's cap.
BREADTHS = ("own", "named", "group", "nation", "community", "public")
_SHAPES = "public, community, nation:xx, group:…, member:…, person:…, case:…, seat:xx or, as a conjunct, !nation:xx"


def kind(token: str) -> str:
    """`group` of `group:energy#3`; the token itself where it has no parts. An exclusion keeps its mark."""
    return token.partition(":")[0]


def name(token: str) -> str:
    """`energy` of `group:energy#3`."""
    return token.partition(":")[2].partition("#")[0]


def plain(token: str) -> str:
    """The token without its volume: what people read and write."""
    return token.partition("#")[0]


def is_excluded(token: str) -> bool:
    return token.startswith("!")


def check_token(token: str, *, where: str = "") -> str:
    """The token itself when it is well formed; refuses rather than coerces."""
    if TOKEN.fullmatch(token):
        return token
    lower = token.strip().lower()
    hint = f"write {lower!r}" if TOKEN.fullmatch(lower) else f"use one of {_SHAPES}"
    raise BadInput(f"{token[:80]!r} is no token", rule="audience-token", where=where, remedy=hint)
