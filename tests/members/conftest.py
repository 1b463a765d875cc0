"""A register of its own for every test: a small alliance on a fresh node, with a clock that stands until it is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shieldwall.config import Config
from shieldwall.policy import Viewer
from tests.members.alliance import Alliance, enter_alliance
from tests.node import NOON, Clock, config_of, migrate, set_django_up
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the small alliance."""
    set_django_up()
    folder = tmp_path_factory.mktemp("alliance")
    _enter(config_of(folder))
    return folder


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """SQLite, unless a module asks for both engines (BOTH_ENGINES)."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def clock(request: pytest.FixtureRequest, engine: str, entered: Path, tmp_path: Path) -> Iterator[Clock]:
    """The clock of a node of this test's own, which this process serves."""
    from django.db import connections

    from shieldwall.store import open_node

    data = tmp_path / "data"
    shutil.copytree(entered, data)
    database = "sqlite" if engine == "sqlite" else _postgresql(request, data)
    clock = Clock(NOON + 3_600_000_000)
    open_node(config_of(data, database), clock=clock)
    yield clock
    connections.close_all()


@pytest.fixture
def alliance(clock: Clock) -> Alliance:
    """The small alliance: `energy` names its members to each other, `quiet` does not and hides its past."""
    return Alliance(clock)


@pytest.fixture
def hub(alliance: Alliance) -> Viewer:
    """The hub's administrator."""
    return alliance.hub


def _postgresql(request: pytest.FixtureRequest, data: Path) -> str:
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    make: Callable[..., str] = request.getfixturevalue("postgres_url_factory")
    return make(cluster.template("members", lambda url: _enter(config_of(data, url))))


def _enter(config: Config) -> None:
    from django.db import connections

    from shieldwall.store import open_node

    migrate(config)
    open_node(config, clock=Clock())
    enter_alliance()
    connections.close_all()
