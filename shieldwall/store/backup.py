"""Backing up: one consistent copy of both databases, taken in one step while the node writes on.

SQLite: `VACUUM INTO`, which reads one snapshot; the paged kind begins anew at every write, and never ends under load.
PostgreSQL: every table by COPY from one repeatable-read snapshot, so that no program of another version is needed.

Deliveries are copied first, so that none names an entry behind the copied log. Keys are never copied. The folder
appears under its name only once every file, and the manifest that hashes them, is on disk.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from shieldwall.errors import Conflict
from shieldwall.merkle import Frontier
from shieldwall.store.connector import Row, raw, run, snapshot, statements
from shieldwall.store.faults import faults_told
from shieldwall.store.journal import append_lines
from shieldwall.store.layout import READERS, SIDE, WRITER, sync_folder
from shieldwall.store.manifest import FORM, File, LogState, Manifest, file_of, migrations_here, write_manifest
from shieldwall.store.node import node
from shieldwall.store.turn import NodeFacts, node_facts

Step = Callable[[str], None]
SQLITE_FILES = (("side.db", SIDE), ("log.db", WRITER))
_Copied = tuple[NodeFacts, list[LogState], list[File]]


def back_up(to: Path, step: Step) -> Manifest:
    """Copy the node, while it may write, into the new folder `to`. Makes the journal where there is none yet.

    Raises Conflict where `to` exists; StoreError where it cannot be written, and then nothing is left behind.
    """
    node_facts(READERS)
    with faults_told(), _new_folder(to) as folder:
        append_lines(())
        made = node().clock()
        facts, logs, files = (_copy_postgresql if node().engine == "postgresql" else _copy_sqlite)(folder, step)
        manifest = Manifest(
            form=FORM, engine=node().engine, schema=migrations_here(), node=facts.id, epoch=facts.epoch,
            stamp=facts.stamp, made=made, keys_print=facts.keys_print, logs=tuple(logs), files=tuple(files),
        )  # fmt: skip
        write_manifest(folder, manifest)
    return manifest


@contextmanager
def _new_folder(to: Path) -> Iterator[Path]:
    """A folder to fill beside `to`, which takes that name once all went well."""
    to = to.absolute()
    if to.exists():
        raise Conflict("this exists already", rule="backup", where=str(to), remedy="name a new folder for each backup")
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.{os.getpid()}.partial")
    draft.mkdir(mode=0o700)
    try:
        yield draft
        os.rename(draft, to)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync_folder(to.parent)


def _copy_sqlite(folder: Path, step: Step) -> _Copied:
    files = []
    for name, alias in SQLITE_FILES:
        step(f"copying {name}")
        raw(alias).execute("VACUUM INTO ?", (str(folder / name),))
        files.append(file_of(folder / name))
    with closing(sqlite3.connect(f"file:{folder / 'log.db'}?mode=ro&immutable=1", uri=True)) as copy:
        texts = statements("sqlite")
        facts = NodeFacts(*copy.execute(texts["node_state"]).fetchone())
        return facts, log_states(copy.execute(texts["log_states"])), files


def _copy_postgresql(folder: Path, step: Step) -> _Copied:
    with snapshot():
        files = [_copy_table(folder, table, tuple(columns), step) for table, columns in run(READERS, "own_tables")]
        return node_facts(READERS), log_states(run(READERS, "log_states")), files


def _copy_table(folder: Path, table: str, columns: tuple[str, ...], step: Step) -> File:
    step(f"copying {table}")
    path = folder / f"{table}.copy"
    with path.open("wb") as file, raw(READERS).cursor() as cursor:
        with cursor.copy(f"COPY {table} ({listed(columns)}) TO STDOUT (FORMAT binary)") as copy:
            for piece in copy:
                file.write(piece)
        rows = cursor.rowcount
    return file_of(path, columns=columns, rows=rows)


def listed(columns: Iterable[str]) -> str:
    """Columns as SQL names them."""
    return ", ".join(f'"{column}"' for column in columns)


def log_states(rows: Iterable[Row | Any]) -> list[LogState]:
    return [LogState(uuid, size, Frontier.from_bytes(bytes(stored)).root().hex()) for uuid, size, stored in rows]
