"""Bringing a data directory, or a database, to the schema of this version."""

from __future__ import annotations

from django.core.management import call_command

from shieldwall.store.layout import SIDE, WRITER
from shieldwall.store.node import node


def migrate_all() -> None:
    """Run the migrations of both databases. Makes the data directory where there is none."""
    node().config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for alias in (WRITER, SIDE):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
