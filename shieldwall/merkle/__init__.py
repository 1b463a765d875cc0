"""The tree over a log: salted leaves, RFC 9162 hashes and proofs, tiles of height 8, signed checkpoints.

A log that grows keeps two things: a `Frontier` (a few hashes, read and written with each commit) and its tiles
(all hashes, read when somebody asks for a proof). `grow` gives both for a whole batch of leaves at once.
"""

from __future__ import annotations

from shieldwall.merkle.checkpoint import (
    Checkpoint,
    Verifier,
    open_note,
    parse_public_key,
    public_key_text,
    sign,
)
from shieldwall.merkle.frontier import EMPTY, Frontier, Growth, Tile, grow
from shieldwall.merkle.hashes import EMPTY_ROOT, HASH_BYTES, SALT_BYTES, leaf_hash, node_hash
from shieldwall.merkle.proofs import verify_consistency, verify_inclusion
from shieldwall.merkle.tree import Tree

__all__ = [
    "EMPTY",
    "EMPTY_ROOT",
    "HASH_BYTES",
    "SALT_BYTES",
    "Checkpoint",
    "Frontier",
    "Growth",
    "Tile",
    "Tree",
    "Verifier",
    "grow",
    "leaf_hash",
    "node_hash",
    "open_note",
    "parse_public_key",
    "public_key_text",
    "sign",
    "verify_consistency",
    "verify_inclusion",
]
