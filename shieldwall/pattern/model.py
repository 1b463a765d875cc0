"""What a pattern says, as frozen values.

    Pattern.expression   over observations:           Observation | Compound | Qualified
    Observation.condition  within one observation:    Comparison | Junction

Parentheses leave no trace but the shape. Operands of one operator stand side by side, in the order written, and
are joined left to right.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

EVERY: Final = -1  # the list index [*]

Step = str | int  # a property or key, or a list index
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "EXISTS"]


class Timestamp(msgspec.Struct, frozen=True):
    """A t'…' constant: its text, and the instant in microseconds (finer digits are in the text alone)."""

    text: str
    at_us: int


Constant = str | int | float | bool | bytes | Timestamp  # bytes: b'…' and h'…' alike (§9.6.1)
Value = Constant | tuple[Constant, ...] | None  # a tuple for IN, None for EXISTS


class Comparison(msgspec.Struct, frozen=True):
    """One property of one kind of object against a constant. A MATCHES regex is kept as written, never run here."""

    object_type: str
    path: tuple[Step, ...]
    operator: Operator
    negated: bool
    value: Value


class Junction(msgspec.Struct, frozen=True):
    """Conditions on one and the same object. `object_types`: which types of object could satisfy it (§9.5)."""

    operator: Literal["AND", "OR"]
    operands: tuple[Condition, ...]
    object_types: frozenset[str]


Condition = Comparison | Junction


class Observation(msgspec.Struct, frozen=True):
    """[…]: matched by a single observation."""

    condition: Condition


class Compound(msgspec.Struct, frozen=True):
    """Expressions to be matched by different observations."""

    operator: Literal["AND", "OR", "FOLLOWEDBY"]
    operands: tuple[Expression, ...]


class Within(msgspec.Struct, frozen=True):
    """WITHIN n SECONDS."""

    seconds: int | float


class Repeats(msgspec.Struct, frozen=True):
    """REPEATS n TIMES."""

    times: int


class StartStop(msgspec.Struct, frozen=True):
    """START t'…' STOP t'…': from `start` on, before `stop`."""

    start: Timestamp
    stop: Timestamp


Qualifier = Within | Repeats | StartStop


class Qualified(msgspec.Struct, frozen=True):
    """An expression and its qualifiers, each applying to all that stands left of it."""

    expression: Expression
    qualifiers: tuple[Qualifier, ...]


Expression = Observation | Compound | Qualified


class Pattern(msgspec.Struct, frozen=True):
    """A whole pattern.

    `comparisons` are all of them in the order written. `simple`: seeing any one of their values is seeing the
    pattern (one observation, no qualifier, nothing but `=` and `IN` joined by OR). `warnings` tell what the
    standard allows but probably nobody will match.
    """

    expression: Expression
    comparisons: tuple[Comparison, ...]
    warnings: tuple[str, ...]
    simple: bool
