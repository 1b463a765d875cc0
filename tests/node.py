"""Nodes for tests: a fresh data directory on either engine, with an injected clock and injected entropy.

One process serves one node at a time (`open_on`); two worlds are opened one after the other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import shake_256
from pathlib import Path

from shieldwall.config import Config, read_config
from tests.postgres import Cluster

NOON = 1_900_000_000_000_000


class Clock:
    """Stands until told; waiting moves it."""

    def __init__(self, moment: int = NOON) -> None:
        self.moment = moment

    def now(self) -> int:
        return self.moment

    def wait_until(self, moment: int) -> None:
        self.moment = max(self.moment, moment)

    def advance(self, *, seconds: float = 0, hours: float = 0) -> None:
        self.moment += int((seconds + hours * 3600) * 1_000_000)


class Entropy:
    """A stream of bytes for each purpose, the same in every world with the same seed."""

    def __init__(self, seed: str = "seed") -> None:
        self.seed = seed
        self._drawn: Counter[str] = Counter()

    def __call__(self, size: int, label: str, /) -> bytes:
        self._drawn[label] += 1
        return shake_256(f"{self.seed}/{label}/{self._drawn[label]}".encode()).digest(size)


def config_of(data: Path, database: str = "sqlite", **more: str) -> Config:
    """The settings of a node in `data`."""
    return read_config({"SHIELDWALL_DATA": str(data), "SHIELDWALL_DATABASE": database, **more})


@cache
def set_django_up() -> None:
    """Django as the product configures it, once a process; the node is chosen later."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "shieldwall.settings"
    os.environ["SHIELDWALL_DATA"] = tempfile.mkdtemp(prefix="shieldwall-test-")
    django.setup()


def migrate(config: Config) -> None:
    """Make the schema where `config` points, and leave no connection open."""
    from django.db import connections

    from shieldwall.store import open_node
    from shieldwall.store.migrate import migrate_all

    config.data.mkdir(parents=True, exist_ok=True)
    open_node(config)
    migrate_all()
    connections.close_all()


@cache
def migrated() -> Path:
    """A data directory with the schema and nothing else, to copy."""
    set_django_up()
    folder = Path(tempfile.mkdtemp(prefix="shieldwall-migrated-"))
    migrate(config_of(folder))
    return folder


def fresh_node(
    data: Path,
    engine: str = "sqlite",
    postgres: tuple[Cluster, Callable[..., str]] | None = None,
    *,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    **settings: str,
) -> Config:
    """Serve a fresh node in `data` from now on, in this process. `postgres` is the cluster and its URL factory."""
    from shieldwall.store import open_node
    from shieldwall.store.node import SystemClock, system_entropy

    shutil.copytree(migrated(), data, ignore=shutil.ignore_patterns("keys"))
    database = "sqlite"
    if engine == "postgresql":
        assert postgres is not None, "a PostgreSQL node needs the cluster"
        cluster, make = postgres
        database = make(cluster.template("shieldwall", lambda url: migrate(config_of(data / "template", url))))
    config = config_of(data, database, **settings)
    open_node(config, clock=clock or SystemClock(), entropy=entropy or system_entropy)
    return config
