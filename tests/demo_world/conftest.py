"""One world for all tests here: making it takes about a second."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from shieldwall.demo.world import Act, Roster, Submission, knowledge, life, roster

NOW = 1_790_000_000_000_000
SEED = "a seed for tests"


@pytest.fixture(scope="session")
def alliance() -> Roster:
    return roster(SEED)


@pytest.fixture(scope="session")
def year(alliance: Roster) -> list[Act]:
    return list(life(alliance, SEED, NOW))


@pytest.fixture(scope="session")
def known() -> list[Submission]:
    return list(knowledge(NOW))


@pytest.fixture(scope="session")
def told(year: list[Act]) -> list[dict[str, Any]]:
    """Every object of the year."""
    return [thing for act in year if act.objects for thing in orjson.loads(act.objects)["objects"]]


@pytest.fixture(scope="session")
def learned(known: list[Submission]) -> list[dict[str, Any]]:
    """Every object of the knowledge."""
    return [thing for submission in known for thing in orjson.loads(submission.objects)["objects"]]
