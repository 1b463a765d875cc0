"""Keys of the indexes: sixteen bytes for an id, a value or a word.

Values and words are hashed under a secret of the node, so that a stolen index answers no dictionary.
"""

from __future__ import annotations

from hashlib import blake2b

from shieldwall.store.node import node

KEY_BYTES = 16


def id_key(stix_id: str) -> bytes:
    """The key of a STIX id."""
    return blake2b(stix_id.encode(), digest_size=KEY_BYTES).digest()


def value_key(kind: str, normal: str) -> bytes:
    """The key of a value in its normal form."""
    return blake2b(f"{kind}\0{normal}".encode(), digest_size=KEY_BYTES, key=node().secret("index")).digest()


def word_key(word: str) -> bytes:
    """The key of a word as `stix.words_in` gives it."""
    return blake2b(word.encode(), digest_size=KEY_BYTES, key=node().secret("index"), person=b"word").digest()
