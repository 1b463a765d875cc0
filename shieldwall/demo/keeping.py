"""The demo's data directory: whether there is a demo already, and what must be remembered to announce it again.

Passwords and keys are hashed in the register, so the demo keeps its own in `demo.json`, for its owner's eyes alone. The
file also marks the directory as a demo's: nothing without it is ever emptied or loaded into.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from shieldwall.demo.announce import Cast
from shieldwall.errors import Conflict

_FILE = "demo.json"


class Kept(msgspec.Struct, frozen=True):
    """What is remembered of a demo. `value` is one worth looking up."""

    scale: float
    cast: Cast
    value: str


class _Mark(msgspec.Struct, frozen=True):
    """What the file holds: nothing yet while the demo is being loaded."""

    kept: Kept | None = None


class Claim:
    """This process's hold on the directory `data`: alone while a demo is made there, shared while it is served.

    A second process waits for a demo that is being made. Raises Conflict for `fresh` where others are at work.
    """

    def __init__(self, data: Path, *, fresh: bool, step: Callable[[str], None]) -> None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as problem:
            if fresh:
                raise Conflict(
                    "a demo is made or served from this directory by another process", rule="demo", where=str(data),
                    remedy="stop it first, or set SHIELDWALL_DATA to a directory of its own",
                ) from problem  # fmt: skip
        step("waiting for another demo that is made here")
        self.share()
        mark = _read(data)
        if mark is None or mark.kept is None:  # whoever made it was stopped
            fcntl.flock(self._folder, fcntl.LOCK_EX)

    def share(self) -> None:
        """Let others serve the same demo."""
        fcntl.flock(self._folder, fcntl.LOCK_SH)

    def release(self) -> None:
        """Let go; the end of the process does it too."""
        os.close(self._folder)


def prepare(data: Path, *, fresh: bool, emptied_by_hand: bool) -> Kept | None:
    """The finished demo in `data`; or None, and `data` is ready to be loaded.

    What was begun and never finished, and with `fresh` everything, is removed; where the log lies elsewhere
    (`emptied_by_hand`) that is the operator's to do first. Raises Conflict where `data` holds something else.
    """
    mark = _read(data)
    if mark is not None and mark.kept is not None and not fresh:
        return mark.kept
    if mark is None and data.is_dir() and any(data.iterdir()):
        raise Conflict(
            "this directory holds something that is no demo", rule="demo", where=str(data),
            remedy="set SHIELDWALL_DATA to a directory of its own, or leave it unset for var/demo",
        )  # fmt: skip
    if mark is not None:
        _empty(data, emptied_by_hand=emptied_by_hand)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(data, _Mark())
    return None


def keep(data: Path, kept: Kept) -> None:
    """Write down `kept`, whole or not at all, readable by its owner only."""
    _write(data, _Mark(kept))


def _write(data: Path, mark: _Mark) -> None:
    draft = data / f".{_FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(mark))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data / _FILE)


def _read(data: Path) -> _Mark | None:
    try:
        return msgspec.json.decode((data / _FILE).read_bytes(), type=_Mark)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as problem:
        raise Conflict(
            f"what is remembered of the demo cannot be read: {problem}", where=str(data / _FILE),
            remedy="remove the directory, and start anew",
        ) from problem  # fmt: skip


def _empty(data: Path, *, emptied_by_hand: bool) -> None:
    """Remove the demo in `data`; its mark goes last, so that a removal cut short can go on."""
    if emptied_by_hand:
        raise Conflict(
            "the demo's log lies in PostgreSQL, and no command of ours drops a database", rule="demo",
            where="SHIELDWALL_DATABASE", remedy=f"remove {data}, and give the demo an empty database of its own",
        )  # fmt: skip
    for child in sorted(data.iterdir()):
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child.name != _FILE:
            child.unlink()
    (data / _FILE).unlink()
