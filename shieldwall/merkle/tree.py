"""Roots and proofs of a stored tree, read from its tiles (RFC 9162 §2.1.3.1 and §2.1.4.1)."""

from __future__ import annotations

from shieldwall.errors import BadInput
from shieldwall.merkle.frontier import TILE_HEIGHT, TILE_WIDTH, ReadTile, hashes_of_tile
from shieldwall.merkle.hashes import HASH_BYTES, folded, node_hash


class Tree:
    """A tree of `size` leaves whose tiles `read_tile(level, index)` gives.

    Reads each tile once and keeps what it computed: make one for a request, not for a process. Roots and proofs
    may be asked for any earlier size as well.
    """

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self.size = size
        self._read_tile = read_tile
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """Root of the first `size` leaves."""
        self._check(size)
        return self._root_of(0, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that leaf `index` (from 0) is in the tree of the first `size` leaves, nearest sibling first."""
        self._check(size)
        if not 0 <= index < size:
            raise BadInput(f"there is no leaf {index} in a tree of {size}", rule="RFC 9162 §2.1.3.1")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _left_width(end - start)
            if index < middle:
                path.append(self._root_of(middle, end))
                end = middle
            else:
                path.append(self._root_of(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of `old` leaves is the beginning of the tree of `new` leaves.

        Empty where there is nothing to prove: `old` is 0 or equals `new`.
        """
        self._check(new)
        if not 0 <= old <= new:
            raise BadInput(f"a tree of {old} cannot precede a tree of {new}", rule="RFC 9162 §2.1.4.1")
        if old in (0, new):
            return []
        path: list[bytes] = []
        start, end = 0, new
        while end != old:
            middle = start + _left_width(end - start)
            if old <= middle:
                path.append(self._root_of(middle, end))
                end = middle
            else:
                path.append(self._root_of(start, middle))
                start = middle
        if start:  # where the old tree is one of the subtrees on the left edge, the verifier holds its root already
            path.append(self._root_of(start, end))
        return path[::-1]

    def _check(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise BadInput(f"the tree has {self.size} leaves, not {size}", remedy=f"ask for 0 to {self.size}")

    def _root_of(self, start: int, end: int) -> bytes:
        """Root over leaves `start` to `end`; `start` is a multiple of a power of two not below the width."""
        peaks = []
        while start < end:
            height = (end - start).bit_length() - 1
            peaks.append(self._node(height, start >> height))
            start += 1 << height
        return folded(peaks)

    def _node(self, height: int, index: int) -> bytes:
        """The node with this number among the perfect subtrees of this height."""
        known = self._nodes.get((height, index))
        if known is None:
            known = self._nodes[height, index] = self._computed(height, index)
        return known

    def _computed(self, height: int, index: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        tile, first = divmod(index << above, TILE_WIDTH)
        hashes = self._tile(level, tile)
        row = [hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(first, first + (1 << above))]
        while len(row) > 1:
            row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    def _tile(self, level: int, index: int) -> bytes:
        hashes = self._tiles.get((level, index))
        if hashes is None:
            count = min(TILE_WIDTH, (self.size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH)
            hashes = self._tiles[level, index] = hashes_of_tile(self._read_tile, level, index, count)
        return hashes


def _left_width(width: int) -> int:
    """The largest power of two below `width`: where RFC 9162 §2.1.1 splits a tree."""
    return 1 << ((width - 1).bit_length() - 1)
