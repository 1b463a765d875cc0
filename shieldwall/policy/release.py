"""Release: whether a viewer may read an audience, and what follows from that.

The one function that every way out passes (R37). `may_read`, the rows of `scope_terms` and `derivation` say the same.
"""

from __future__ import annotations

from functools import partial

from shieldwall.policy.audience import Audience, Conjunct
from shieldwall.policy.tokens import plain
from shieldwall.policy.verdict import Verdict, refused
from shieldwall.policy.viewer import Viewer


def may_read(viewer: Viewer, audience: Audience) -> Verdict:
    """Whether `viewer` may read what lies in a collection of this audience. The first conjunct not met refuses."""
    held = viewer.tokens
    for conjunct in audience.needs:
        for token in conjunct:
            if token in held:
                break
        else:
            return _lacks(viewer, audience, conjunct)
    for token in audience.excluded:
        if token in held:
            return refused(
                "audience", "the viewer is excluded from this audience", because=partial(derivation, viewer, audience)
            )
    return Verdict(True, because=partial(derivation, viewer, audience))


def since(viewer: Viewer, audience: Audience) -> int:
    """The microsecond at which the viewer's right to read began: every conjunct met, each by the token held longest.

    Raises ValueError if the viewer may not read it.
    """
    return max(min(viewer.tokens[token] for token in conjunct if token in viewer.tokens) for conjunct in audience.needs)


def derivation(viewer: Viewer, audience: Audience) -> list[str]:
    """In plain English, for each conjunct the tokens that met it or what is lacking."""
    lines = [_met(viewer, conjunct) for conjunct in audience.needs]
    for token in sorted(audience.excluded):
        lines.append(f"kept out: {token}" if token in viewer.tokens else f"not excluded: {token} is not held")
    return lines


def spoken(tokens: Conjunct, joint: str = "or") -> str:
    """`group:a or nation:no`, without volumes."""
    return f" {joint} ".join(sorted(set(map(plain, tokens))))


def _met(viewer: Viewer, conjunct: Conjunct) -> str:
    held = conjunct & viewer.tokens.keys()
    return f"held: {spoken(held, 'and')}" if held else f"lacking: {spoken(conjunct)}"


def _lacks(viewer: Viewer, audience: Audience, conjunct: Conjunct) -> Verdict:
    because = partial(derivation, viewer, audience)
    return Verdict(False, "audience", "the viewer is not of this audience", lacking=conjunct, because=because)
