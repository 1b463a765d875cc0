"""The one grammar of addresses, for API, command line and pages.

address     = alternative *( "|" alternative )
alternative = part *( "&" part )                 ; & binds tighter than |
part        = token / "(" address ")"
"""

from __future__ import annotations

import re

from shieldwall.errors import BadInput, TooLarge
from shieldwall.policy.audience import Audience, Conjunct, any_of, bounded
from shieldwall.policy.tokens import check_token, is_excluded

MAX_TEXT_BYTES = 4096
_MAX_DEPTH = 32
# Matches anywhere: what is no token is told apart later.
_LEXEME = re.compile(r"\s*([&|()]|[^&|()\s]+|\Z)", re.ASCII)


def parse_audience(text: str, *, volumes: bool = False) -> Audience:
    """The audience that `text` addresses, in canonical form.

    Only what comes from the store may name a group's volume (`volumes=True`). Raises BadInput that points at the
    column, TooLarge beyond 4 KiB, 64 conjuncts or 64 alternatives.
    """
    if len(text) > MAX_TEXT_BYTES:  # a letter beyond ASCII is refused by itself
        raise TooLarge(
            f"the address is longer than {MAX_TEXT_BYTES} bytes",
            rule="audience-size",
            remedy="make a group for these readers",
        )
    reader = _Reader(text, volumes)
    conjuncts = reader.address(0)
    if reader.lexeme:
        raise reader.error(f"{reader.lexeme!r} was not expected here", "join tokens by & or |")
    return Audience(conjuncts)


class _Reader:
    """Recursive descent over the lexemes; `lexeme` is the next one, '' at the end."""

    def __init__(self, text: str, volumes: bool) -> None:
        self.text = text
        self.volumes = volumes
        self.end = 0
        self.advance()

    def advance(self) -> None:
        found = _LEXEME.match(self.text, self.end)
        assert found is not None
        self.lexeme: str = found[1]
        self.start, self.end = found.span(1)

    def address(self, depth: int) -> frozenset[Conjunct]:
        conjuncts = self.alternative(depth)
        while self.lexeme == "|":
            self.advance()
            other = self.alternative(depth)
            for side in (conjuncts, other):
                self.refuse_exclusions(side)
            conjuncts = any_of(conjuncts, other)
        return conjuncts

    def alternative(self, depth: int) -> frozenset[Conjunct]:
        conjuncts = set(self.part(depth))
        while self.lexeme == "&":
            self.advance()
            conjuncts |= self.part(depth)
            bounded(conjuncts)
        return frozenset(conjuncts)

    def part(self, depth: int) -> frozenset[Conjunct]:
        if self.lexeme == "(":
            return self.parenthesis(depth)
        if self.lexeme in ("", "&", "|", ")"):
            raise self.error("a token is missing", "write a token such as community, group:energy or nation:no")
        token = check_token(self.lexeme, where=self.place())
        if "#" in token and not self.volumes:
            raise self.error("a group is addressed without its volume", f"write {token.partition('#')[0]!r}")
        self.advance()
        return frozenset({frozenset({token})})

    def parenthesis(self, depth: int) -> frozenset[Conjunct]:
        if depth == _MAX_DEPTH:
            raise self.error(f"parentheses nest deeper than {_MAX_DEPTH}", "write the address flat")
        self.advance()
        conjuncts = self.address(depth + 1)
        if self.lexeme != ")":
            raise self.error("a closing parenthesis is missing", "close it with )")
        self.advance()
        return conjuncts

    def refuse_exclusions(self, conjuncts: frozenset[Conjunct]) -> None:
        for conjunct in conjuncts:
            for token in conjunct:
                if is_excluded(token):
                    raise self.error(
                        f"{token} stands among alternatives",
                        f"exclude for all of them: (group:a|group:b)&{token}",
                    )

    def place(self) -> str:
        return f"audience, column {self.start + 1}"

    def error(self, message: str, remedy: str) -> BadInput:
        return BadInput(message, rule="audience-grammar", where=self.place(), remedy=remedy)
