"""What every test may ask for. Instances of Shieldwall itself come from `tests/node.py`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import postgres
from tests.alliance import Alliance
from tests.node import Clock, Entropy, fresh_node

FOLDER = "SHIELDWALL_TEST_POSTGRES"

# Two busy cores make any single example slow now and then; pytest's own time limit still holds.
settings.register_profile("shieldwall", deadline=None)
settings.load_profile("shieldwall")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the controller chooses; its workers inherit the environment
        os.environ[FOLDER] = str(postgres.new_folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.Cluster(Path(os.environ.pop(FOLDER))).stop()


@pytest.fixture(scope="session")
def postgres_cluster() -> postgres.Cluster:
    """This run's PostgreSQL server, started by the first test that asks."""
    if postgres.find_programs() is None:
        reason = f"no PostgreSQL {postgres.OLDEST} or newer here"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    cluster = postgres.Cluster(Path(os.environ[FOLDER]))
    cluster.start()
    return cluster


@pytest.fixture
def postgres_url_factory(postgres_cluster: postgres.Cluster) -> Iterator[Callable[..., str]]:
    """Makes databases, each fresh and empty or a copy of `template`; gives their URLs and drops them after the test."""
    made: list[str] = []

    def make(template: str = "template0") -> str:
        made.append(postgres_cluster.create(template))
        return postgres_cluster.url(made[-1])

    yield make
    for name in made:
        postgres_cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    if request.param == "postgresql":  # asked for here, so that its databases outlive the node that a test serves
        request.getfixturevalue("postgres_url_factory")
    return str(request.param)


@pytest.fixture
def clock(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clock]:
    """The clock of a fresh node on `engine` that this process serves; it stands until told."""
    clock = Clock()
    serve_fresh(engine, request, tmp_path / "data", clock=clock, entropy=Entropy())
    yield clock
    close_connections()


@pytest.fixture
def alliance(clock: Clock) -> Alliance:
    """The small alliance of tests/alliance.py on a fresh node."""
    return Alliance(clock)


def serve_fresh(engine: str, request: pytest.FixtureRequest, data: Path, **given: Any) -> None:
    """Serve a fresh node on `engine`, starting PostgreSQL only where it is wanted."""
    postgres_parts = None
    if engine == "postgresql":
        postgres_parts = request.getfixturevalue("postgres_cluster"), request.getfixturevalue("postgres_url_factory")
    fresh_node(data, engine, postgres_parts, **given)


def close_connections() -> None:
    """Let go of the node's databases."""
    from shieldwall.store import node

    node().close()
