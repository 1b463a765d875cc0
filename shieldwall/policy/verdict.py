"""Verdicts: what was decided, by which rule, what would be accepted instead, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec


def _nothing_to_say() -> Sequence[str]:
    return ()


class Verdict(msgspec.Struct, frozen=True):
    """True when allowed. A refusal names its rule, says it in a sentence and tells what would be accepted."""

    ok: bool
    rule: str = ""
    message: str = ""
    remedy: str = ""
    lacking: frozenset[str] = frozenset()
    """The first conjunct that was not met, by any of whose tokens it would have been."""
    because: Callable[[], Sequence[str]] = _nothing_to_say

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        # Short, and without the viewer that `because` remembers: verdicts end in logs.
        return "allowed" if self.ok else f"refused [{self.rule}] {self.message}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """One line for each step of the derivation, made when somebody asks."""
        return tuple(self.because())


def refused(
    rule: str, message: str, remedy: str = "", because: Callable[[], Sequence[str]] = _nothing_to_say
) -> Verdict:
    return Verdict(False, rule, message, remedy, because=because)
