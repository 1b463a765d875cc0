"""Roles, scopes and how wide they reach: tables and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shieldwall.errors import BadInput
from shieldwall.policy import BREADTHS, PUBLIC

SCOPES = frozenset({"read", "submit", "sight", "alert", "administer"})
SCOPES_OF_ROLE: Mapping[str, frozenset[str]] = {
    "reader": frozenset({"read"}),
    "analyst": frozenset({"read", "submit", "sight"}),
    "release": frozenset({"read", "submit", "sight", "alert"}),
    "administrator": SCOPES,
    # Of the hub's own people, across the exchange. None of them reads content by it.
    "secretary": frozenset(),
    "auditor": frozenset(),
    "operator": frozenset(),
}
ROLES = frozenset(SCOPES_OF_ROLE)
HUB_ROLES = frozenset({"secretary", "auditor", "operator"})
SUBMITTING_ROLES = frozenset(role for role, scopes in SCOPES_OF_ROLE.items() if "submit" in scopes)
KEYS = "key"  # how caps call all service keys
CAPPED = SUBMITTING_ROLES | {KEYS}


def words(held: Iterable[str]) -> str:
    """A set of roles or scopes as the register keeps it."""
    return " ".join(sorted(held))


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What people of these roles may do."""
    return frozenset().union(*(SCOPES_OF_ROLE[role] for role in roles))


def narrowest(breadths: Iterable[str]) -> str:
    """The one that reaches least far."""
    return min(breadths, key=BREADTHS.index)


def widest_of_person(roles: Iterable[str], member_widest: str, caps: Mapping[str, str]) -> str:
    """A person addresses as far as the widest of their submitting roles, and no farther than their member."""
    by_role = [caps.get(role, PUBLIC) for role in SUBMITTING_ROLES.intersection(roles)]
    return narrowest((member_widest, max(by_role, key=BREADTHS.index))) if by_role else BREADTHS[0]


def widest_of_key(key_widest: str, member_widest: str, caps: Mapping[str, str]) -> str:
    """A key addresses no farther than itself, its member and the cap on keys."""
    return narrowest((key_widest, member_widest, caps.get(KEYS, PUBLIC)))


def check_roles(roles: Iterable[str], *, where: str, allowed: frozenset[str] = ROLES) -> frozenset[str]:
    """A non-empty set of roles, all known. Raises BadInput."""
    return _check(roles, allowed, "role", where)


def check_scopes(scopes: Iterable[str], *, where: str) -> frozenset[str]:
    """A non-empty set of scopes, all known. Raises BadInput."""
    return _check(scopes, SCOPES, "scope", where)


def check_breadth(widest: str, *, where: str) -> str:
    """A breadth of the policy. Raises BadInput."""
    if widest not in BREADTHS:
        raise BadInput(
            f"{widest!r} is no breadth", rule="breadth", where=where, remedy=f"use one of {', '.join(BREADTHS)}"
        )
    return widest


def _check(words: Iterable[str], known: frozenset[str], noun: str, where: str) -> frozenset[str]:
    held = frozenset([words] if isinstance(words, str) else words)
    if unknown := held - known:
        raise BadInput(
            f"no such {noun}: {', '.join(sorted(unknown))}",
            rule=noun,
            where=where,
            remedy=f"use some of {', '.join(sorted(known))}",
        )
    if not held:
        raise BadInput(f"not a single {noun} is given", rule=noun, where=where, remedy=f"give at least one {noun}")
    return held
