"""What is to be submitted: files, folders and stdin, in one order that is the same each time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import msgspec

from shieldwall.errors import BadInput

SUFFIXES = frozenset({".json", ".ndjson", ".jsonl", ".stix"})
STDIN = "-"


class Source(msgspec.Struct, frozen=True):
    """One stream: its name, as the user would write it, and its size in bytes (0 where nobody knows)."""

    name: str
    size: int = 0

    @property
    def shown(self) -> str:
        """The name in a message."""
        return "stdin" if self.name == STDIN else self.name

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The stream, to be read once. Raises BadInput where it cannot be read."""
        if self.name == STDIN:
            return nullcontext(sys.stdin.buffer)
        try:
            return Path(self.name).open("rb")
        except OSError as problem:
            raise _unreadable(self.name, problem) from problem


def sources(names: Iterable[str]) -> list[Source]:
    """The streams that `names` stand for: `-` is stdin, a folder is every STIX file below it, sorted.

    Raises BadInput for a name where nothing is, and for a folder without a file.
    """
    found: dict[str, Source] = {}
    for name in names:
        for source in _of(name):
            found.setdefault(source.name, source)
    return list(found.values())


def _of(name: str) -> Iterator[Source]:
    if name == STDIN:
        yield Source(STDIN)
        return
    path = Path(name)
    try:
        if not path.is_dir():
            yield Source(name, path.stat().st_size)
            return
        files = sorted(one for one in path.rglob("*") if _is_wanted(one.relative_to(path)) and one.is_file())
        for file in files:
            yield Source(str(file), file.stat().st_size)
    except OSError as problem:
        raise _unreadable(name, problem) from problem
    if not files:
        raise BadInput("no file of STIX in this folder", where=name, remedy=f"its name must end in {_ENDINGS}")


def left_alone(names: Iterable[str]) -> int:
    """How many files in the folders among `names` are not taken for STIX, by their names."""
    folders = [Path(name) for name in names if name != STDIN and Path(name).is_dir()]
    return sum(
        one.is_file() and one.suffix.lower() not in SUFFIXES and not _is_hidden(one.relative_to(folder))
        for folder in folders for one in folder.rglob("*")
    )  # fmt: skip


_ENDINGS = ", ".join(sorted(SUFFIXES))


def _is_wanted(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not _is_hidden(path)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _unreadable(name: str, problem: OSError) -> BadInput:
    return BadInput(
        problem.strerror or "cannot be read", rule="file", where=name, remedy="name a file that can be read"
    )
