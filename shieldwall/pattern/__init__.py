"""STIX patterning (STIX 2.1 §9), the whole language: text in, a frozen tree out. Nothing is evaluated here.

`parse` is linear in the text, never recurses over it, and refuses with clause, line:column and remedy.
"""

from __future__ import annotations

from shieldwall.pattern.model import (
    EVERY,
    Comparison,
    Compound,
    Condition,
    Constant,
    Expression,
    Junction,
    Observation,
    Pattern,
    Qualified,
    Repeats,
    StartStop,
    Timestamp,
    Value,
    Within,
)
from shieldwall.pattern.parser import MAX_BYTES, MAX_COMPARISONS, MAX_DEPTH
from shieldwall.pattern.quick import parse

__all__ = [
    "EVERY",
    "MAX_BYTES",
    "MAX_COMPARISONS",
    "MAX_DEPTH",
    "Comparison",
    "Compound",
    "Condition",
    "Constant",
    "Expression",
    "Junction",
    "Observation",
    "Pattern",
    "Qualified",
    "Repeats",
    "StartStop",
    "Timestamp",
    "Value",
    "Within",
    "parse",
]
