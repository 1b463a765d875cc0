"""The harness can fail: each leak put into the product on purpose is caught, and the product is whole again after."""

from __future__ import annotations

import pytest

from tests.harness.leaks import LEAKS, swapped
from tests.harness.pairs import make_pair
from tests.harness.test_two_worlds import HALVES, PAIRS
from tests.harness.twoworlds import Stage, play

MOST_PAIRS = HALVES * PAIRS
"""As many as the plain run plays: what none of them catches, it would not have caught either."""


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_caught(leak: str, stage: Stage) -> None:
    with swapped(*LEAKS[leak]):
        for seed in range(MOST_PAIRS):
            played = play(stage, make_pair(seed), [])
            if played.differences or played.leaks:
                return
    pytest.fail(f"nobody noticed that {leak}")
