"""Entries: what is appended, how it is hashed, and the rows it becomes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shieldwall.merkle import Checkpoint, Frontier, grow, leaf_hash, sign
from shieldwall.store.collections import Collection
from shieldwall.store.connector import Row, copy_rows, one, run, run_many
from shieldwall.store.layout import READERS, WRITER
from shieldwall.store.node import node
from shieldwall.store.positions import number_of, position

SALT_BYTES = 32
SIGNER = "shieldwall"
_NONCE_BYTES = 12
_COLUMNS = ("position", "added", "kind", "owner", "submitter", "tlp", "id", "version", "note", "salt", "body")


class Kind(enum.IntEnum):
    """What an entry is."""

    OBJECT = 0
    WITHDRAWAL = 1
    ACT = 2


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry before it has a number. `owner` and `submitter` are member ids; `tlp` a policy level or -1 for none."""

    kind: Kind
    id: str
    version: str
    body: bytes
    owner: str = ""
    submitter: str = ""
    tlp: int = -1
    note: str = ""


class Placed(msgspec.Struct, frozen=True):
    """Where a draft came to lie, and when (µs)."""

    position: int
    number: int
    added: int


def entry_header(uuid: str, number: int, added: int, kind: int, draft: Draft) -> bytes:
    """The header that is hashed with the body: public identifiers only, in one fixed order.

    JSON array: collection, number, added (µs), kind, owner, submitter, id, version, note.
    """
    return orjson.dumps([uuid, number, added, kind, draft.owner, draft.submitter, draft.id, draft.version, draft.note])


def append_rows(collection: Collection, frontier: Frontier, last: int, drafts: Sequence[Draft]) -> list[Placed]:
    """Write `drafts` behind the log of `frontier`, the last stamped `last` µs; tree and checkpoint with them."""
    after = frontier.size
    count = len(drafts)
    first_added = last - count + 1
    salts = node().random(SALT_BYTES * count, f"salt {collection.uuid} {after}")
    seal = _sealer(collection)
    rows: list[tuple[Any, ...]] = []
    leaves: list[bytes] = []
    placed: list[Placed] = []
    for index, draft in enumerate(drafts):  # one pass: this is the hot loop of admission
        number, added = after + 1 + index, first_added + index
        salt = salts[index * SALT_BYTES : (index + 1) * SALT_BYTES]
        place = position(collection.id, number)
        leaves.append(leaf_hash(salt, entry_header(collection.uuid, number, added, draft.kind, draft), draft.body))
        rows.append((
            place, added, int(draft.kind), draft.owner, draft.submitter, draft.tlp, draft.id, draft.version, draft.note,
            salt, seal(place, draft.body),
        ))  # fmt: skip
        placed.append(Placed(place, number, added))
    copy_rows(WRITER, "entry", _COLUMNS, rows)
    _grow_tree(collection, frontier, leaves, last)
    return placed


def _grow_tree(collection: Collection, frontier: Frontier, leaves: Sequence[bytes], added: int) -> None:
    grown, tiles = grow(frontier, leaves, tile_reader(WRITER, collection.id))
    run_many(WRITER, "put_tile", [(collection.id, level, number, hashes) for level, number, hashes in tiles])
    run(
        WRITER, "move_head", collection=collection.id, number=grown.size, added=added, frontier=grown.to_bytes(),
    )  # fmt: skip
    state = one(WRITER, "node_state")
    assert state is not None, "a turn makes the node's row before it appends"
    root = grown.root()
    checkpoint = Checkpoint(origin=collection.uuid, epoch=int(state[1]), size=grown.size, root=root)
    run(
        WRITER, "put_checkpoint", collection=collection.id, epoch=checkpoint.epoch, size=grown.size, root=root,
        added=added, note=sign(checkpoint, node().signing_key(), SIGNER),
    )  # fmt: skip


def tile_reader(alias: str, collection: int) -> Callable[[int, int], bytes]:
    """Reads the tiles of one collection's tree."""

    def read(level: int, number: int) -> bytes:
        row = one(alias, "tile", collection=collection, level=level, number=number)
        return bytes(row[0]) if row else b""

    return read


def _sealer(collection: Collection) -> Callable[[int, bytes], bytes]:
    if not collection.is_sealed:
        return lambda _, body: body
    cipher = AESGCM(node().secret("seal"))

    def seal(place: int, body: bytes) -> bytes:
        nonce = node().random(_NONCE_BYTES, f"nonce {place}")
        return nonce + cipher.encrypt(nonce, body, place.to_bytes(8))

    return seal


def opened(collection: Collection, place: int, stored: bytes | None) -> bytes | None:
    """The body as it was submitted; None where it was erased."""
    if stored is None or not collection.is_sealed:
        return stored
    cipher = AESGCM(node().secret("seal"))
    return cipher.decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], place.to_bytes(8))


class Entry(msgspec.Struct, frozen=True):
    """An entry as stored, its body opened. `body` and `salt` are None where it was erased."""

    position: int
    added: int
    kind: int
    owner: str
    submitter: str
    tlp: int
    id: str
    version: str
    note: str
    salt: bytes | None
    body: bytes | None


def _entry(collection: Collection, row: Row) -> Entry:
    return Entry(*row[:-1], opened(collection, row[0], row[-1]))  # type: ignore[call-arg]  # the statement's columns


def entries_at(collection: Collection, positions: Sequence[int], *, alias: str = READERS) -> list[Entry]:
    """The entries of one collection at `positions`, in that order."""
    if not positions:
        return []
    rows = run(alias, "entries_at", positions=orjson.dumps(list(positions)).decode())
    found = {row[0]: _entry(collection, row) for row in rows}
    return [found[place] for place in positions if place in found]


def entries_of(collection: Collection, *, after: int = 0, batch: int = 500, alias: str = READERS) -> Iterator[Entry]:
    """Every entry of one collection behind number `after`, in log order, read in batches."""
    while True:
        low, high = position(collection.id, after + 1), position(collection.id, after + batch)
        rows = run(alias, "entries_between", low=low, high=high)
        for row in rows:
            yield _entry(collection, row)
        if len(rows) < batch:
            return
        after += batch


def header_of(collection: Collection, entry: Entry) -> bytes:
    """The header bytes that were hashed with this entry."""
    draft = Draft(
        kind=Kind(entry.kind), id=entry.id, version=entry.version, body=b"", owner=entry.owner,
        submitter=entry.submitter, note=entry.note,
    )  # fmt: skip
    return entry_header(collection.uuid, number_of(entry.position), entry.added, entry.kind, draft)
