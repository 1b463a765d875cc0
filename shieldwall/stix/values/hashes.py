"""Fingerprints of files: digests in hexadecimal, told apart by length or by name, ssdeep and TLSH."""

from __future__ import annotations

import re

from shieldwall.stix.values.spelling import spelled_out
from shieldwall.stix.values.value import Value

DIGITS = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "sha3-224": 56,
    "sha3-256": 64,
    "sha3-384": 96,
    "sha3-512": 128,
}
# A bare digest is taken for the common family of its length; SHA-3 has to be named (`sha3-256:…`).
_BY_LENGTH = {digits: kind for kind, digits in DIGITS.items() if not kind.startswith("sha3-")}
_KINDS = {kind.replace("-", ""): kind for kind in (*DIGITS, "ssdeep", "tlsh")}
_EXACT = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-512": "sha512",
    "SHA3-256": "sha3-256",
    "SHA3-512": "sha3-512",
    "SSDEEP": "ssdeep",
    "TLSH": "tlsh",
}
_HEX = re.compile(r"[0-9a-f]{32,128}")
_PAIRS = re.compile(r"[0-9a-f]{2}(?:[:\s-][0-9a-f]{2}){15,63}")
_SEPARATORS = re.compile(r"[:\s-]")
_SSDEEP = re.compile(r"([1-9][0-9]{0,9}):([A-Za-z0-9+/]{0,64}):([A-Za-z0-9+/]{0,64})(?:,\".*\")?")
_TLSH = re.compile(r"(?:T1)?([0-9A-F]{70})", re.IGNORECASE)
_LEAST_SSDEEP_PART = 5  # an IPv6 group has at most four


def hash_kind(name: str) -> str:
    """The kind for a key of STIX's `hashes`, however spelled; '' for other algorithms (imphash, authentihash …)."""
    return _EXACT.get(name) or _KINDS.get(name.lower().replace("-", "").replace("_", ""), "")


def read_hash(kind: str, text: str) -> Value | None:
    """A fingerprint of this kind; nothing where its length belongs to another."""
    if kind == "ssdeep":
        return _ssdeep(text, 0)
    if kind == "tlsh":
        return _tlsh(text)
    digits = text if _HEX.fullmatch(text) else _digits(text)
    return Value(kind, digits) if len(digits) == DIGITS[kind] else None


def find_hash(text: str) -> Value | None:
    """A fingerprint of whatever kind `text` has the form of."""
    return find_digest(_digits(text)) or _tlsh(text) or _ssdeep(text, _LEAST_SSDEEP_PART)


def find_digest(digits: str) -> Value | None:
    """A digest in normal form, of the kind its length tells."""
    kind = _BY_LENGTH.get(len(digits))
    return Value(kind, digits) if kind and _HEX.fullmatch(digits) else None


def _digits(text: str) -> str:
    plain = spelled_out(text).lower().removeprefix("0x")
    if _PAIRS.fullmatch(plain):
        plain = _SEPARATORS.sub("", plain)
    return plain if _HEX.fullmatch(plain) else ""


def _tlsh(text: str) -> Value | None:
    """Old and new spelling of one digest: version 4 of the tool put `T1` before it."""
    found = _TLSH.fullmatch(spelled_out(text))
    return Value("tlsh", "T1" + found[1].upper()) if found else None


def _ssdeep(text: str, least: int) -> Value | None:
    """Case means something here. The file name that the tool prints behind goes."""
    found = _SSDEEP.fullmatch(text.strip())
    if found is None or len(found[2]) < least or not _is_block_size(int(found[1])):
        return None
    return Value("ssdeep", f"{found[1]}:{found[2]}:{found[3]}")


def _is_block_size(size: int) -> bool:
    return size % 3 == 0 and (size // 3).bit_count() == 1
