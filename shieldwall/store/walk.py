"""Walking a log from its first entry to its head, and holding everything that was promised about it to account.

Numbers are dense, stamps rise strictly, every entry hashes to the leaf its tree holds, the tiles and the frontier are
those of these leaves, every checkpoint is signed and has their root, and the rows by which SQL finds the audience say
what the audience says. What was erased has lost body and salt; its leaf is taken from the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from cryptography.exceptions import InvalidTag

from shieldwall.errors import BadInput, StoreError
from shieldwall.merkle import EMPTY, HASH_BYTES, Checkpoint, Frontier, Verifier, grow, leaf_hash, open_note
from shieldwall.policy import scope_terms
from shieldwall.store.checks import Finding
from shieldwall.store.collections import REGISTER, Collection
from shieldwall.store.connector import Row, one, run
from shieldwall.store.entries import SIGNER, Entry, header_of, opened
from shieldwall.store.layout import READERS
from shieldwall.store.node import node
from shieldwall.store.positions import bounds, number_of, position
from shieldwall.store.scope import audience_of
from shieldwall.store.turn import node_facts

_TILE = 256
_TILE_BYTES = _TILE * HASH_BYTES
_TAMPERED = "restore the log from a backup, and find out who reached the database"
_RESTORE_HEAD = "restore the databases from a backup: the head was written apart from its log"


def log_findings(step: Callable[[str], None]) -> Iterator[Finding]:
    """What is wrong with the logs, collection by collection. Call inside a snapshot; `step` is told where it is."""
    facts = node_facts(READERS)
    homeless = run(READERS, "homeless_entries")[0][0]
    if homeless:
        yield Finding("entries", f"{homeless} lie in no collection", _TAMPERED)
    verifier = Verifier(SIGNER, node().signing_key().public_key().public_bytes_raw())
    for row in run(READERS, "all_collections"):
        collection = Collection.of(row[:5])
        step(f"log of {collection.audience} ({row[5]} entries)")
        yield from _term_findings(collection)
        yield from _Walk(collection, verifier, facts.epoch, facts.stamp).findings()


def _term_findings(collection: Collection) -> Iterator[Finding]:
    place = f"audience of collection {collection.uuid}"
    if collection.audience == REGISTER:
        expected: set[tuple[int, str, bool]] = set()
        conjuncts = 1
    else:
        try:
            audience = audience_of(collection.audience)
        except BadInput as error:
            yield Finding(place, f"{collection.audience!r} is no audience: {error.message}", _TAMPERED)
            return
        expected, conjuncts = set(scope_terms(audience)), len(audience.needs)
    rows = run(READERS, "audience_terms", collection=collection.id)
    if {(row[0], row[1], bool(row[2])) for row in rows} != expected:
        yield Finding(place, "the rows that open it to readers differ from its audience", _TAMPERED)
    if run(READERS, "collection_conjuncts", collection=collection.id)[0][0] != conjuncts:
        yield Finding(place, "its number of conjuncts differs from its audience", _TAMPERED)


class _Walk:
    """One walk over one log."""

    def __init__(self, collection: Collection, verifier: Verifier, epoch: int, newest_stamp: int) -> None:
        self._collection = collection
        self._place = f"collection {collection.uuid}"
        self._verifier = verifier
        self._epoch = epoch
        self._newest_stamp = newest_stamp
        self._frontier = EMPTY
        self._added = 0
        self._tiles: dict[int, tuple[int, bytes]] = {}  # of each level, the newest tile

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong with this log."""
        head = one(READERS, "head_of", collection=self._collection.id)
        if head is None:
            yield Finding(self._place, "it has no head", _RESTORE_HEAD)
            return
        yield from self._entries(head[0])
        yield from self._unfinished_tiles()
        yield from self._head(head)

    def _entries(self, last: int) -> Iterator[Finding]:
        low, high = bounds(self._collection.id)
        newest = run(READERS, "newest_position", low=low, high=high)[0][0]
        there = number_of(newest) if newest else 0
        if there != last:
            yield Finding(self._place, f"the head says {last} entries, the log goes to {there}", _RESTORE_HEAD)
        for after in range(0, there, _TILE):
            most = min(after + _TILE, there)
            rows = run(
                READERS, "entries_between", low=position(self._collection.id, after + 1),
                high=position(self._collection.id, most),
            )  # fmt: skip
            tile = self._stored_tile(0, after // _TILE)
            leaves: list[bytes] = []
            for number, row in zip(range(after + 1, most + 1), _dense(rows, after + 1, most), strict=True):
                kept = tile[(number - after - 1) * HASH_BYTES : (number - after) * HASH_BYTES]
                leaves.append((yield from self._entry(number, row, kept)))
            yield from self._checkpoints(after, leaves)
            yield from self._grow(leaves)

    def _entry(self, number: int, row: Row | None, kept: bytes) -> Generator[Finding, None, bytes]:
        """Findings on one entry; returns its leaf, as the tree holds it where it does."""
        place = f"{self._place} entry {number}"
        if row is None:
            yield Finding(place, "missing: numbers are not dense", _TAMPERED)
            return kept or bytes(HASH_BYTES)
        added = row[1]
        if not self._added < added <= self._newest_stamp:
            yield Finding(place, "its stamp does not lie between the one before and the newest of the node", _TAMPERED)
        self._added = added
        if len(kept) != HASH_BYTES:
            yield Finding(place, "its leaf is not in the tree's tiles", "restore the databases from a backup")
        if row[9] is None and row[10] is None:
            return kept
        leaf = self._leaf(row)
        if leaf != kept:
            yield Finding(place, "its body, salt or header is not what was hashed into the tree", _TAMPERED)
        return kept if len(kept) == HASH_BYTES else leaf or bytes(HASH_BYTES)

    def _leaf(self, row: Row) -> bytes:
        """The hash of an entry as it lies there; b'' where it cannot be hashed at all."""
        try:
            body = opened(self._collection, row[0], row[10])
            entry = Entry(*row[:-1], body)  # type: ignore[call-arg]  # the statement's columns
            if body is None or entry.salt is None:
                return b""
            return leaf_hash(entry.salt, header_of(self._collection, entry), body)
        except (InvalidTag, ValueError):
            return b""

    def _stored_tile(self, level: int, number: int) -> bytes:
        row = one(READERS, "tile", collection=self._collection.id, level=level, number=number)
        return bytes(row[0]) if row else b""

    def _grow(self, leaves: list[bytes]) -> Iterator[Finding]:
        """Grow our own tree, and compare each tile above the leaves once it is full."""
        growth = grow(self._frontier, leaves, lambda level, _: self._tiles[level][1])
        self._frontier = growth.frontier
        for level, number, hashes in growth.tiles:
            self._tiles[level] = (number, hashes)
            if level and len(hashes) == _TILE_BYTES:
                yield from self._tile(level, number, hashes)

    def _tile(self, level: int, number: int, hashes: bytes) -> Iterator[Finding]:
        if self._stored_tile(level, number)[: len(hashes)] != hashes:
            yield Finding(f"{self._place} tile {level}/{number}", "it does not hold the hashes below it", _TAMPERED)

    def _unfinished_tiles(self) -> Iterator[Finding]:
        for level, (number, hashes) in self._tiles.items():
            if level and len(hashes) < _TILE_BYTES:
                yield from self._tile(level, number, hashes)

    def _checkpoints(self, after: int, leaves: list[bytes]) -> Iterator[Finding]:
        """Every checkpoint inside these leaves: signed, of this collection, and of this epoch with the right root."""
        rows = run(
            READERS, "checkpoints_between", collection=self._collection.id, low=after + 1, high=after + len(leaves)
        )
        frontier = self._frontier
        for epoch, size, root, note in rows:
            place = f"{self._place} checkpoint {size} of epoch {epoch}"
            frontier = frontier.extended(leaves[frontier.size - after : size - after])
            expected = Checkpoint(self._collection.uuid, epoch, size, bytes(root))
            try:
                signed = open_note(bytes(note), self._verifier)
            except BadInput as error:
                yield Finding(place, error.message, _TAMPERED)
                continue
            if signed != expected:
                yield Finding(place, "the signed note says something else than its row", _TAMPERED)
            if epoch == self._epoch and bytes(root) != frontier.root():
                yield Finding(place, "its root is not that of the log's first entries", _TAMPERED)

    def _head(self, head: Row) -> Iterator[Finding]:
        number, added, stored = head
        try:
            if Frontier.from_bytes(bytes(stored)) != self._frontier:
                yield Finding(self._place, "the frontier of its head is not that of its entries", _RESTORE_HEAD)
        except StoreError as error:
            yield Finding(self._place, error.message, _RESTORE_HEAD)
        if number and added != self._added:
            yield Finding(self._place, "the head's time is not that of its newest entry", _RESTORE_HEAD)
        newest = one(READERS, "newest_checkpoint", collection=self._collection.id)
        if number and (newest is None or newest[1] != number):
            yield Finding(self._place, "its newest checkpoint is not of its whole log", _RESTORE_HEAD)


def _dense(rows: list[Row], first: int, last: int) -> Iterator[Row | None]:
    """The rows by number from `first` to `last`; None where there is none."""
    found = {number_of(row[0]): row for row in rows}
    return (found.get(number) for number in range(first, last + 1))
