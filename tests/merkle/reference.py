"""A log in memory: tiles in a dictionary, grown in batches, beside RFC 9162's own recursive definition."""

from __future__ import annotations

from hashlib import sha256

from shieldwall.merkle import EMPTY, Frontier, Tree, grow


def made_leaves(count: int) -> list[bytes]:
    return [sha256(b"leaf %d" % number).digest() for number in range(count)]


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    middle = 1
    while middle * 2 < size:
        middle *= 2
    return middle


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return sha256(b"\x01" + defined_root(leaves[:middle]) + defined_root(leaves[middle:])).digest()


def defined_inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1."""
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    if index < middle:
        return [*defined_inclusion(index, leaves[:middle]), defined_root(leaves[middle:])]
    return [*defined_inclusion(index - middle, leaves[middle:]), defined_root(leaves[:middle])]


def defined_consistency(old: int, leaves: list[bytes], known: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF of RFC 9162 §2.1.4.1; `known` where the verifier holds the subtree's root already."""
    if old == len(leaves):
        return [] if known else [defined_root(leaves)]
    middle = split(len(leaves))
    if old <= middle:
        return [*defined_consistency(old, leaves[:middle], known), defined_root(leaves[middle:])]
    return [*defined_consistency(old - middle, leaves[middle:], False), defined_root(leaves[:middle])]


class Log:
    """A stored tree, as the store keeps it."""

    def __init__(self) -> None:
        self.frontier: Frontier = EMPTY
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.reads: list[tuple[int, int]] = []

    def append(self, leaves: list[bytes]) -> list[tuple[int, int]]:
        growth = grow(self.frontier, leaves, self.read_tile)
        self.frontier = growth.frontier
        self.tiles.update({(level, index): hashes for level, index, hashes in growth.tiles})
        return [(level, index) for level, index, _ in growth.tiles]

    def read_tile(self, level: int, index: int) -> bytes:
        self.reads.append((level, index))
        return self.tiles[level, index]

    def tree(self) -> Tree:
        return Tree(self.frontier.size, self.read_tile)
