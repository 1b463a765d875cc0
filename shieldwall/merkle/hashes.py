"""The two hashes of the tree (RFC 9162 §2.1.1). Their first byte keeps a leaf from passing as a node."""

from __future__ import annotations

from hashlib import sha256

HASH_BYTES = 32
SALT_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(salt: bytes, header: bytes, body: bytes) -> bytes:
    """Hash of one entry: SHA-256(0x00 ‖ salt ‖ uint32be(len(header)) ‖ header ‖ body).

    `salt` is 32 random bytes, given only with the entry: without them a neighbour's leaf in a proof could be
    guessed. The length before the header makes where it ends part of what is hashed.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(b"".join((b"\x00", salt, len(header).to_bytes(4, "big"), header, body))).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def folded(peaks: list[bytes] | tuple[bytes, ...]) -> bytes:
    """Root over perfect subtrees given left to right, each smaller than the one before; of none, the empty root."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for left in reversed(peaks[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root
