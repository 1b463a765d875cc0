"""The text of the schema, one file for each engine and database; migrations run it, `shieldwall check` compares it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any


def schema_text(part: str, engine: str) -> str:
    """The DDL of `part` ('log' or 'side') for `engine` ('sqlite' or 'postgresql')."""
    return (files(__name__) / f"{part}_{engine}.sql").read_text(encoding="utf-8")


def run_schema(part: str, schema_editor: Any) -> None:
    """Execute the DDL of `part` on the connection of a migration."""
    connection = schema_editor.connection
    text = schema_text(part, connection.vendor)
    if connection.vendor == "sqlite":
        for statement in sqlite_statements(text):
            schema_editor.execute(statement)
    else:
        schema_editor.execute(text, params=None)


def sqlite_statements(text: str) -> list[str]:
    """`text` cut into whole statements; a trigger's inner semicolons do not cut."""
    import sqlite3

    statements, pending = [], ""
    for line in text.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements
