"""Operands between two brackets while they are read, joined by the precedence of STIX 2.1 §9.5.3.

AND binds tighter than OR, OR tighter than FOLLOWEDBY; each joins left to right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from shieldwall.pattern.fault import Fault
from shieldwall.pattern.model import Comparison, Compound, Condition, Expression, Junction

Joint = Literal["AND", "OR", "FOLLOWEDBY"]
PRECEDENCE: tuple[Joint, ...] = ("AND", "OR", "FOLLOWEDBY")
Operand = TypeVar("Operand")
Join = Callable[[Joint, list[tuple[Operand, int]]], Operand]


class Group(Generic[Operand]):
    """One bracket's worth. `start` is where it opens; operands come with their place in the text."""

    __slots__ = ("_join", "_rows", "start")

    def __init__(self, join: Join[Operand], start: int) -> None:
        self.start = start
        self._join = join
        self._rows: list[list[tuple[Operand, int]]] = [[] for _ in PRECEDENCE]

    def add(self, operand: Operand, start: int) -> None:
        self._rows[0].append((operand, start))

    def operator(self, joint: Joint) -> None:
        """Note that `joint` stands after the last operand."""
        self._close(PRECEDENCE.index(joint))

    def closed(self) -> Operand:
        """All operands as one."""
        self._close(len(PRECEDENCE) - 1)
        return self._joined(len(PRECEDENCE) - 1)[0]

    def _close(self, below: int) -> None:
        for rank in range(below):
            self._rows[rank + 1].append(self._joined(rank))
            self._rows[rank] = []

    def _joined(self, rank: int) -> tuple[Operand, int]:
        row = self._rows[rank]
        return row[0] if len(row) == 1 else (self._join(PRECEDENCE[rank], row), row[0][1])


def join_expressions(joint: Joint, operands: list[tuple[Expression, int]]) -> Expression:
    return Compound(joint, tuple(operand for operand, _ in operands))


def join_conditions(joint: Joint, operands: list[tuple[Condition, int]]) -> Condition:
    """Raises Fault where AND joins conditions that no single object could satisfy (§9.5)."""
    assert joint != "FOLLOWEDBY"
    types = object_types(operands[0][0])
    for condition, start in operands[1:]:
        others = object_types(condition)
        both = types & others if joint == "AND" else types | others
        if not both:
            raise Fault(
                f"AND joins {_named(types)} with {_named(others)}, which no single object can be",
                "9.5",
                "join them with OR, or put them in observations of their own: [ … ] AND [ … ]",
                start,
            )
        types = both
    return Junction(joint, tuple(condition for condition, _ in operands), types)


def object_types(condition: Condition) -> frozenset[str]:
    """The types of object that could satisfy a condition."""
    if isinstance(condition, Comparison):
        return frozenset((condition.object_type,))
    return condition.object_types


def _named(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)[:3])
