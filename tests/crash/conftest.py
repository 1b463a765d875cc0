"""A home: the small alliance on a fresh node, closed again, with keys for two of its members."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.alliance import Alliance
from tests.cli.conftest import operator, set_up_once
from tests.conftest import close_connections, serve_fresh
from tests.crash.life import Home

__all__ = ["operator", "set_up_once"]


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """On SQLite, or on the engine that the test is parametrised with."""
    return make_home(str(getattr(request, "param", "sqlite")), request, tmp_path / "node")


def make_home(engine: str, request: pytest.FixtureRequest, data: Path, **settings: str) -> Home:
    """A home on `engine` in `data`, where nobody is at home."""
    if engine == "postgresql":
        request.getfixturevalue("postgres_url_factory")
    serve_fresh(engine, request, data, **settings)
    return furnish()


def furnish() -> Home:
    """Enter the alliance on the node that this process serves, and let go of it."""
    from shieldwall.store import node

    alliance = Alliance()
    config = node().config
    config.data.chmod(0o700)
    made = Home(config.data, config.database, alliance.key("acme"), alliance.key("dansk"))
    close_connections()
    return made


Make = Callable[..., Home]
