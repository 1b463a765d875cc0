"""Loading a backup into an empty node, and holding what was loaded to its manifest and to itself.

From the first byte until the restore is finished a file named `restoring` lies in the data directory, and no process
serves from it: a log without its new epoch, or without what was taken back since, is nobody's to read.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections, transaction

from shieldwall.errors import Conflict, StoreError
from shieldwall.store.backup import listed, log_states
from shieldwall.store.connector import one, raw, run, snapshot
from shieldwall.store.layout import READERS, WRITER, sync_folder
from shieldwall.store.manifest import File, Manifest
from shieldwall.store.migrate import migrate_all
from shieldwall.store.node import node
from shieldwall.store.turn import node_facts
from shieldwall.store.walk import log_findings

Step = Callable[[str], None]
MARK = "restoring"
_FIRST = ("collection", "audience_term", "head", "entry")  # triggers and keys ask for these before the others
_PIECE = 1 << 20
_ENDINGS = ("", "-wal", "-shm")


def require_whole(data: Path) -> None:
    """Raises StoreError in a data directory in which a restore was begun and not finished."""
    if (data / MARK).exists():
        raise StoreError(
            "a restore was begun here and did not end", rule="restore", where=str(data),
            remedy="run `shieldwall restore` again; a PostgreSQL database must be dropped and made anew first",
        )  # fmt: skip


@contextmanager
def restoring() -> Iterator[None]:
    """Mark the data directory while a restore is under way; what fails leaves the mark."""
    mark = node().config.data / MARK
    mark.touch(0o600)
    sync_folder(mark.parent)
    yield
    mark.unlink()
    sync_folder(mark.parent)


def require_empty() -> None:
    """Raises Conflict where there is a log or a register already. What an interrupted restore left counts for none."""
    if node().engine == "postgresql":
        tables = {row[0] for row in run(WRITER, "own_tables")}
        there = bool(tables) and ("node" not in tables or one(WRITER, "node_state") is not None)
    else:
        there = any(path.exists() for path in _sqlite_files()) and not (node().config.data / MARK).exists()
    if there:
        raise Conflict(
            "there is a node here already", rule="restore", where=str(node().config.data),
            remedy="restore into an empty data directory (beside keys/ and journal/) or an empty database",
        )  # fmt: skip


def _sqlite_files() -> list[Path]:
    return [node().config.data / f"{name}{end}" for name in ("log.db", "side.db") for end in _ENDINGS]


def load(folder: Path, manifest: Manifest, step: Step) -> None:
    """Put what was backed up in place. Call inside `restoring()`, after `require_empty()`."""
    (_load_postgresql if node().engine == "postgresql" else _load_sqlite)(folder, manifest, step)


def _load_sqlite(folder: Path, manifest: Manifest, step: Step) -> None:
    connections.close_all()
    for path in _sqlite_files():
        path.unlink(missing_ok=True)
    for file in manifest.files:
        step(f"restoring {file.name}")
        path = node().config.data / file.name
        shutil.copyfile(folder / file.name, path)
        path.chmod(0o600)
        with path.open("rb") as copy:
            os.fsync(copy.fileno())
    sync_folder(node().config.data)


def _load_postgresql(folder: Path, manifest: Manifest, step: Step) -> None:
    migrate_all()
    files = {file.name.removesuffix(".copy"): file for file in manifest.files}
    last = len(_FIRST)
    in_order = sorted(files, key=lambda table: (_FIRST.index(table) if table in _FIRST else last, table))
    with transaction.atomic(using=WRITER):
        for table in in_order:
            step(f"restoring {table}")
            _load_table(folder / files[table].name, table, files[table])
        for table, column, sequence in run(WRITER, "counted_columns"):
            newest = f'SELECT setval(%s, max("{column}")) FROM {table} HAVING max("{column}") > 0'
            raw(WRITER).execute(newest, (sequence,))


def _load_table(path: Path, table: str, file: File) -> None:
    statement = f"COPY {table} ({listed(file.columns)}) FROM STDIN (FORMAT binary)"
    with path.open("rb") as stream, raw(WRITER).cursor() as cursor, cursor.copy(statement) as copy:
        while piece := stream.read(_PIECE):
            copy.write(piece)


def require_sound(manifest: Manifest, step: Step) -> None:
    """Raises StoreError where what was loaded is not what was backed up, or does not hold in itself."""
    with snapshot():
        facts = node_facts(READERS)
        if (facts.id, facts.epoch, facts.stamp) != (manifest.node, manifest.epoch, manifest.stamp):
            raise _unsound("the node's own row", "it is not that of the manifest")
        if tuple(log_states(run(READERS, "log_states"))) != manifest.logs:
            raise _unsound("the logs", "their sizes or roots are not those of the manifest")
        for finding in log_findings(step):
            raise _unsound(finding.place, finding.finding)


def _unsound(place: str, finding: str) -> StoreError:
    return StoreError(
        f"this backup does not hold: {finding}", rule="restore", where=place, remedy="restore another backup"
    )
