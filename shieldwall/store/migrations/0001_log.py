"""The first tables of the log database."""

from typing import Any

from django.db import migrations

from shieldwall.store.schema import run_schema


def make(apps: Any, schema_editor: Any) -> None:
    """Run the DDL text for this engine."""
    run_schema("log", schema_editor)


class Migration(migrations.Migration):
    """Hand-written DDL: Django's own would drop WITHOUT ROWID and the triggers."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
