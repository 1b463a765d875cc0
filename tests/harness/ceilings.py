"""How far a marking lets something travel: TLP 2.0 and DESIGN.md section 1, once more."""

from __future__ import annotations

from collections.abc import Iterable

LADDER = ("clear", "green", "amber", "strict", "red")
_NARROW = {"nation", "group", "member", "person"}


def may_travel(tlp: str, home: Iterable[Iterable[str]]) -> bool:
    """Whether something so marked may lie before this audience (TLP 2.0, DESIGN.md section 1)."""
    everybody = {"public", "community", *_NARROW}
    kinds = {"": everybody, "clear": everybody, "green": everybody - {"public"}, "red": {"person"}}.get(tlp, _NARROW)
    return any(all(token.partition(":")[0] in kinds for token in part) for part in home)
