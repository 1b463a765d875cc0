"""A narrow seam to the two engines: named statements, bound by name, run on Django's own connections.

Statements live in `queries/*.sql`, each under a `-- name --` line. Shared ones are in `log.sql` and `upkeep.sql`; where
SQLite and PostgreSQL must differ, each has the statement in a file of its own.
"""

from __future__ import annotations

import re
import select
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import psycopg
from django.db import connections

from shieldwall.store.faults import FAULTS, told
from shieldwall.store.layout import READERS
from shieldwall.store.node import node

Row = tuple[Any, ...]
_HEADING = re.compile(r"^-- (\w+) --$", re.MULTILINE)
_VALUES = re.compile(r"\bVALUES\s+(\([?, ]+\))")
_ROWS_AT_ONCE = 1000
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


@cache
def statements(engine: str) -> Mapping[str, str]:
    """All named statements for `engine`, in its own parameter style."""
    found: dict[str, str] = {}
    for name in ("log.sql", "upkeep.sql", f"{engine}.sql"):
        parts = _HEADING.split((files("shieldwall.store") / "queries" / name).read_text(encoding="utf-8"))
        for title, text in zip(parts[1::2], parts[2::2], strict=True):
            found[title] = _PARAMETER.sub(r"%(\1)s", text.replace("%", "%%")) if engine == "postgresql" else text
    return found


def raw(alias: str) -> Any:
    """The driver's own connection behind a Django alias; where the old one was lost, a fresh one.

    Never in the middle of a transaction or snapshot: what began on a connection that was lost fails as a whole.
    """
    wrapper = connections[alias]
    if wrapper.connection is not None and node().engine == "postgresql":
        begun = _depth().inside() if alias == READERS else wrapper.in_atomic_block
        if not begun and _is_lost(wrapper.connection):
            wrapper.close()
    wrapper.ensure_connection()
    return wrapper.connection


def _is_lost(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has left an idle connection: it then has something to say, and its end after that."""
    if connection.closed:
        return True
    if not _speaks(connection):
        return False
    try:
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return _speaks(connection)


def _speaks(connection: psycopg.Connection[Any]) -> bool:
    listening = select.poll()
    listening.register(connection.pgconn.socket, select.POLLIN)
    return bool(listening.poll(0))


def run(alias: str, name: str, **values: Any) -> list[Row]:
    """All rows of the statement `name`, with `values` bound."""
    return fetch(alias, statements(node().engine)[name], values)


def fetch(alias: str, text: str, values: Mapping[str, Any]) -> list[Row]:
    """All rows of a statement given as text in the engine's own parameter style. Raises StoreError for a fault."""
    try:
        cursor = raw(alias).execute(text, values)
        return cursor.fetchall() if cursor.description else []
    except FAULTS as problem:
        raise told(problem) from problem


def run_many(alias: str, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Execute the statement `name` (with `?` parameters) once for each row.

    On PostgreSQL an INSERT takes many rows at once; no two of them may then meet in an ON CONFLICT DO UPDATE.
    """
    text = statements(node().engine)[name]
    if node().engine == "sqlite":
        raw(alias).executemany(text, rows)
    elif (values := _VALUES.search(text)) is not None:
        _insert_many(alias, text, values, rows)
    else:
        with raw(alias).cursor() as cursor:
            cursor.executemany(text.replace("?", "%s"), rows)


def _insert_many(alias: str, text: str, values: re.Match[str], rows: Iterable[Sequence[Any]]) -> None:
    before, after = text[: values.start(1)], text[values.end(1) :]
    one_row = values[1].replace("?", "%s")
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS_AT_ONCE)):
        whole = before + ", ".join([one_row] * len(batch)) + after
        raw(alias).execute(whole, [value for row in batch for value in row], prepare=False)


def copy_rows(alias: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows in the engine's fastest way: COPY on PostgreSQL, one prepared statement on SQLite."""
    names = ", ".join(columns)
    if node().engine == "postgresql":
        with raw(alias).cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        raw(alias).executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


@contextmanager
def snapshot() -> Iterator[None]:
    """One consistent, read-only view of the log and the register through the alias `readers`.

    Scope and entries are read in the same snapshot. A snapshot inside a snapshot is the outer one. Raises StoreError
    for a fault.
    """
    state = _depth()
    if state.inside():
        yield
        return
    try:
        connection = raw(READERS)
        connection.execute(_BEGIN[node().engine])
        state.enter()
        try:
            yield
        finally:
            state.leave()
            _end(connection)
    except FAULTS as problem:
        raise told(problem) from problem


_BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


def _end(connection: Any) -> None:
    """End a snapshot. A connection that cannot even do that is let go: nobody may find it half-way."""
    try:
        connection.execute("ROLLBACK")
    except FAULTS:
        connections[READERS].close()


class _Depth:
    """Whether this thread is inside a snapshot."""

    def __init__(self) -> None:
        import threading

        self._local = threading.local()

    def inside(self) -> bool:
        return getattr(self._local, "inside", False)

    def enter(self) -> None:
        self._local.inside = True

    def leave(self) -> None:
        self._local.inside = False


def _depth() -> _Depth:
    found = node().cache.get("snapshot")
    if found is None:
        found = node().cache.setdefault("snapshot", _Depth())
    assert isinstance(found, _Depth)
    return found


def one(alias: str, name: str, **values: Any) -> Row | None:
    """The first row of the statement `name`, or None."""
    rows = run(alias, name, **values)
    return rows[0] if rows else None
