"""What a reader who trusts only a root checks. The proof's shape is not trusted: anything wrong is False.

A proof binds hashes, not sizes: a size is believed because a signed checkpoint names it beside the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest

from shieldwall.merkle.hashes import EMPTY_ROOT, HASH_BYTES, node_hash


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows the leaf hash `leaf` at `index` (from 0) of the tree of `size` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    node, last, above = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            above = node_hash(sibling, above)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            above = node_hash(above, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and compare_digest(above, root)


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `old` leaves is the beginning of that of `new` (RFC 9162 §2.1.4.2).

    The standard asks for 0 < old < new. Of an empty old tree, or of two trees of one size, nothing is to be proved:
    the proof must be empty and the roots what they must be.
    """
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and compare_digest(old_root, new_root) and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and compare_digest(old_root, EMPTY_ROOT)
    return bool(proof) and _leads_to_both(old, old_root, new, new_root, proof)


def _leads_to_both(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and compare_digest(first, old_root) and compare_digest(second, new_root)


def _are_hashes(*values: bytes) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)
