"""The general parser. Brackets are kept on a list of ours, not on Python's stack; each token is looked at once."""

from __future__ import annotations

from typing import NoReturn, get_args

from shieldwall.pattern import constants
from shieldwall.pattern.fault import Cap, Fault
from shieldwall.pattern.groups import Group, Joint, join_conditions, join_expressions
from shieldwall.pattern.lexer import KEYWORDS, Token, tokens, unquoted_hyphen
from shieldwall.pattern.model import (
    Comparison,
    Condition,
    Constant,
    Expression,
    Observation,
    Operator,
    Pattern,
    Qualified,
    Qualifier,
    Repeats,
    StartStop,
    Timestamp,
    Value,
    Within,
)
from shieldwall.pattern.paths import place_of
from shieldwall.pattern.vocabulary import value_warnings

MAX_BYTES = 16_384
MAX_COMPARISONS = 256
MAX_DEPTH = 16

_CONSTANTS = frozenset(("string", "marked", "number", "boolean"))
_SPELLINGS: dict[str, Operator] = {operator: operator for operator in get_args(Operator) if operator != "EXISTS"}
_SPELLINGS |= {"==": "=", "<>": "!="}  # not in the standard, but in the grammar that OASIS published
_WORD_OPERATORS = "IN LIKE MATCHES ISSUBSET ISSUPERSET"
_JOINTS: dict[str, Joint] = {"AND": "AND", "OR": "OR", "FOLLOWEDBY": "FOLLOWEDBY"}


def parse_any(text: str) -> Pattern:
    """The pattern in `text`, however it is written. Raises BadInput."""
    try:
        _check_length(text)
        return _Parser(text).pattern()
    except Fault as fault:
        raise fault.in_text(text) from None


def _check_length(text: str) -> None:
    if len(text) > MAX_BYTES or (not text.isascii() and len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES):
        raise Cap(f"a pattern has at most {MAX_BYTES // 1024} KiB", "9.4", "split it into several indicators")


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._token: Token = next(self._tokens)
        self._comparisons: list[Comparison] = []
        self._warnings: dict[str, None] = {}
        self._depth = 0
        self._any_one_matches = True

    def pattern(self) -> Pattern:
        expression = self._expression()
        simple = isinstance(expression, Observation) and self._any_one_matches
        return Pattern(expression, tuple(self._comparisons), tuple(self._warnings), simple)

    # Expressions over observations (§9.5)

    def _expression(self) -> Expression:
        groups = [Group(join_expressions, 0)]
        while True:
            token = self._next()
            if token.kind == "(":
                self._open(token)
                groups.append(Group(join_expressions, token.start))
                continue
            if token.kind != "[":
                self._expected("an observation", token, "9.5", "put comparisons in square brackets: [file:size = 1]")
            operand: Expression = Observation(self._condition(token))
            groups[-1].add(self._qualified(operand), token.start)
            while self._token.kind == ")" and len(groups) > 1:
                self._depth -= 1
                self._next()
                group = groups.pop()
                groups[-1].add(self._qualified(group.closed()), group.start)
            if self._token.kind not in _JOINTS:
                return self._whole(groups)
            groups[-1].operator(_JOINTS[self._next().kind])

    def _whole(self, groups: list[Group[Expression]]) -> Expression:
        if self._token.kind != "end":
            wanted = "AND, OR, FOLLOWEDBY, a qualifier or the end"
            self._expected(wanted, self._token, "9.5", "remove it, or join it with an operator")
        if len(groups) > 1:
            raise Fault("this parenthesis is not closed", "9.5", "add )", groups[-1].start)
        return groups[0].closed()

    def _qualified(self, expression: Expression) -> Expression:
        qualifiers: list[Qualifier] = []
        while self._token.kind in ("WITHIN", "REPEATS", "START"):
            token = self._next()
            qualifier = self._qualifier(token)
            if any(type(qualifier) is type(other) for other in qualifiers):
                raise Fault(
                    f"an observation expression has one {token.kind} at most",
                    "9.5.1",
                    "remove one, or put parentheses around the expression that has the first",
                    token.start,
                )
            qualifiers.append(qualifier)
        return Qualified(expression, tuple(qualifiers)) if qualifiers else expression

    def _qualifier(self, token: Token) -> Qualifier:
        if token.kind == "START":
            start = self._instant("START")
            self._keyword("STOP")
            stop = self._instant("STOP")
            if stop.at_us <= start.at_us:
                self._warn("the time from START to STOP is empty: nothing matches")
            return StartStop(start, stop)
        count = self._next()
        value = self._constant(count) if count.kind == "number" else None
        if not isinstance(value, int if token.kind == "REPEATS" else (int, float)) or value <= 0:
            whole = "a positive integer" if token.kind == "REPEATS" else "a positive number"
            self._expected(whole, count, "9.5.1", "write REPEATS 5 TIMES or WITHIN 300 SECONDS")
        if token.kind == "WITHIN":
            self._keyword("SECONDS")
            return Within(value)
        self._keyword("TIMES")
        return Repeats(int(value))

    def _instant(self, after: str) -> Timestamp:
        token = self._next()
        value = self._constant(token) if token.kind == "marked" else None
        if not isinstance(value, Timestamp):
            self._expected(f"a timestamp after {after}", token, "9.5.1", f"write {after} t'2026-01-01T00:00:00Z'")
        return value

    def _keyword(self, keyword: str) -> None:
        token = self._next()
        if token.kind != keyword:
            self._expected(keyword, token, "9.5.1", "write REPEATS n TIMES, WITHIN n SECONDS or START t'…' STOP t'…'")

    # Conditions within one observation (§9.6)

    def _condition(self, bracket: Token) -> Condition:
        groups = [Group(join_conditions, bracket.start)]
        while True:
            token = self._next()
            if token.kind == "(":
                self._open(token)
                groups.append(Group(join_conditions, token.start))
                continue
            groups[-1].add(self._comparison(token), token.start)
            while self._token.kind == ")" and len(groups) > 1:
                self._depth -= 1
                self._next()
                group = groups.pop()
                groups[-1].add(group.closed(), group.start)
            token = self._next()
            if token.kind == "AND" or token.kind == "OR":
                self._any_one_matches &= token.kind == "OR"
                groups[-1].operator(_JOINTS[token.kind])
                continue
            return self._closed_condition(token, groups)

    def _closed_condition(self, token: Token, groups: list[Group[Condition]]) -> Condition:
        if token.kind != "]":
            self._expected("AND, OR or ]", token, "9.6", "join comparisons with AND or OR, and close with ]")
        if len(groups) > 1:
            raise Fault("this parenthesis is not closed", "9.6", "add ) before ]", groups[-1].start)
        return groups[0].closed()

    def _comparison(self, token: Token) -> Comparison:
        negated = token.kind == "NOT" and self._token.kind == "EXISTS"
        if negated:
            token = self._next()
        exists = token.kind == "EXISTS"
        path = self._next() if exists else token
        if path.kind != "path":
            self._expected_path(path)
        try:
            place = place_of(path.text)
        except Fault as fault:
            raise fault.moved(path.start) from None
        operator: Operator = "EXISTS"
        value: Value = None
        if not exists:
            negated = self._token.kind == "NOT"
            if negated:
                self._next()
            operator, value = self._operation(place.object_type, place.path[-1], path)
        return self._kept(
            Comparison(place.object_type, place.path, operator, negated, value), place.warnings, place.hash_length, path
        )

    def _kept(self, comparison: Comparison, warnings: tuple[str, ...], hash_length: int, path: Token) -> Comparison:
        if len(self._comparisons) == MAX_COMPARISONS:
            wanted = f"a pattern has at most {MAX_COMPARISONS} comparisons"
            raise Cap(wanted, "9.6", "use IN, or split it into several indicators", path.start)
        self._comparisons.append(comparison)
        for warning in warnings:
            self._warn(warning)
        if hash_length:
            for warning in value_warnings(comparison, hash_length):
                self._warn(warning)
        if comparison.negated or comparison.operator not in ("=", "IN"):
            self._any_one_matches = False
        return comparison

    def _operation(self, object_type: str, last_step: str | int, path: Token) -> tuple[Operator, Value]:
        token = self._next()
        operator = _SPELLINGS.get(token.kind)
        if operator is None:
            self._expected_operator(token, path)
        if operator != token.kind:
            self._warn(f"{token.kind} is not in STIX 2.1 §9.6.1; it is read as {operator}")
        if operator == "IN":
            return operator, self._set(self._next())
        operand = self._next()
        value = self._constant(operand)
        if operator in ("LIKE", "MATCHES"):
            self._check_text(operator, value, operand)
        elif operator in ("ISSUBSET", "ISSUPERSET"):
            self._check_text(operator, value, operand)
            self._check_network(operator, object_type, last_step, str(value), operand)
        elif isinstance(value, bool) and operator not in ("=", "!="):
            raise Fault(f"{operator} orders; true and false have no order", "9.6.1", "use = or !=", operand.start)
        return operator, value

    def _check_text(self, operator: Operator, value: Constant, token: Token) -> None:
        if not isinstance(value, str):
            raise Fault(f"{operator} takes a string", "9.6.1", f"write {operator} '…'", token.start)

    def _check_network(
        self, operator: Operator, object_type: str, last_step: str | int, value: str, token: Token
    ) -> None:
        if not constants.is_network(value, object_type):
            kind = object_type if object_type in ("ipv4-addr", "ipv6-addr") else "IP"
            raise Fault(
                f"{operator} takes an address or network ({kind})", "9.6.1", "write '198.51.100.0/24'", token.start
            )
        if last_step != "value" and not str(last_step).endswith(("_ref", "_refs")):
            self._warn(f"{operator} applies to the value of an ipv4-addr or ipv6-addr, not to {last_step!r}")

    def _set(self, token: Token) -> tuple[Constant, ...]:
        if token.kind != "(":
            self._expected("a set ( … )", token, "9.6.1", "write IN ('a', 'b')")
        if self._token.kind == ")":
            self._next()
            self._warn("the set after IN is empty: nothing matches")
            return ()
        values: list[Constant] = []
        while True:
            token = self._next()
            values.append(self._constant(token))
            if constants.kind(values[-1]) != constants.kind(values[0]):
                raise Fault("a set has constants of one type", "9.6.1", "write numbers or strings alone", token.start)
            token = self._next()
            if token.kind == ")":
                return tuple(values)
            if token.kind != ",":
                self._expected(", or )", token, "9.6.1", "write IN ('a', 'b')")

    def _constant(self, token: Token) -> Constant:
        if token.kind == "string":
            return constants.string(token.text)
        if token.kind not in _CONSTANTS:
            self._expected("a constant", token, "9.6.1", "write a number, true, false, 'text', b'…', h'…' or t'…'")
        try:
            if token.kind == "boolean":
                return token.text == "true"
            return constants.number(token.text) if token.kind == "number" else constants.marked(token.text)
        except Fault as fault:
            raise fault.moved(token.start) from None

    # Reading on, warning, refusing

    def _next(self) -> Token:
        """The token that is next, and move on."""
        token = self._token
        if token.kind != "end":
            self._token = next(self._tokens)
        return token

    def _open(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Cap(f"parentheses nest at most {MAX_DEPTH} deep", "9.5.3", "remove needless parentheses", token.start)

    def _warn(self, warning: str) -> None:
        self._warnings[warning] = None

    def _expected(self, wanted: str, found: Token, clause: str, remedy: str) -> NoReturn:
        if found.kind == "word" and found.text.upper() in KEYWORDS:
            remedy = f"keywords are in capitals: {found.text.upper()}"
        raise Fault(f"{wanted} should stand here, not {_shown(found)}", clause, remedy, found.start)

    def _expected_path(self, found: Token) -> NoReturn:
        remedy = "write type:property, as in file:hashes.MD5"
        if found.kind == "NOT":
            remedy = "NOT stands before the operator: file:size NOT = 1 (or NOT EXISTS file:size)"
        self._expected("an object path", found, "9.7", remedy)

    def _expected_operator(self, found: Token, path: Token) -> NoReturn:
        if found.start == path.start + len(path.text) and found.text.startswith("-"):
            raise unquoted_hyphen(found.start)
        self._expected("a comparison operator", found, "9.6.1", "use one of = != < <= > >= " + _WORD_OPERATORS)


def _shown(token: Token) -> str:
    if token.kind == "end":
        return "the end"
    text = " ".join(token.text[:60].split())
    return text if len(text) <= 40 else text[:37] + "..."
