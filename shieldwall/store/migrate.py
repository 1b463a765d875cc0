"""Bringing a data directory, or a database, to the schema of this version."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from shieldwall.store.layout import SIDE, WRITER
from shieldwall.store.node import node


def migrate_all() -> None:
    """Run the migrations of both databases. Makes the data directory where there is none."""
    node().config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for alias in (WRITER, SIDE):
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def pending_migrations() -> list[str]:
    """The migrations of this version that were not run yet, as `database: app.name`."""
    pending: list[str] = []
    for alias in (WRITER, SIDE):
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        pending += [f"{alias}: {migration.app_label}.{migration.name}" for migration, _ in plan]
    return pending
