"""What programs and browsers carry to say who they are, and how it is recognised.

    swk_<8: id>_<43: 32 random bytes><6: checksum>     a service key
    sws_<43: 32 random bytes><6: checksum>             a session of a person who signed in

Letters and digits only, so that a double click takes all of it; a fixed prefix and a CRC-32 in base 62, so that secret
scanners find a leaked one and are seldom wrong. Thirty-two random bytes need no slow hash: SHA-256 of the whole text is
kept, compared in constant time, and opens nothing to whoever reads the database.
"""

from __future__ import annotations

import re
from hashlib import sha256
from zlib import crc32

from shieldwall.store import node

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(r"(?:swk_([0-9a-z]{8})|sws)_[0-9A-Za-z]{49}", re.ASCII)
ID_LENGTH = 8


def new_key_id(member: str) -> str:
    """Eight random characters: what tables, logs and people call a key by."""
    return _in_base(int.from_bytes(node().random(8, f"key {member}")) % 36**ID_LENGTH, _ID_DIGITS, ID_LENGTH)


def new_key(key_id: str) -> str:
    """A fresh service key of that id."""
    return _sealed(f"swk_{key_id}_{_secret(key_id)}")


def new_session(username: str) -> str:
    """A fresh session token for that person."""
    return _sealed(f"sws_{_secret(username)}")


def recognise(credential: str) -> tuple[bool, str] | None:
    """(True, key id) or (False, '') for a session; None for what we never gave out."""
    found = _SHAPE.fullmatch(credential)
    if found is None or credential[-6:] != _checksum(credential[:-6]):
        return None
    return found[1] is not None, found[1] or ""


def digest(credential: str) -> bytes:
    """What is kept of a credential."""
    return sha256(credential.encode()).digest()


def _secret(holder: str) -> str:
    return _in_base(int.from_bytes(node().random(32, f"secret {holder}")), _DIGITS, 43)


def _sealed(text: str) -> str:
    return text + _checksum(text)


def _checksum(text: str) -> str:
    return _in_base(crc32(text.encode()), _DIGITS, 6)


def _in_base(number: int, digits: str, length: int) -> str:
    written = ""
    for _ in range(length):
        number, digit = divmod(number, len(digits))
        written = digits[digit] + written
    return written
