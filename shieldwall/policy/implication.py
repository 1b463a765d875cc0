"""Implication: whether every reader of one audience reads another.

Sound and complete for viewers as the members room grants them: everybody holds `public`; whoever holds a nation or a
group token holds `community`; nobody holds two nations or two members; all else is independent.
"""

from __future__ import annotations

from collections.abc import Iterable

from shieldwall.policy.audience import Audience, Conjunct
from shieldwall.policy.tokens import COMMUNITY, PUBLIC, kind

_ONE_OF_A_KIND = ("nation", "member")


def implies(narrow: Audience, wide: Audience) -> bool:
    """Whether every reader of `narrow` reads `wide`, whoever they are."""
    return all(_nobody_without(conjunct, narrow) for conjunct in wide.needs) and all(
        _nobody_with(token, narrow) for token in wide.excluded
    )


def _nobody_without(conjunct: Conjunct, narrow: Audience) -> bool:
    """Whether no reader of `narrow` lacks every token of `conjunct`: the best equipped of those who do is no reader."""
    if PUBLIC in conjunct:
        return True
    tokens = narrow.tokens() | {PUBLIC}
    held = tokens - conjunct
    if COMMUNITY in conjunct:
        held = frozenset(token for token in held if kind(token) not in ("nation", "group"))
    return not _some_reader(narrow.needs, held)


def _nobody_with(nation: str, narrow: Audience) -> bool:
    """Whether no reader of `narrow` is of this nation."""
    if nation in narrow.excluded:
        return True
    others = frozenset(token for token in narrow.tokens() if kind(token) == "nation") - {nation}
    return not _some_reader(narrow.needs, (narrow.tokens() | {PUBLIC}) - others)


def _some_reader(needs: Iterable[Conjunct], held: frozenset[str]) -> bool:
    """Whether somebody with tokens among `held` meets all, of nations and members choosing one each."""
    single = frozenset(token for token in held if kind(token) in _ONE_OF_A_KIND)
    free = held - single
    return _choose([conjunct & single for conjunct in needs if not conjunct & free])


def _choose(open_conjuncts: list[Conjunct]) -> bool:
    """Whether one nation and one member together meet all that is left."""
    if not open_conjuncts:
        return True
    return any(_met_by_other_kind(token, open_conjuncts) for token in open_conjuncts[0])


def _met_by_other_kind(token: str, conjuncts: list[Conjunct]) -> bool:
    """Whether `token` and one token of the other kind meet all conjuncts."""
    rest = [conjunct for conjunct in conjuncts if token not in conjunct]
    if not rest:
        return True
    return any(kind(other) != kind(token) for other in frozenset.intersection(*rest))
