"""A node of its own for every test of the register, with a clock that stands until it is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shieldwall.config import read_config
from shieldwall.store.driver import use_safe_sqlite

NOON = 1_900_000_000_000_000


class Clock:
    """Stands until told; waiting moves it."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> int:
        return self.moment

    def wait_until(self, moment: int) -> None:
        self.moment = max(self.moment, moment)

    def advance(self, *, hours: float) -> None:
        self.moment += int(hours * 3_600_000_000)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the schema and nothing else."""
    folder = tmp_path_factory.mktemp("migrated")
    _set_django_up(folder)
    from django.core.management import call_command
    from django.db import connections

    from shieldwall.store import WRITER, open_node

    open_node(read_config({"SHIELDWALL_DATA": str(folder)}))
    call_command("migrate", database=WRITER, verbosity=0)
    connections.close_all()
    return folder


@pytest.fixture
def clock(migrated: Path, tmp_path: Path) -> Iterator[Clock]:
    """The clock of a fresh node that this process serves."""
    from django.db import connections

    from shieldwall.store import open_node

    data = tmp_path / "data"
    shutil.copytree(migrated, data)
    clock = Clock()
    open_node(read_config({"SHIELDWALL_DATA": str(data)}), clock=clock)
    yield clock
    connections.close_all()


def _set_django_up(folder: Path) -> None:
    import django
    from django.conf import settings

    if settings.configured:
        return
    use_safe_sqlite()
    from shieldwall.store.layout import database_settings

    config = read_config({"SHIELDWALL_DATA": str(folder)})
    settings.configure(
        CONFIG=config,
        INSTALLED_APPS=["shieldwall.store.side", "shieldwall.store", "shieldwall.members"],
        DATABASES=database_settings(config),
        DATABASE_ROUTERS=["shieldwall.store.layout.Router"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
