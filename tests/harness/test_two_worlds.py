"""Promise 1: two worlds that differ only in what a viewer may not see answer that viewer byte for byte alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest

from tests.harness.pairs import make_pair
from tests.harness.traces import deck, live
from tests.harness.twoworlds import Played, Stage, play

HALVES = 2
PAIRS = 22
"""In each half."""


class Tally:
    """What was played, and what came of it."""

    def __init__(self) -> None:
        self.pairs = 0
        self.hidden = 0
        self.asked: Counter[tuple[str, str]] = Counter()
        self.statuses: Counter[int] = Counter()

    def play(self, stage: Stage, seeds: Iterable[int], plan: list[tuple[str, str]], requests: int) -> None:
        """Play the pairs of `seeds`, sharing out `plan` among them. Fails at the first difference or leaked word."""
        every = list(seeds)
        for place, seed in enumerate(every):
            pair = make_pair(seed)
            played = play(stage, pair, plan[place :: len(every)], requests=requests)
            self._add(played, len(pair.hidden()))
            assert not played.differences, str(played.differences[0])
            assert not played.leaks, played.leaks[0]

    def _add(self, played: Played, hidden: int) -> None:
        self.pairs += 1
        self.hidden += hidden
        self.asked += played.asked
        self.statuses += played.statuses

    def __str__(self) -> str:
        kinds = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.pairs} pairs ({self.hidden} hidden differences), {self.asked.total()} requests to each world, "
            f"{len(self.asked)} of {len(deck())} routes × methods; {kinds}"
        )


@pytest.mark.parametrize("half", range(HALVES))
def test_nobody_can_tell_two_worlds_apart_by_what_is_hidden(
    half: int, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = shuffled(half)
    tally = Tally()
    tally.play(stage, range(half, HALVES * PAIRS, HALVES), plan, requests=90)
    with capsys.disabled():
        print(f"\n  non-interference, sqlite: {tally}")
    assert not set(plan) - set(tally.asked), "every route and method of shieldwall.urls is asked in both worlds"
    assert {200, 202, 400, 401, 403, 404, 405} <= set(tally.statuses)


def test_nor_on_postgresql(postgres_stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    tally.play(postgres_stage, range(500, 504), [*live()], requests=70)
    with capsys.disabled():
        print(f"\n  non-interference, postgresql: {tally}")
    assert not set(live()) - set(tally.asked)


@pytest.mark.heavy
@pytest.mark.timeout(3600)
def test_nor_in_a_thousand_pairs(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    tally.play(stage, range(1000, 2000), deck(), requests=140)
    with capsys.disabled():
        print(f"\n  non-interference, sqlite: {tally}")


@pytest.mark.heavy
@pytest.mark.timeout(3600)
def test_nor_in_a_hundred_pairs_on_postgresql(postgres_stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    tally.play(postgres_stage, range(3000, 3100), deck(), requests=140)
    with capsys.disabled():
        print(f"\n  non-interference, postgresql: {tally}")


def shuffled(half: int) -> list[tuple[str, str]]:
    """One half of all routes and methods, in no order."""
    every = deck()
    Random("deck").shuffle(every)
    return every[half::HALVES]
