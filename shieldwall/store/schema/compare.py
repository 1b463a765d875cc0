"""Is the live schema the one in the text? Both are described in the same words by the same engine, and compared.

SQLite runs the text in memory and compares what it keeps of each statement. PostgreSQL runs it in a schema of its own,
in a transaction that is rolled back, and describes both from its catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from shieldwall.store.connector import raw
from shieldwall.store.layout import SIDE, WRITER
from shieldwall.store.node import node
from shieldwall.store.schema import schema_text, sqlite_statements

_PARTS = {"log": WRITER, "side": SIDE}
_COMMENT = re.compile(r"--[^\n]*")
_SCRATCH = "shieldwall_expected"


def schema_differences() -> Iterator[tuple[str, str]]:
    """(what, how it differs) for every table, index, trigger or function that is not as the text has it."""
    if node().engine == "postgresql":
        yield from _compared(*_postgresql())
        return
    for part, alias in _PARTS.items():
        yield from _compared(_sqlite_expected(part), _sqlite_found(raw(alias)))


def _compared(expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    tables = {name.partition(" on ")[2] or name.partition(" ")[2] for name in expected if "function" not in name}
    for name in sorted(expected):
        if name not in found:
            yield name, f"this {name.partition(' ')[0]} is missing"
        elif found[name] != expected[name]:
            yield name, f"differs from the text: {found[name][:200]}"
    for name in sorted(found.keys() - expected.keys()):
        if name.partition(" on ")[2] in tables:
            yield name, "is not in the text"


def _sqlite_expected(part: str) -> dict[str, str]:
    import sqlite3

    memory = sqlite3.connect(":memory:")
    try:
        for statement in sqlite_statements(schema_text(part, "sqlite")):
            memory.execute(statement)
        return _sqlite_found(memory)
    finally:
        memory.close()


def _sqlite_found(connection: Any) -> dict[str, str]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {_named(kind, name, table): " ".join(_COMMENT.sub("", text).split()) for kind, name, table, text in rows}


def _named(kind: str, name: str, table: str) -> str:
    return f"{kind} {name}" if kind in ("table", "function") else f"{kind} {name} on {table}"


def _postgresql() -> tuple[dict[str, str], dict[str, str]]:
    connection = raw(WRITER)
    with transaction.atomic(using=WRITER):
        live = connection.execute("SELECT current_schema()").fetchone()[0]
        found = _described(connection, live)
        connection.execute(f"CREATE SCHEMA {_SCRATCH}")
        connection.execute(f"SET LOCAL search_path = {_SCRATCH}")
        for part in _PARTS:
            connection.execute(schema_text(part, "postgresql"))
        expected = _described(connection, _SCRATCH)
        transaction.set_rollback(True, using=WRITER)
    return expected, found


_CATALOGUE = """
SELECT 'table', c.relname::text, c.relname::text,
       string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' ' ||
                  a.attidentity::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''), ', ' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' GROUP BY c.relname
UNION ALL
SELECT 'constraint', o.conname, c.relname, pg_get_constraintdef(o.oid) || ' ' || o.convalidated::text
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid WHERE c.relnamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'index', i.indexname, i.tablename, i.indexdef FROM pg_indexes i WHERE i.schemaname = %(schema)s
UNION ALL
SELECT 'trigger', t.tgname, c.relname,
       pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' disabled' END
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'function', p.proname, p.proname, p.prosrc || ' ' || p.provolatile::text || ' ' || p.prosecdef::text
  FROM pg_proc p WHERE p.pronamespace = %(schema)s::regnamespace
"""


def _described(connection: Any, schema: str) -> dict[str, str]:
    rows = connection.execute(_CATALOGUE, {"schema": schema}).fetchall()
    here = re.compile(rf"\b{re.escape(schema)}\.")
    return {_named(kind, name, table): " ".join(here.sub("", text).split()) for kind, name, table, text in rows}
