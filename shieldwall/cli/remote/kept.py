"""What a verification keeps for the next: the signed note of each log, and eight bytes of every leaf's hash.

The note is what must hold; the eight bytes only serve to name the first entry that was changed, if it does not.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from shieldwall.cli.remote.files import write_whole
from shieldwall.errors import BadInput
from shieldwall.merkle import HASH_BYTES

MARK_BYTES = 8


class KeptLog(msgspec.Struct):
    """One log as it was found to hold: its signed note, and a mark of each entry."""

    note: bytes
    marks: bytes


class Kept(msgspec.Struct):
    """The logs of one node, by collection, and the key that was trusted."""

    key: str = ""
    logs: dict[str, KeptLog] = {}


def read_kept(path: Path) -> Kept:
    """What is kept at `path`; nothing where there is no such file yet. Raises BadInput."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Kept)
    except FileNotFoundError:
        return Kept()
    except (OSError, msgspec.DecodeError) as problem:
        raise BadInput(
            "this is no file of kept checkpoints",
            rule="--kept",
            where=str(path),
            remedy="name the file of the last run",
        ) from problem


def write_kept(path: Path, kept: Kept) -> None:
    """Keep it."""
    write_whole(path, msgspec.msgpack.encode(kept))


def marks_of(leaves: bytes | bytearray) -> bytes:
    """The marks of leaf hashes that lie side by side."""
    return b"".join(leaves[at : at + MARK_BYTES] for at in range(0, len(leaves), HASH_BYTES))


def first_difference(before: bytes, now: bytes) -> int | None:
    """The number (from 1) of the first entry whose mark differs, within the shorter of the two; None for none."""
    common = min(len(before), len(now))
    if before[:common] == now[:common]:
        return None
    return next(
        at // MARK_BYTES + 1
        for at in range(0, common, MARK_BYTES)
        if before[at : at + MARK_BYTES] != now[at : at + MARK_BYTES]
    )
