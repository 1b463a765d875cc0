"""A node that answered nothing would keep every secret: so whatever the model says is visible is given, and no more."""

from __future__ import annotations

import pytest

from tests.harness.base import MEMBERS
from tests.harness.completeness import Reader
from tests.harness.pairs import make_pair
from tests.harness.twoworlds import Stage

WORLDS = 5


def check(stage: Stage, seed: int, acts: int) -> None:
    """Build one world, and have a key and a person of every member ask for all there is."""
    pair = make_pair(seed, acts=acts, later=0)
    with stage.folder() as folder:
        world = stage.built(pair, 1 + seed % 2, folder)
        assert not world.surprises, world.surprises[0]
        for member in MEMBERS:
            for principal, person in ((f"{member}/watch", ""), (f"{member}-rob", f"{member}-rob")):
                faults = Reader(world, principal, world.model.tokens(member, person)).check(pair.things())
                assert not faults, f"world {seed}: {faults[0]}"
        world.close()


@pytest.mark.parametrize("seed", range(WORLDS))
def test_all_that_is_visible_is_given_and_nothing_else(seed: int, stage: Stage) -> None:
    check(stage, seed, acts=40)


def test_on_postgresql_too(postgres_stage: Stage) -> None:
    check(postgres_stage, 100, acts=40)


@pytest.mark.heavy
@pytest.mark.timeout(3600)
def test_in_two_hundred_worlds(stage: Stage) -> None:
    for seed in range(1000, 1200):
        check(stage, seed, acts=70)
