"""Use: what a PAP level lets a recipient do, whoever may have the information."""

from __future__ import annotations

import enum

from shieldwall.policy.markings import PAP, Marking
from shieldwall.policy.verdict import Verdict, refused


class Use(enum.StrEnum):
    """What a feed or an export is for, quietest first."""

    HUNT = "hunt"
    """A passive look at one's own logs."""
    ALERT = "alert"
    """A sensor that watches and reports."""
    ASK = "ask"
    """Looking it up with third parties."""
    BLOCK = "block"
    """Anything that the adversary can notice."""


_PERMITTED: dict[PAP | None, frozenset[Use]] = {
    PAP.RED: frozenset({Use.HUNT}),
    PAP.AMBER: frozenset({Use.HUNT, Use.ALERT, Use.ASK}),
    PAP.GREEN: frozenset(Use),
    PAP.CLEAR: frozenset(Use),
    None: frozenset({Use.HUNT, Use.ALERT}),
}


def may_use(marking: Marking, use: Use) -> Verdict:
    """Whether something marked so may be put to this use. Without PAP: watch, until the receiver's policy says more."""
    if use in _PERMITTED[marking.pap]:
        return Verdict(True)
    what = "what carries no PAP" if marking.pap is None else marking.pap.label
    permitted = " or ".join(u for u in Use if u in _PERMITTED[marking.pap])
    return refused("pap", f"{what} is not to be used to {use}", f"use it to {permitted}")
