"""Is this node as it should be? Settings, files, the databases' own settings, and the schema.

What lies in the logs is checked by `store.walk`, the indexes by `exchange.rebuilding`. Each finding says where, what,
and how to mend it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from django.db import connections

from shieldwall.config import SETTINGS, read_config
from shieldwall.errors import BadInput
from shieldwall.store.connector import raw
from shieldwall.store.layout import READERS, SIDE, WRITER
from shieldwall.store.migrate import pending_migrations
from shieldwall.store.node import node
from shieldwall.store.schema.compare import schema_differences

KNOWN_BESIDES = frozenset({"SHIELDWALL_PASSWORD", "SHIELDWALL_KEY", "SHIELDWALL_PUBLIC_KEY"})
NO_SETTING = "no such setting"
_OLDEST_POSTGRESQL = 15_00_00
_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


class Finding(msgspec.Struct, frozen=True):
    """Something that is not as it should be: the place, what is wrong there, how to mend it."""

    place: str
    finding: str
    remedy: str


def settings_findings(environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Settings that cannot be used, and variables that look like settings and are none."""
    known = {setting.name for setting in SETTINGS}
    for name in sorted(known & environ.keys()):
        try:
            read_config({name: environ[name]})
        except BadInput as error:
            yield Finding(f"setting {name}", error.message, error.remedy)
    for name in sorted(environ):
        if name.startswith("SHIELDWALL_") and name not in known | KNOWN_BESIDES:
            yield Finding(f"setting {name}", NO_SETTING, "unset it, or mend its name")


def environment_findings() -> Iterator[Finding]:
    """What is wrong with files, databases and schema."""
    yield from _file_findings(node().config.data)
    pending = pending_migrations()
    if pending:
        yield Finding("schema", f"migrations not run: {', '.join(pending)}", "run `shieldwall migrate`")
    yield from _postgresql_findings() if node().engine == "postgresql" else _sqlite_findings()
    yield from (Finding(f"schema {place}", what, _SCHEMA_REMEDY) for place, what in schema_differences())


_SCHEMA_REMEDY = "put it as shieldwall/store/schema has it; find out who changed it"


def _file_findings(data: Path) -> Iterator[Finding]:
    yield from _open_to_others(data, "the data directory")
    keys = data / "keys"
    if not keys.is_dir():
        yield Finding(str(keys), "there are no keys", "restore the folder keys/ from your copy of it")
        return
    yield from _open_to_others(keys, "the folder of keys")
    for path in sorted(keys.iterdir()):
        yield from _open_to_others(path, "a key")
        if path.stat().st_size != 32 and not path.name.startswith("."):  # the draft of a process that was killed
            yield Finding(str(path), "a key has 32 bytes, this has not", "restore it from your copy of keys/")


def _open_to_others(path: Path, what: str) -> Iterator[Finding]:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        mend = f"chmod {'700' if path.is_dir() else '600'} {path}"
        yield Finding(str(path), f"{what} is open to other users (mode {mode:o})", mend)


def _sqlite_findings() -> Iterator[Finding]:
    wanted: dict[str, dict[str, str | int]] = {
        WRITER: {"journal_mode": "wal", "synchronous": "FULL", "foreign_keys": 1},
        READERS: {"journal_mode": "wal", "query_only": 1},
        SIDE: {"journal_mode": "wal"},
    }
    for alias, pragmas in wanted.items():
        for pragma, value in pragmas.items():
            found = raw(alias).execute(f"PRAGMA {pragma}").fetchone()[0]
            found = _SYNCHRONOUS.get(found, found) if pragma == "synchronous" else found
            if found != value:
                yield Finding(f"database {alias}", f"PRAGMA {pragma} is {found}, not {value}", _PRAGMA_REMEDY)
    for alias in (WRITER, SIDE):
        for row in raw(alias).execute("PRAGMA quick_check").fetchmany(3):
            if row[0] != "ok":
                yield Finding(f"database {alias}", f"SQLite finds it damaged: {row[0]}", "restore it from a backup")


_PRAGMA_REMEDY = "end every process that uses the file, and look for tools that changed it"


def _postgresql_findings() -> Iterator[Finding]:
    version = connections[WRITER].cursor().connection.info.server_version
    if version < _OLDEST_POSTGRESQL:
        yield Finding("database", f"PostgreSQL {version // 10_000} is too old", "use PostgreSQL 15 or newer")
    for setting in ("fsync", "full_page_writes"):
        if raw(WRITER).execute(f"SHOW {setting}").fetchone()[0] != "on":
            yield Finding("database", f"{setting} is off: a crash may lose what was acknowledged", f"set {setting} on")
    if raw(WRITER).execute("SHOW synchronous_commit").fetchone()[0] == "off":
        yield Finding(
            "database", "synchronous_commit is off: a crash may lose what was acknowledged", "set synchronous_commit on"
        )
