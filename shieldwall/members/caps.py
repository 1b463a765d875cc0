"""Caps: how wide whoever holds a role, or any service key, may address, across the whole exchange."""

from __future__ import annotations

from shieldwall.errors import BadInput
from shieldwall.members.models import Cap
from shieldwall.members.register import acting
from shieldwall.members.roles import CAPPED, check_breadth
from shieldwall.policy import Viewer


def set_cap(actor: Viewer, holder: str, widest: str) -> None:
    """Cap a submitting role, or `key`: nobody so capped addresses wider, from the next request on.

    For administrators of the hub. Raises BadInput, Refused.
    """
    check_breadth(widest, where="widest")
    if holder not in CAPPED:
        raise BadInput(
            f"{holder[:80]!r} cannot be capped",
            rule="cap",
            where="role",
            remedy=f"use one of {', '.join(sorted(CAPPED))}",
        )
    with acting(actor) as act:
        act.require_hub("set caps")
        Cap.objects.update_or_create(holder=holder, defaults={"widest": widest})
        act.regrant()
        act.record("cap-set", holder=holder, widest=widest)
