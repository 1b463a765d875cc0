"""What lies in the data directory, and which database alias is for what.

    log.db    the log and the register                          aliases `default` (the one writer) and `readers`
    side.db   deliveries, quotas, staged work                    alias   `side`
    keys/     secrets that are never in a database
    journal/  what was taken back, for a restore to do again

On PostgreSQL all three aliases are one database.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connections

from shieldwall.config import Config

WRITER, READERS, SIDE = "default", "readers", "side"
SIDE_APPS = frozenset({"side"})
# Those that must stay with the log: of the others a new one costs clients no more than a fresh start.
LASTING_SECRETS = ("checkpoint", "cuts", "index", "seal")

_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
_LOG_PRAGMAS = _PRAGMAS + "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864;"
_READ_PRAGMAS = _PRAGMAS + "PRAGMA cache_size=-65536; PRAGMA query_only=ON;"
_SIDE_PRAGMAS = _PRAGMAS + "PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=16777216;"


def database_settings(config: Config) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for `config`."""
    if config.is_postgresql:
        return {
            WRITER: _postgresql(config.database),
            READERS: _postgresql(config.database, "-c default_transaction_read_only=on"),
            SIDE: _postgresql(config.database),
        }
    log, side = config.data / "log.db", config.data / "side.db"
    return {
        WRITER: _sqlite(log, _LOG_PRAGMAS, "IMMEDIATE"),
        READERS: _sqlite(log, _READ_PRAGMAS, "DEFERRED"),
        SIDE: _sqlite(side, _SIDE_PRAGMAS, "IMMEDIATE"),
    }


def _sqlite(path: Path, pragmas: str, mode: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"init_command": pragmas, "transaction_mode": mode, "timeout": 30, "cached_statements": 512},
    }


def _postgresql(url: str, options: str = "") -> dict[str, Any]:
    parts = urlsplit(url)
    extra: dict[str, Any] = dict(parse_qsl(parts.query))
    if options:
        extra["options"] = options
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": extra.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": extra,
    }


class Router:
    """Sends Django's own models to the file they belong to."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        """Reads of the register go through the writer's alias unless `using` says otherwise."""
        return SIDE if model._meta.app_label in SIDE_APPS else None

    def db_for_write(self, model: Any, **_: Any) -> str | None:
        """Writes go to the one writer."""
        return SIDE if model._meta.app_label in SIDE_APPS else None

    def allow_relation(self, one: Any, other: Any, **_: Any) -> bool | None:
        """Relations stay inside one file."""
        return (one._meta.app_label in SIDE_APPS) == (other._meta.app_label in SIDE_APPS)

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        """The log and the register migrate in the writer's file; nothing migrates through `readers`."""
        if connections[WRITER].vendor == "postgresql":  # one database, and one table that says what was migrated
            return db == WRITER
        return db == (SIDE if app_label in SIDE_APPS else WRITER)


def secret(data: Path, name: str) -> bytes:
    """Thirty-two secret bytes named `name`, made when first asked for, kept in `keys/` and nowhere else."""
    path = data / "keys" / name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return _make_secret(path)


def _make_secret(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Under a name never used before: a process that is killed here leaves it behind, and process numbers come again.
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):  # whoever comes first wins; all read the same bytes
            os.link(draft, path)
    finally:
        os.unlink(draft)
    sync_folder(path.parent)
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk: a log may not outlive its keys, nor a backup its files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
