"""The manifest of a backup: what it is of, what its logs were, and the hash of every file."""

from __future__ import annotations

import os
from hashlib import file_digest
from pathlib import Path

import msgspec
from django.db.migrations.loader import MigrationLoader

from shieldwall.errors import BadInput
from shieldwall.store.layout import sync_folder
from shieldwall.store.node import Node

NAME = "manifest.json"
FORM = 1


class File(msgspec.Struct, frozen=True):
    """A file of the backup. Of PostgreSQL it is one table: its columns in their order, and its rows."""

    name: str
    size: int
    sha256: str
    columns: tuple[str, ...] = ()
    rows: int = 0


class LogState(msgspec.Struct, frozen=True):
    """A log as it was: the public id of its collection, its size, its root in hexadecimal."""

    collection: str
    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True):
    """`stamp` is the newest moment of the log, `made` when the backup was begun (both µs); `schema` the migrations."""

    form: int
    engine: str
    schema: tuple[str, ...]
    node: str
    epoch: int
    stamp: int
    made: int
    keys_print: str
    logs: tuple[LogState, ...]
    files: tuple[File, ...]

    @property
    def entries(self) -> int:
        """Entries in all logs."""
        return sum(log.size for log in self.logs)

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.size for file in self.files)


def migrations_here() -> tuple[str, ...]:
    """The migrations that this version has."""
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations))


def file_of(path: Path, *, columns: tuple[str, ...] = (), rows: int = 0) -> File:
    """A finished file, hashed, closed to others, and on disk."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = file_digest(file, "sha256").hexdigest()
    return File(path.name, path.stat().st_size, digest, columns, rows)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it into `folder`, on disk when this returns."""
    path = folder / NAME
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    file_of(path)
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Raises BadInput where there is no backup in `folder`, or one that this version does not read."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as problem:
        raise BadInput(
            "there is no backup here", rule="backup", where=str(folder), remedy=f"name the folder that holds {NAME}"
        ) from problem
    if manifest.form != FORM or manifest.schema != migrations_here():
        raise BadInput(
            "this backup is of another version of Shieldwall", rule="backup", where=str(folder),
            remedy="restore it with the version that made it, then upgrade and run `shieldwall migrate`",
        )  # fmt: skip
    return manifest


def require_files(folder: Path, manifest: Manifest) -> None:
    """Raises BadInput for a file that is missing or not what was hashed."""
    for file in manifest.files:
        path = folder / file.name
        try:
            with path.open("rb") as stream:
                same = file_digest(stream, "sha256").hexdigest() == file.sha256
        except OSError:
            same = False
        if not same:
            raise BadInput(
                "this file is missing, or is not what was backed up", rule="backup", where=str(path),
                remedy="take another backup, and find out what happened to this one",
            )  # fmt: skip


def require_fitting(manifest: Manifest, home: Node) -> None:
    """Raises BadInput where the backup is of another engine, or was made under other keys than lie here."""
    if manifest.engine != home.engine:
        raise BadInput(
            f"this backup is of {manifest.engine}, and this node is on {home.engine}", rule="backup",
            where="SHIELDWALL_DATABASE", remedy="restore it on the engine it comes from",
        )  # fmt: skip
    if not home.has_keys() or manifest.keys_print != home.keys_print():
        raise BadInput(
            "the keys of this backup are not here; no backup holds them", rule="keys",
            where=str(home.config.data / "keys"), remedy="put the copy of keys/ in place that was kept at setup",
        )  # fmt: skip
