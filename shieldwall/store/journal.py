"""The journal: what was taken back, kept apart from the databases, so that no backup brings it to life again.

Every turn that takes something back (a withdrawal, a revocation, a key's end …) writes it here, on disk before the
commit. A record may therefore be of something that was asked for and never acknowledged, and never the other way
round: a restore that replays the journal errs on the side of taking back.

A record is one line: nonce and record, sealed with the node's key for sealed bodies, in base64. Whoever copies the
journal learns nothing from it without keys/. A line that was torn by a crash does not open, and is counted.
"""

from __future__ import annotations

import binascii
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shieldwall.errors import StoreError
from shieldwall.store.layout import sync_folder
from shieldwall.store.node import node

Record = dict[str, Any]
JOURNALED = frozenset({
    "key-revoked", "key-rotated", "member-suspended", "member-restored", "member-departed", "group-left",
    "group-closed", "client-removed", "roles-set", "person-deactivated", "cap-set", "epoch-begun",
})  # fmt: skip
"""Acts of the register that take something back, or say anew how far something reaches; and where epochs began."""
_NONCE_BYTES = 12
_PURPOSE = b"shieldwall journal"


class Journal(msgspec.Struct, frozen=True):
    """What was read: records in the order of their stamps, and how many lines do not open."""

    records: tuple[Record, ...]
    unreadable: int


def journal_path(data: Path) -> Path:
    """Where the journal of a data directory lies."""
    return data / "journal" / "records"


def append_records(records: Sequence[Record]) -> None:
    """Write `records` (each with its `act` and `stamp`, µs) behind the others; on disk when this returns."""
    if records:
        append_lines(_sealed(record) for record in records)


def append_lines(lines: Iterable[bytes]) -> None:
    """Write sealed lines behind the others; on disk when this returns. Without any, the journal is only made."""
    path = journal_path(node().config.data)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        written = b"".join(line + b"\n" for line in lines)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":  # a crash tore the last line: keep it from the next
            written = b"\n" + written
        while written:
            written = written[os.write(descriptor, written) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if not size:
        for folder in (path.parent, path.parent.parent):
            sync_folder(folder)


def journal_lines(paths: Iterable[Path]) -> list[bytes]:
    """The lines of all these journals, each once. Raises StoreError for a file that cannot be read."""
    lines: dict[bytes, None] = {}
    for path in paths:
        try:
            lines |= dict.fromkeys(filter(None, path.read_bytes().split(b"\n")))
        except OSError as problem:
            raise StoreError("the journal cannot be read", rule="journal", where=str(path)) from problem
    return list(lines)


def opened_journal(lines: Sequence[bytes]) -> Journal:
    """What the lines say. Raises StoreError where not one of them opens: they are of another node, or of other keys."""
    found = [_opened(line) for line in lines]
    records = [record for record in found if record is not None]
    if lines and not records:
        raise StoreError(
            "not one line of the journal opens with the keys here", rule="journal",
            remedy="name the journal of this very node, and put its keys/ in place",
        )  # fmt: skip
    return Journal(tuple(sorted(records, key=lambda record: int(record["stamp"]))), len(found) - len(records))


def _sealed(record: Record) -> bytes:
    nonce = node().random(_NONCE_BYTES, "journal")
    return b64encode(nonce + AESGCM(node().secret("seal")).encrypt(nonce, msgspec.msgpack.encode(record), _PURPOSE))


def _opened(line: bytes) -> Record | None:
    try:
        whole = b64decode(line, validate=True)
        said = AESGCM(node().secret("seal")).decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], _PURPOSE)
    except (binascii.Error, ValueError, InvalidTag):
        return None
    return msgspec.msgpack.decode(said, type=Record)
