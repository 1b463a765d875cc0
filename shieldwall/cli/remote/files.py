"""Files that are whole or not there: written beside their place, flushed, then moved into it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shieldwall.errors import Conflict


def write_whole(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Put `content` at `path` at once: a reader, or a kill at any moment, finds the old file or the new one.

    Only its owner may read it. `lasting`: it is also there after a power cut.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Hold `path` (made where missing) so that no second process works on the same thing. Raises Conflict."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise Conflict(f"another command is already {what}", where=str(path), remedy="wait for it") from problem
        yield
