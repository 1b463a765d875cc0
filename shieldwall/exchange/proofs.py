"""Checkpoints and proofs: what a reader needs to verify a log trusting only the public key."""

from __future__ import annotations

import msgspec

from shieldwall.errors import Absent, BadInput
from shieldwall.merkle import Tree, leaf_hash, public_key_text
from shieldwall.policy import Viewer
from shieldwall.store import (
    READERS,
    SIGNER,
    Readable,
    entries_at,
    header_of,
    node,
    one,
    position,
    scope_of,
    snapshot,
    tile_reader,
)  # fmt: skip


class Proof(msgspec.Struct, frozen=True):
    """An entry with what proves that it is in the tree of `size`: salt, header, leaf and the path to the root."""

    number: int
    size: int
    salt: bytes | None
    header: bytes
    body: bytes | None
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: bytes


def public_key() -> str:
    """The line that verifies this node's checkpoints."""
    return public_key_text(node().signing_key().public_key(), SIGNER)


def checkpoint(viewer: Viewer, collection: str) -> bytes:
    """The newest signed checkpoint of a collection. Raises Absent where it is not readable, or still empty."""
    with snapshot():
        found = one(READERS, "newest_checkpoint", collection=scope_of(viewer).by_uuid(collection).collection.id)
    if found is None:
        raise Absent("nothing is in this collection yet")
    return bytes(found[4])


def prove(viewer: Viewer, collection: str, number: int, size: int | None = None) -> Proof:
    """Prove that entry `number` is in the tree of the first `size` entries (the newest signed size by default)."""
    with snapshot():
        readable = scope_of(viewer).by_uuid(collection)
        signed = _signed(readable, size)
        if not 1 <= number <= signed[1]:
            raise Absent("no such entry in a tree of that size")
        home = readable.collection
        entry = entries_at(home, [position(home.id, number)])[0]
        header = header_of(home, entry)
        tree = Tree(signed[1], tile_reader(READERS, home.id))
        leaf = (
            leaf_hash(entry.salt, header, entry.body) if entry.salt is not None and entry.body is not None
            else tree_leaf(home.id, number)
        )  # fmt: skip
        path = tuple(tree.inclusion(number - 1, signed[1]))
    return Proof(number, signed[1], entry.salt, header, entry.body, leaf, path, signed[4])


def tree_leaf(collection: int, number: int) -> bytes:
    """The leaf hash of an entry as the tree holds it, for what was erased."""
    tile, place = divmod(number - 1, 256)
    return tile_reader(READERS, collection)(0, tile)[32 * place : 32 * place + 32]


def consistency(viewer: Viewer, collection: str, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of `old` entries is the beginning of that of `new` (RFC 9162 §2.1.4)."""
    with snapshot():
        readable = scope_of(viewer).by_uuid(collection)
        if not 1 <= old <= new <= readable.number:
            raise BadInput(
                "the sizes must be 1 ≤ from ≤ to ≤ the collection's size", rule="RFC 9162 §2.1.4", where="from, to",
                remedy=f"the collection holds {readable.number} entries",
            )  # fmt: skip
        return tuple(Tree(new, tile_reader(READERS, readable.collection.id)).consistency(old, new))


def _signed(readable: Readable, size: int | None) -> tuple[int, int, bytes, int, bytes]:
    number = readable.collection.id
    found = (
        one(READERS, "newest_checkpoint", collection=number) if size is None
        else one(READERS, "checkpoint_at", collection=number, size=size)
    )  # fmt: skip
    if found is None:
        raise Absent("no checkpoint of that size")
    return int(found[0]), int(found[1]), bytes(found[2]), int(found[3]), bytes(found[4])
