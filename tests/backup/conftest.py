"""A node that is backed up, lost, and restored on another machine to which only keys/ and journal/ were brought."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shieldwall import exchange
from shieldwall.store import node, open_node
from shieldwall.store.backup import back_up
from shieldwall.store.manifest import Manifest
from tests.alliance import Alliance
from tests.node import Clock, Entropy, config_of


class Machines:
    """The machine that serves, and those that come after it."""

    def __init__(self, folder: Path, clock: Clock, new_database: Callable[[], str]) -> None:
        self.folder = folder
        self.clock = clock
        self._new_database = new_database
        self.data = node().config.data
        self.made = 0

    def back_up(self, name: str = "backup") -> Path:
        """A backup of the node as it is; what follows is dated later."""
        back_up(self.folder / name, lambda _: None)
        self.clock.advance(seconds=60)
        return self.folder / name

    def move(self, *, keys: bool = True, journal: bool = True) -> Path:
        """The machine is lost. A new one takes its place, with nothing on it but copies of keys/ and journal/."""
        self.made += 1
        fresh = self.folder / f"machine-{self.made}"
        fresh.mkdir()
        for name, wanted in (("keys", keys), ("journal", journal)):
            if wanted and (self.data / name).exists():
                shutil.copytree(self.data / name, fresh / name)
        self.clock.advance(hours=1)
        open_node(config_of(fresh, self._new_database()), clock=self.clock, entropy=Entropy(f"machine {self.made}"))
        self.data = fresh
        return fresh

    def restore(self, backup: Path, **how: Any) -> exchange.Restored:
        """Move, and restore there."""
        self.move()
        return exchange.restore(backup, **how)


@pytest.fixture
def machines(alliance: Alliance, clock: Clock, engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Machines:
    """The small alliance on a node of its own, and machines to move to."""
    if engine == "sqlite":
        return Machines(tmp_path, clock, lambda: "sqlite")
    return Machines(tmp_path, clock, request.getfixturevalue("postgres_url_factory"))


def manifest_of(backup: Path) -> Manifest:
    from shieldwall.store.manifest import read_manifest

    return read_manifest(backup)


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    """Whatever machine a test ended on lets go of its databases."""
    yield
    node().close()
