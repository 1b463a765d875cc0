"""Hypothesis strategies for patterns: a tree, and one of the many texts that write it."""

from __future__ import annotations

import random
from base64 import b64encode
from datetime import UTC, datetime

from hypothesis import strategies as st

from shieldwall.pattern import (
    EVERY,
    Comparison,
    Compound,
    Condition,
    Constant,
    Expression,
    Junction,
    Observation,
    Qualified,
    Repeats,
    StartStop,
    Timestamp,
    Within,
)

TYPES = ["file", "ipv4-addr", "domain-name", "network-traffic", "x-custom", "windows-registry-key", "email-message"]
TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["a' OR b:c = 'd", "]", "\\", "'", "x\ny"])
KEYS = st.sampled_from(["value", "name", "hashes", "MD5", "SHA-256", "windows-x-ext", "dst_ref", "a.b", "0x", "é'"])


def instants() -> st.SearchStrategy[Timestamp]:
    return st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(
        lambda at: Timestamp(
            at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            int((at.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000
            + at.microsecond,
        )
    )


INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
FLOATS = st.decimals(-(10**9), 10**9, places=4).map(float)
CONSTANTS: list[st.SearchStrategy[Constant]] = [
    TEXT, INTEGERS, FLOATS, st.booleans(), st.binary(max_size=9), instants(),
]  # fmt: skip
ORDERED = [TEXT, INTEGERS, FLOATS, st.binary(max_size=9), instants()]
NETWORKS = st.ip_addresses(v=4).map(lambda address: f"{address}/24") | st.ip_addresses(v=4).map(str)
STEPS = KEYS | st.integers(0, 99) | st.just(EVERY)


@st.composite
def comparisons(draw: st.DrawFn, object_type: str) -> Comparison:
    path = (draw(KEYS), *draw(st.lists(STEPS, max_size=3)))
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "EXISTS"]))
    value: object = None
    if operator in ("=", "!="):
        value = draw(st.one_of(CONSTANTS))
    elif operator in ("<", "<=", ">", ">="):
        value = draw(st.one_of(ORDERED))
    elif operator == "IN":
        value = tuple(draw(st.lists(draw(st.sampled_from(CONSTANTS)), max_size=4)))
    elif operator in ("LIKE", "MATCHES"):
        value = draw(TEXT)
    elif operator == "ISSUBSET":
        value = draw(NETWORKS)
    return Comparison(object_type, path, operator, draw(st.booleans()), value)  # type: ignore[arg-type]


def joined(operator: str, operands: list[Condition]) -> Condition:
    types = [frozenset((o.object_type,)) if isinstance(o, Comparison) else o.object_types for o in operands]
    both = frozenset.intersection(*types) if operator == "AND" else frozenset.union(*types)
    return Junction(operator, tuple(operands), both)  # type: ignore[arg-type]


def conditions(object_type: str | None) -> st.SearchStrategy[Condition]:
    """Of one object type, or, where that is None, of several joined by OR."""
    if object_type is None:
        each = st.sampled_from(TYPES).flatmap(conditions)
        return st.lists(each, min_size=2, max_size=3).map(lambda operands: joined("OR", operands))
    return st.recursive(
        comparisons(object_type),
        lambda inner: st.builds(joined, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
        max_leaves=4,
    )


QUALIFIERS = [
    st.builds(Within, st.integers(1, 2**53 - 1) | st.floats(0.0001, 1e9).map(lambda n: round(n, 4))),
    st.builds(Repeats, st.integers(1, 2**53 - 1)),
    st.builds(StartStop, instants(), instants()),
]


def qualified(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    some = st.lists(st.sampled_from(QUALIFIERS), min_size=1, max_size=3, unique_by=id).flatmap(lambda q: st.tuples(*q))
    return st.builds(Qualified, inner, some)


def expressions() -> st.SearchStrategy[Expression]:
    return st.recursive(
        (st.sampled_from(TYPES) | st.none()).flatmap(conditions).map(Observation),
        lambda inner: (
            qualified(inner)
            | st.builds(
                Compound,
                st.sampled_from(["AND", "OR", "FOLLOWEDBY"]),
                st.lists(inner, min_size=2, max_size=3).map(tuple),
            )
        ),
        max_leaves=4,
    )


class Writer:
    """Writes a tree as text. `chance` chooses blanks, and needless parentheses and quotes."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def blank(self, least: int = 0) -> str:
        return "".join(self.chance.choices(" \t\n\r\u3000 ", k=max(least, self.chance.choice([0, 0, 1, 2]))))

    def expression(self, tree: Expression, bare: bool = True) -> str:
        if isinstance(tree, Observation):
            text, bare = f"[{self.blank()}{self.condition(tree.condition)}{self.blank()}]", True
        elif isinstance(tree, Compound):
            joint = f"{self.blank(1)}{tree.operator}{self.blank(1)}"
            text = joint.join(self.expression(operand, isinstance(operand, Qualified)) for operand in tree.operands)
        else:
            text = self.expression(tree.expression, False)
            text += "".join(f"{self.blank(1)}{self.qualifier(qualifier)}" for qualifier in tree.qualifiers)
        return text if bare and self.chance.random() < 0.9 else f"({self.blank()}{text}{self.blank()})"

    def qualifier(self, qualifier: Within | Repeats | StartStop) -> str:
        if isinstance(qualifier, Within):
            words = ["WITHIN", self.constant(qualifier.seconds), "SECONDS"]
        elif isinstance(qualifier, Repeats):
            words = ["REPEATS", str(qualifier.times), "TIMES"]
        else:
            words = ["START", self.constant(qualifier.start), "STOP", self.constant(qualifier.stop)]
        return self.blank(1).join(words)

    def condition(self, tree: Condition, bare: bool = True) -> str:
        if isinstance(tree, Comparison):
            text, bare = self.comparison(tree), True
        else:
            joint = f"{self.blank(1)}{tree.operator}{self.blank(1)}"
            text = joint.join(self.condition(operand, False) for operand in tree.operands)
        return text if bare and self.chance.random() < 0.9 else f"({self.blank()}{text}{self.blank()})"

    def comparison(self, tree: Comparison) -> str:
        path = f"{tree.object_type}:{self.key(tree.path[0])}" + "".join(self.step(step) for step in tree.path[1:])
        negation = f"NOT{self.blank(1)}" if tree.negated else ""
        if tree.operator == "EXISTS":
            return f"{negation}EXISTS{self.blank(1)}{path}"
        value = self.constants(tree.value) if isinstance(tree.value, tuple) else self.constant(tree.value)
        return f"{path}{self.blank(1)}{negation}{tree.operator}{self.blank()}{value}"

    def step(self, step: str | int) -> str:
        if isinstance(step, int):
            return f"[{'*' if step == EVERY else step}]"
        return f".{self.key(step)}"

    def key(self, key: str | int) -> str:
        plain = str(key).replace("_", "").isalnum() and str(key).isascii()
        return str(key) if plain and self.chance.random() < 0.8 else self.string(str(key))

    def constants(self, values: tuple[Constant, ...]) -> str:
        return f"({f'{self.blank()},{self.blank()}'.join(self.constant(value) for value in values)}{self.blank()})"

    def constant(self, value: object) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return f"{value:.4f}"
        if isinstance(value, bytes):
            return f"h'{value.hex()}'" if self.chance.random() < 0.5 else f"b'{b64encode(value).decode()}'"
        return f"t'{value.text}'" if isinstance(value, Timestamp) else self.string(str(value))

    def string(self, value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
