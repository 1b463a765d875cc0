"""One observable value in its normal form, and the kinds there are."""

from __future__ import annotations

import msgspec

KINDS = (
    "ipv4",
    "ipv6",
    "cidr",
    "domain",
    "url",
    "email",
    "mac",
    "asn",
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
    "ssdeep",
    "tlsh",
    "cve",
    "attack-id",
    "cpe",
    "certificate-serial",
    "mutex",
    "message-id",
)

MAX_URL_CHARACTERS = 65_536
MAX_CHARACTERS = 4_096  # of anything else: the longest, a mutex or a message id, stays far below


class Value(msgspec.Struct, frozen=True):
    """What an object speaks of: `kind` is one of KINDS, `normal` its one spelling. Equal values are equal here."""

    kind: str
    normal: str
