"""Where pulled objects go: a bundle, a file of one object a line, or a folder of one file each.

A shelf counts in marks. Whatever lies behind the mark that was kept last belongs to a page whose cursor was not kept;
it is cut off on resuming and comes again with that page, so nothing is lost and nothing comes twice.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Collection, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from shieldwall.cli.remote.files import write_whole
from shieldwall.cli.remote.scanner import pieces

Digest = bytes
_LINE_BREAKS = bytes.maketrans(b"\r\n", b"  ")  # strict JSON has them between tokens only


def digest_of(raw: bytes) -> Digest:
    """By which an object's bytes are known again, however its lines were broken."""
    return blake2b(raw.translate(_LINE_BREAKS), digest_size=16).digest()


class Shelf(Protocol):
    """A place for objects."""

    def put(self, raw: bytes) -> None:
        """Take one object's bytes."""

    def mark(self) -> int:
        """Make everything put so far lasting; where it ends."""

    def drop(self, ids: Mapping[str, Collection[Digest]]) -> list[str]:
        """Remove what was withdrawn under these ids, but for what is still readable; what was removed."""

    def close(self) -> None:
        """Put the result into its place."""


def shelf_at(path: Path) -> type[LinesShelf | BundleShelf | FolderShelf]:
    """The kind of shelf that `path` names by its form."""
    if path.is_dir() or not path.suffix:
        return FolderShelf
    return LinesShelf if path.suffix.lower() in {".ndjson", ".jsonl"} else BundleShelf


class _Header(msgspec.Struct):
    type: str = ""
    id: str = ""
    modified: str = ""


def _header(raw: bytes) -> _Header:
    try:
        return msgspec.json.decode(raw, type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Header()


class LinesShelf:
    """One object a line, appended; the lines of what is withdrawn later stay, because others may be following them."""

    def __init__(self, path: Path, mark: int) -> None:
        self._file = path.open("ab")
        self._file.truncate(mark)

    @staticmethod
    def holds(path: Path, mark: int) -> bool:
        """Whether what was marked is still there."""
        return mark == 0 or (path.exists() and path.stat().st_size >= mark)

    def put(self, raw: bytes) -> None:
        self._file.write(raw.translate(_LINE_BREAKS) + b"\n")

    def mark(self) -> int:
        return _written(self._file)

    def drop(self, ids: Mapping[str, Collection[Digest]]) -> list[str]:
        return []

    def close(self) -> None:
        self._file.close()


_HEAD = '{"type":"bundle","id":"bundle--%s","objects":['
_HEAD_BYTES = len(_HEAD % uuid.UUID(int=0))
_TAIL = b"\n]}\n"


class BundleShelf:
    """A STIX bundle, made beside its place and moved there when the pull is through: readers find a whole one."""

    def __init__(self, path: Path, mark: int) -> None:
        self._path, self._part = path, _part(path)
        if mark and not self._part.exists():
            shutil.copyfile(path, self._part)
        self._file = self._part.open("r+b" if mark else "w+b")
        self._file.truncate(mark)
        self._file.seek(mark)
        if not mark:
            self._file.write((_HEAD % uuid.uuid4()).encode())
        self._first = self._file.tell() == _HEAD_BYTES

    @staticmethod
    def holds(path: Path, mark: int) -> bool:
        """Whether what was marked is still there, finished or in the making."""
        return mark == 0 or any(one.exists() and one.stat().st_size >= mark for one in (path, _part(path)))

    def put(self, raw: bytes) -> None:
        self._file.write((b"\n" if self._first else b",\n") + raw)
        self._first = False

    def mark(self) -> int:
        return _written(self._file)

    def drop(self, ids: Mapping[str, Collection[Digest]]) -> list[str]:
        self._finish()
        gone: list[str] = []
        with self._path.open("rb") as old:
            kept = BundleShelf(self._path.with_name(f"{self._path.name}.new"), 0)
            for piece in pieces(old):
                name = _header(piece.raw).id
                if name in ids and digest_of(piece.raw) not in ids[name]:
                    gone.append(name)
                else:
                    kept.put(piece.raw)
        kept.mark()
        self._file, self._first = kept._file, kept._first
        kept._part.replace(self._part)
        return gone

    def close(self) -> None:
        self._finish()

    def _finish(self) -> None:
        self._file.write(_TAIL)
        self.mark()
        self._file.close()
        self._part.replace(self._path)


def _written(file: BinaryIO) -> int:
    """How much of it is on disk for good, which is all of it."""
    file.flush()
    os.fsync(file.fileno())
    return file.tell()


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.pulling")


_TYPE = re.compile(r"[a-z0-9-]{3,250}")
_ID = re.compile(r"[a-z0-9-]{3,250}--[0-9a-fA-F-]{36}")
_VERSION = re.compile(r"[0-9TZ:.+-]{10,40}")


class FolderShelf:
    """FOLDER/type/id/version.json; what has no version is named by its content. Putting twice is putting once."""

    def __init__(self, path: Path, mark: int) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)

    @staticmethod
    def holds(path: Path, mark: int) -> bool:
        """Whether the folder is there."""
        return path.is_dir()

    def put(self, raw: bytes) -> None:
        place = self._place(raw)
        if place.exists() and place.read_bytes() != raw:  # the same id and version, by another owner
            place = place.with_name(f"{place.stem}~{digest_of(raw).hex()[:16]}.json")
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, raw, lasting=False)

    def mark(self) -> int:
        os.sync()  # once a page: flushing each of a thousand files by itself takes seconds
        return 0

    def drop(self, ids: Mapping[str, Collection[Digest]]) -> list[str]:
        gone = []
        for name, kept in ids.items():
            if _ID.fullmatch(name):
                gone += self._drop_from(self._path / name.partition("--")[0] / name, kept)
        return gone

    def close(self) -> None:
        pass

    def _place(self, raw: bytes) -> Path:
        """Others wrote these names: what has not the plain form is named by its digest, so that no path leads out."""
        header, digest = _header(raw), digest_of(raw).hex()
        kind = header.type if _TYPE.fullmatch(header.type) else "other"
        name = header.id if _ID.fullmatch(header.id) else digest
        version = header.modified if _VERSION.fullmatch(header.modified) else f"statement-{digest[:16]}"
        return self._path / kind / name / f"{version}.json"

    def _drop_from(self, folder: Path, kept: Collection[Digest]) -> list[str]:
        gone = []
        for file in sorted(folder.glob("*.json")):
            if digest_of(file.read_bytes()) not in kept:
                file.unlink()
                gone.append(str(file))
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        return gone
