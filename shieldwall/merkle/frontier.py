"""The growing edge of a tree: what must be kept to append, and the tiles that an append writes.

A tile of level L holds up to 256 hashes of nodes at height 8·L: level 0 the leaves, level 1 the roots of full
level-0 tiles, and so on. Tile (L, i) starts at node 256·i. A full tile never changes; the last one of each level
is rewritten, longer, until it is full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from shieldwall.errors import StoreError
from shieldwall.merkle.hashes import HASH_BYTES, folded

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES

Tile = tuple[int, int, bytes]  # level, index, hashes side by side
ReadTile = Callable[[int, int], bytes]  # of level and index


class Frontier(msgspec.Struct, frozen=True):
    """The roots of the perfect subtrees that make up a tree of `size` leaves, from the largest (leftmost) down."""

    size: int
    peaks: tuple[bytes, ...]

    def root(self) -> bytes:
        """The root of the tree (RFC 9162 §2.1.1)."""
        return folded(self.peaks)

    def extended(self, leaves: Sequence[bytes]) -> Frontier:
        """The frontier after appending these leaf hashes."""
        return _climb(self, leaves)[0]

    def to_bytes(self) -> bytes:
        """For storing: the size as uint64be, then the peaks."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Frontier:
        """The frontier stored by `to_bytes`. Raises StoreError where the size and the number of peaks disagree."""
        size = int.from_bytes(stored[:8], "big")
        peaks = tuple(stored[at : at + HASH_BYTES] for at in range(8, len(stored), HASH_BYTES))
        if len(stored) != 8 + size.bit_count() * HASH_BYTES:
            raise StoreError("the stored frontier does not fit its size", rule="RFC 9162 §2.1.1")
        return cls(size, peaks)


EMPTY = Frontier(0, ())


class Growth(NamedTuple):
    """What appending a batch leaves behind: the new frontier, and every tile that is new or longer than before."""

    frontier: Frontier
    tiles: list[Tile]


def grow(frontier: Frontier, leaves: Sequence[bytes], read_tile: ReadTile) -> Growth:
    """Append leaf hashes to the tree of `frontier`.

    About one hash for each leaf, whatever the size of the tree. `read_tile(level, index)` is asked at most once a
    level, for the unfinished tile at its end. Raises StoreError where that tile is shorter than the tree says.
    """
    after, rows = _climb(frontier, leaves)
    tiles: list[Tile] = []
    for level, row in enumerate(rows):
        if row:
            tiles += _tiles(level, frontier.size >> (TILE_HEIGHT * level), row, read_tile)
    return Growth(after, tiles)


def hashes_of_tile(read_tile: ReadTile, level: int, index: int, count: int) -> bytes:
    """The first `count` hashes of a tile, which must be there."""
    hashes = read_tile(level, index)[: count * HASH_BYTES]
    if len(hashes) != count * HASH_BYTES:
        raise StoreError(
            f"tile {level}/{index} should hold {count} hashes but holds {len(hashes) // HASH_BYTES}",
            remedy="rebuild the tiles from the entries of the log",
        )
    return hashes


def _climb(frontier: Frontier, leaves: Sequence[bytes]) -> tuple[Frontier, list[Sequence[bytes]]]:
    """Build the new nodes height by height. Also gives the rows of new nodes at heights 0, 8, 16 …"""
    waiting = list(frontier.peaks)
    fresh_peaks: list[bytes] = []
    rows: list[Sequence[bytes]] = []
    row: Sequence[bytes] = leaves
    height, count = 0, frontier.size
    while row:
        if height % TILE_HEIGHT == 0:
            rows.append(row)
        if count & 1:
            row = [waiting.pop(), *row]
        if len(row) & 1:
            fresh_peaks.append(row[-1])
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        height, count = height + 1, count >> 1
    peaks = (*waiting, *reversed(fresh_peaks))
    return Frontier(frontier.size + len(leaves), peaks), rows


def _tiles(level: int, start: int, row: Sequence[bytes], read_tile: ReadTile) -> list[Tile]:
    """The tiles of one level that hold the new nodes `row`, the first of which has number `start`."""
    index, filled = divmod(start, TILE_WIDTH)
    before = hashes_of_tile(read_tile, level, index, filled) if filled else b""
    hashes = before + b"".join(row)
    return [
        (level, index + number, hashes[at : at + TILE_BYTES])
        for number, at in enumerate(range(0, len(hashes), TILE_BYTES))
    ]
