"""Checkpoints and proofs: what a reader needs to verify a log trusting only the public key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

import msgspec
import orjson

from shieldwall.errors import Absent, BadInput
from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.exchange.rights import scope_now
from shieldwall.exchange.weighing import last_that_fits
from shieldwall.merkle import Tree, public_key_text
from shieldwall.policy import TLP, Viewer
from shieldwall.store import (
    READERS,
    SIGNER,
    Collection,
    Entry,
    Kind,
    Readable,
    entries_at,
    header_of,
    node,
    number_of,
    one,
    position,
    record_deliveries,
    run,
    snapshot,
    tile_reader,
)  # fmt: skip
from shieldwall.store.epochs import Epoch, epochs_of

MOST = 1000
_TILE = 256
_HASH_BYTES = 32


class Logged(msgspec.Struct, frozen=True):
    """An entry as the log keeps it: what its leaf was made of. `added` in µs.

    `salt` and `body` are None for what was withdrawn or erased: it vanishes, and without the salt its leaf confirms
    no guess.
    """

    number: int
    added: int
    kind: Kind
    header: bytes
    salt: bytes | None
    body: bytes | None
    leaf: bytes


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
        found = one(READERS, "newest_checkpoint", collection=scope_now(viewer).by_uuid(collection).collection.id)
    if found is None:
        raise Absent("nothing is in this collection yet")
    return bytes(found[4])


def epochs(viewer: Viewer, collection: str) -> list[Epoch]:
    """The epochs of a log, each with where it began and the note that says so. Raises Absent where not readable."""
    with snapshot():
        return epochs_of(READERS, scope_now(viewer).by_uuid(collection).collection.id)


def prove(viewer: Viewer, collection: str, number: int, size: int | None = None, *, door: str) -> Proof:
    """Prove that entry `number` is in the tree of the first `size` entries (the newest signed size by default).

    Records the delivery where the body is given. Raises Absent for what is not readable or not in that tree.
    """
    with snapshot():
        readable = scope_now(viewer).by_uuid(collection)
        signed = _signed(readable, size)
        if not 1 <= number <= signed[1]:
            raise Absent("no such entry in a tree of that size")
        home = readable.collection
        entries = entries_at(home, [position(home.id, number)])
        [logged] = _logged(home, entries)
        path = tuple(Tree(signed[1], tile_reader(READERS, home.id)).inclusion(number - 1, signed[1]))
    _record(viewer, entries, [logged], door)
    return Proof(number, signed[1], logged.salt, logged.header, logged.body, logged.leaf, path, signed[4])


def walk(viewer: Viewer, collection: str, *, door: str, after: int = 0, limit: int = MOST) -> tuple[list[Logged], int]:
    """The log itself: up to `limit` (1 to 1000) entries of every kind behind number `after`, and the log's size.

    Fewer where they are heavy.

    Records the delivery of the bodies given. Raises Absent for a collection that is not readable, or is no single log.
    """
    with snapshot():
        readable = scope_now(viewer).by_uuid(collection)
        numbers = range(after + 1, min(after + limit, last_that_fits(readable, after + 1)) + 1)
        entries = entries_at(readable.collection, [position(readable.collection.id, number) for number in numbers])
        logged = _logged(readable.collection, entries)
    _record(viewer, entries, logged, door)
    return logged, readable.number


def _logged(home: Collection, entries: Sequence[Entry]) -> list[Logged]:
    positions = orjson.dumps([entry.position for entry in entries]).decode()
    hidden: dict[int, int] = dict(run(READERS, "hidden_at", positions=positions))
    leaf = _Leaves(home.id)
    found = []
    for entry in entries:
        vanished = hidden.get(entry.position, SUPERSEDED) != SUPERSEDED
        salt, body = (None, None) if vanished or entry.body is None else (entry.salt, entry.body)
        number = number_of(entry.position)
        found.append(Logged(number, entry.added, Kind(entry.kind), header_of(home, entry), salt, body, leaf.of(number)))
    return found


class _Leaves:
    """The leaf hashes of one log, as its tree holds them; each tile read once."""

    def __init__(self, collection: int) -> None:
        self._tile = cache(partial(tile_reader(READERS, collection), 0))

    def of(self, number: int) -> bytes:
        tile, place = divmod(number - 1, _TILE)
        return self._tile(tile)[_HASH_BYTES * place : _HASH_BYTES * (place + 1)]


def _record(viewer: Viewer, entries: Sequence[Entry], logged: Sequence[Logged], door: str) -> None:
    given = [entry for entry, one in zip(entries, logged, strict=True) if one.body is not None]
    urgent = any(entry.tlp >= TLP.AMBER_STRICT for entry in given)
    record_deliveries(viewer.principal, viewer.member, [entry.position for entry in given], door, urgent=urgent)


def consistency(viewer: Viewer, collection: str, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of `old` entries is the beginning of that of `new` (RFC 9162 §2.1.4)."""
    with snapshot():
        readable = scope_now(viewer).by_uuid(collection)
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
