"""Audiences: who may read a collection, as a canonical conjunction whose conjuncts may hold alternatives.

Every conjunct must be met, by any of its tokens; an excluded nation is a conjunct of its own. Two audiences that the
same tokens satisfy are the same value, so the hash of the text can name the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import blake2b

import msgspec

from shieldwall.errors import BadInput, TooLarge
from shieldwall.policy.tokens import PUBLIC, check_token, is_excluded, kind, name, plain

Conjunct = frozenset[str]

MAX_CONJUNCTS = 64
MAX_ALTERNATIVES = 64
_MAX_STEPS = 256  # conjuncts that may stand unabsorbed for a moment: absorbing is quadratic


class Audience(msgspec.Struct, frozen=True, dict=True):
    """A set of conjuncts, brought to its normal form when made; raises BadInput where nobody could be meant."""

    conjuncts: frozenset[Conjunct]

    def __post_init__(self) -> None:
        for conjunct in self.conjuncts:
            for token in conjunct:
                check_token(token)
        normal = _normal(self.conjuncts)
        if normal != self.conjuncts:
            msgspec.structs.force_setattr(self, "conjuncts", normal)

    @cached_property
    def needs(self) -> tuple[Conjunct, ...]:
        """The conjuncts to be met by holding a token, in the order of the text."""
        return tuple(sorted((c for c in self.conjuncts if not _excludes(c)), key=_written))

    @cached_property
    def excluded(self) -> frozenset[str]:
        """The tokens whose holders are kept out, without their mark."""
        return frozenset(token[1:] for conjunct in self.conjuncts for token in conjunct if is_excluded(token))

    @cached_property
    def text(self) -> str:
        """Canonical text: sorted, exclusions last, alternatives in parentheses beside other conjuncts."""
        if len(self.conjuncts) == 1:
            return "|".join(sorted(self.needs[0]))
        parts = [_written(c) if len(c) == 1 else f"({_written(c)})" for c in self.needs]
        return "&".join(sorted(parts) + [f"!{token}" for token in sorted(self.excluded)])

    @cached_property
    def key(self) -> bytes:
        """Sixteen bytes that name the collection of this audience."""
        return blake2b(self.text.encode(), digest_size=16).digest()

    def tokens(self) -> frozenset[str]:
        """Every token that somebody is let in by."""
        return frozenset().union(*self.needs)

    def narrowed_by(self, other: Audience) -> Audience:
        """The audience of two things sent together: those who may read both. BadInput if that can be nobody."""
        return Audience(self.conjuncts | other.conjuncts)

    def with_volumes(self, volume_of: Callable[[str], int]) -> Audience:
        """As it rests: each group named without a volume gets `volume_of(group id)`, its current one."""

        def at_rest(token: str) -> str:
            return f"{token}#{volume_of(name(token))}" if kind(token) == "group" and "#" not in token else token

        return self._mapped(at_rest)

    def plain(self) -> Audience:
        """As people write it: groups without their volumes."""
        return self._mapped(plain)

    def _mapped(self, change: Callable[[str], str]) -> Audience:
        return Audience(frozenset(frozenset(map(change, conjunct)) for conjunct in self.conjuncts))


def home_audience(member_id: str) -> Audience:
    """The submitter's own organisation: where everything stays that has no address."""
    return Audience(frozenset({frozenset({f"member:{member_id}"})}))


def scope_terms(audience: Audience) -> list[tuple[int, str, bool]]:
    """Rows for SQL: (conjunct number from 0, token, excluded).

    A viewer reads iff for each number without exclusion one row's token is held, and no excluded token is.
    """
    terms = [(number, token, False) for number, conjunct in enumerate(audience.needs) for token in sorted(conjunct)]
    first = len(audience.needs)
    return terms + [(first + number, token, True) for number, token in enumerate(sorted(audience.excluded))]


def any_of(left: frozenset[Conjunct], right: frozenset[Conjunct]) -> frozenset[Conjunct]:
    """Conjuncts for 'left or right'."""
    product = {a | b for a in left for b in right}
    return absorbed(bounded(product, _MAX_STEPS))


def absorbed(conjuncts: Iterable[Conjunct]) -> frozenset[Conjunct]:
    """Without those that another, smaller one already demands."""
    kept: list[Conjunct] = []
    for conjunct in sorted(conjuncts, key=len):
        if not any(smaller <= conjunct for smaller in kept):
            kept.append(conjunct)
    return frozenset(kept)


def bounded(conjuncts: set[Conjunct], most: int = MAX_CONJUNCTS) -> set[Conjunct]:
    if len(conjuncts) > most or any(len(c) > MAX_ALTERNATIVES for c in conjuncts):
        raise TooLarge(
            f"the audience has more than {MAX_CONJUNCTS} conditions or {MAX_ALTERNATIVES} alternatives in one",
            rule="audience-size",
            remedy="make a group for these readers, or send it to several smaller audiences",
        )
    return conjuncts


def _normal(conjuncts: frozenset[Conjunct]) -> frozenset[Conjunct]:
    positive = {c for c in conjuncts if not any(map(is_excluded, c))}
    negative = conjuncts - positive
    if any(len(c) > 1 for c in negative):
        raise BadInput(
            "an exclusion stands among alternatives",
            rule="audience-exclusion",
            remedy="exclude for all alternatives at once: (group:a|group:b)&!nation:xx",
        )
    if negative:
        positive = _without(positive, frozenset(token[1:] for c in negative for token in c))
    if not positive:
        raise BadInput("the audience names nobody", rule="audience-empty", remedy="name at least one token to let in")
    if frozenset() in positive:
        raise BadInput(
            "the audience lets in only whom it excludes",
            rule="audience-contradiction",
            remedy="drop the exclusion, or name somebody else to let in",
        )
    if negative and all(PUBLIC in c for c in positive):
        raise BadInput(
            "nobody can be kept out of what is public",
            rule="audience-exclusion",
            remedy="exclude from the community instead: community&!nation:xx",
        )
    whole = absorbed(positive) | negative if len(positive) > 1 else frozenset(positive) | negative
    bounded(set(whole))
    return whole


def _without(conjuncts: set[Conjunct], excluded: frozenset[str]) -> set[Conjunct]:
    """An excluded token cannot be what lets anyone in."""
    return {conjunct - excluded for conjunct in conjuncts}


def _excludes(conjunct: Conjunct) -> bool:
    return len(conjunct) == 1 and is_excluded(next(iter(conjunct)))


def _written(conjunct: Conjunct) -> str:
    return "|".join(sorted(conjunct))
