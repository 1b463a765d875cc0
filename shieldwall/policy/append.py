"""Append: whether a viewer may put something so marked before an audience.

Four questions in this order, and the first refusal wins: may this principal submit at all; may it address these
tokens; does its cap reach so far; does the marking. A marking is a ceiling, never an address.
"""

from __future__ import annotations

from functools import partial

from shieldwall.policy.audience import Audience
from shieldwall.policy.markings import TLP, Marking
from shieldwall.policy.tokens import BREADTHS, COMMUNITY, PUBLIC, kind, plain
from shieldwall.policy.verdict import Verdict, refused
from shieldwall.policy.viewer import Viewer

# How far a token reaches beyond the principal's own organisation.
_REACH = {
    "person": "named",
    "member": "named",
    "case": "group",
    "seat": "group",
    "group": "group",
    "nation": "nation",
    COMMUNITY: "community",
    PUBLIC: "public",
}
# A named circle: whoever holds one of these was let into it by somebody, not merely into the community.
_CIRCLES = frozenset({"person", "member", "case", "seat", "group", "nation"})
# Anyone may write to these; to the others only whoever belongs to them.
_OPEN_TO_POST = frozenset({"person", "member", "nation"})
# A level is honoured if one conjunct is made of these kinds only: the others can but narrow it further.
_CEILINGS: dict[TLP, frozenset[str]] = {
    TLP.GREEN: _CIRCLES | {COMMUNITY},
    TLP.AMBER: _CIRCLES,
    TLP.AMBER_STRICT: _CIRCLES,
    TLP.RED: frozenset({"person"}),
}
_REMEDIES = {
    TLP.GREEN: "address community, nation:, group:, member: or person: tokens; only TLP:CLEAR may be public",
    TLP.AMBER: "address a nation:, group:, member:, case:, seat: or person: token",
    TLP.AMBER_STRICT: "address a nation:, group:, member:, case:, seat: or person: token",
    TLP.RED: "name the people: person:…|person:…",
}


def may_append(viewer: Viewer, audience: Audience, marking: Marking) -> Verdict:
    """Whether `viewer` may put something marked so before `audience`, groups given by volume as they are held.

    What carries no TLP passes the ceiling: the caller keeps it at home unless a default was given. PAP limits use,
    never reach.
    """
    refusal = (
        _scope_refusal(viewer)
        or _address_refusal(viewer, audience)
        or _cap_refusal(viewer, audience)
        or _ceiling_refusal(audience, marking)
    )
    because = partial(derivation_of_append, viewer, audience, marking)
    if refusal is None:
        return Verdict(True, because=because)
    rule, message, remedy = refusal
    return refused(rule, message, remedy, because)


def within_ceiling(audience: Audience, marking: Marking) -> Verdict:
    """Whether the marking alone lets something travel to this audience, whoever sends it."""
    refusal = _ceiling_refusal(audience, marking)
    return Verdict(True) if refusal is None else refused(*refusal)


def may_pass_on(marking: Marking) -> Verdict:
    """Whether a recipient may pass something on to its own clients (R44): AMBER and looser, when that is certain."""
    ceiling = marking.ceiling
    if ceiling is not None and ceiling <= TLP.AMBER:
        return Verdict(True)
    what = "without a TLP marking" if ceiling is None else ceiling.label
    return refused("tlp-clients", f"{what} stays with the recipient", "ask the source for TLP:AMBER or looser")


def breadth(audience: Audience, viewer: Viewer) -> str:
    """How wide an audience is for this viewer, in the words of a cap: the widest of its narrowest conjunct."""
    return BREADTHS[min(max(_width(token, viewer) for token in conjunct) for conjunct in audience.needs)]


def derivation_of_append(viewer: Viewer, audience: Audience, marking: Marking) -> list[str]:
    """In plain English: each token with why it may be addressed or not, the breadth beside the cap, the ceiling."""
    lines = [_addressing(viewer, token) for conjunct in audience.needs for token in sorted(conjunct)]
    lines += [f"excluded: {token}" for token in sorted(audience.excluded)]
    lines.append(f"breadth: {breadth(audience, viewer)}, of at most {viewer.widest}")
    if marking.ceiling is None:
        return [*lines, "marking: no TLP, so no ceiling to hold it to"]
    verdict = within_ceiling(audience, marking)
    return [*lines, f"marking: {marking.label} allows it" if verdict else f"marking: {verdict.message}"]


# Each question answers None, or (rule, message, remedy).
_Refusal = tuple[str, str, str]


def _scope_refusal(viewer: Viewer) -> _Refusal | None:
    if "submit" in viewer.scopes:
        return None
    return "scope", "this principal may not submit", "use a key or role with the scope submit"


def _address_refusal(viewer: Viewer, audience: Audience) -> _Refusal | None:
    for conjunct in audience.needs:
        for token in sorted(conjunct):
            if not _may_address(viewer, token):
                return _address_words(token)
    return None


def _may_address(viewer: Viewer, token: str) -> bool:
    if token == PUBLIC:
        return viewer.is_person
    return token in viewer.tokens or kind(token) in _OPEN_TO_POST


def _address_words(token: str) -> _Refusal:
    if token == PUBLIC:
        return "address-public", "only a named person makes something public", "sign in and release it yourself"
    shown = plain(token)
    return (
        "address",
        f"{shown} can be addressed only by those who belong to it",
        f"join it, or send to nation:, member: or person: tokens instead of {shown}",
    )


def _cap_refusal(viewer: Viewer, audience: Audience) -> _Refusal | None:
    width = breadth(audience, viewer)
    if BREADTHS.index(width) <= BREADTHS.index(viewer.widest):
        return None
    return (
        "cap",
        f"this principal may address no wider than {viewer.widest!r}, and this is {width!r}",
        "narrow it by & with another token, or have a principal with a wider cap send it",
    )


def _ceiling_refusal(audience: Audience, marking: Marking) -> _Refusal | None:
    ceiling = marking.ceiling
    if ceiling is None or ceiling is TLP.CLEAR:
        return None
    kinds = _CEILINGS[ceiling]
    if any(all(kind(token) in kinds for token in conjunct) for conjunct in audience.needs):
        return None
    if ceiling is marking.tlp:
        return "tlp-ceiling", f"{ceiling.label} may not reach {audience.plain().text}", _REMEDIES[ceiling]
    return (
        "marking-unknown",
        f"{marking.unknown[0]} is a marking whose terms are unknown, so it may not reach {audience.plain().text}",
        f"send its marking definition along, or {_REMEDIES[ceiling]}",
    )


def _addressing(viewer: Viewer, token: str) -> str:
    shown = plain(token)
    if not _may_address(viewer, token):
        return f"not addressable: {shown}, {_address_words(token)[1]}"
    if token == PUBLIC:
        return f"addressable: {shown}, released by a named person"
    return f"addressable: {shown}, " + ("held" if token in viewer.tokens else "open to any member's post")


def _width(token: str, viewer: Viewer) -> int:
    if token == f"member:{viewer.member}":
        return 0
    return BREADTHS.index(_REACH[kind(token)])
