"""Signed checkpoints: the log's promise about one size, in the C2SP signed-note form that log tools read.

    7d1e5c0a-9c7e-4a55-8f0e-0d3b3c1f9a10      origin: the collection
    1024                                      size
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root
    epoch 1                                   extension: raised when a log is restored

    — shieldwall.example Az3grl…              name, base64(key id ‖ Ed25519 signature)

Signed are the four lines above the empty one.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shieldwall.errors import BadInput
from shieldwall.merkle.hashes import HASH_BYTES

NOTE_RULE = "C2SP signed-note"
CHECKPOINT_RULE = "C2SP tlog-checkpoint"
MAX_NOTE_BYTES = 16_384
MAX_COUNT = 2**63 - 1

_ED25519 = b"\x01"
_KEY_BYTES, _KEY_ID_BYTES, _SIGNATURE_BYTES = 32, 4, 64
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,18}")
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
_SIGNATURE = re.compile(rf"— ({_NAME.pattern}) ([A-Za-z0-9+/]+={{0,2}})")


class Checkpoint(msgspec.Struct, frozen=True):
    """The log `origin` (a collection's UUID) had `size` entries under `root` in its epoch `epoch`."""

    origin: str
    epoch: int
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not _UUID.fullmatch(self.origin):
            raise BadInput("the origin is not a collection's UUID in lower case", rule=CHECKPOINT_RULE)
        if not (0 <= self.size <= MAX_COUNT and 0 <= self.epoch <= MAX_COUNT):
            raise BadInput("size or epoch is out of range", rule=CHECKPOINT_RULE)
        if len(self.root) != HASH_BYTES:
            raise BadInput(f"the root has {len(self.root)} bytes, not {HASH_BYTES}", rule=CHECKPOINT_RULE)

    def note(self) -> bytes:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\nepoch {self.epoch}\n".encode()


class Verifier(msgspec.Struct, frozen=True):
    """A name and the Ed25519 public key (32 bytes) it signs with: all that a reader needs to trust."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadInput("the name of a key is empty, too long, or holds a space or '+'", rule=NOTE_RULE)
        if len(self.key) != _KEY_BYTES:
            raise BadInput(f"the key has {len(self.key)} bytes, not {_KEY_BYTES}", rule=NOTE_RULE)

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:_KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """One printable line: name+hash+base64."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.key)}"

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made `signature` over `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text)
        except (InvalidSignature, ValueError):  # ValueError: 32 bytes that are no point of the curve
            return False
        return True


def public_key_text(key: Ed25519PublicKey, name: str) -> str:
    """The line to print, publish and pin: what `parse_public_key` reads."""
    return Verifier(name, key.public_bytes_raw()).text


def parse_public_key(text: str) -> Verifier:
    """Read a verifier key line `name+hash+base64`. Raises BadInput where the hash does not fit name and key."""
    parts = text.strip().split("+", 2)
    key = _unbase64(parts[2]) if len(parts) == 3 else None
    if key is None or key[:1] != _ED25519:
        raise BadInput(
            "this is not the line of an Ed25519 verifier key",
            rule=NOTE_RULE,
            remedy="copy the whole line name+hash+key",
        )
    verifier = Verifier(parts[0], key[1:])
    if parts[1] != verifier.key_id.hex():
        raise BadInput("the hash in the key line does not fit", rule=NOTE_RULE, remedy="copy the line again")
    return verifier


def sign(checkpoint: Checkpoint, private_key: Ed25519PrivateKey, name: str) -> bytes:
    """The full signed note of `checkpoint`, signed as `name`."""
    verifier = Verifier(name, private_key.public_key().public_bytes_raw())
    text = checkpoint.note()
    signature = _base64(verifier.key_id + private_key.sign(text))
    return text + f"\n— {name} {signature}\n".encode()


def open_note(note: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a signed note, once `verifier`'s signature on it holds.

    Signatures of others (witnesses) are skipped unread, as the form demands. Raises BadInput where the note is
    malformed, not signed by `verifier`, or forged.
    """
    text, signatures = _parts(note)
    ours = [value for name, value in signatures if name == verifier.name and value[:_KEY_ID_BYTES] == verifier.key_id]
    if not ours:
        raise BadInput(f"the note is not signed by {verifier.name}", rule=NOTE_RULE, remedy="check the public key")
    if not all(verifier.signed(text.encode(), value[_KEY_ID_BYTES:]) for value in ours):
        raise BadInput(f"the signature of {verifier.name} does not hold", rule=NOTE_RULE)
    return _checkpoint(text)


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text and its signatures (name, key id ‖ signature)."""
    if len(note) > MAX_NOTE_BYTES:
        raise BadInput(f"the note is longer than {MAX_NOTE_BYTES} bytes", rule=NOTE_RULE)
    try:
        text, blank, block = note.decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise BadInput("the note is not UTF-8", rule=NOTE_RULE) from error
    if not blank or not block.endswith("\n"):
        raise BadInput("the note has no signatures after a blank line", rule=NOTE_RULE)
    return text + "\n", [_signature(line) for line in block[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE.fullmatch(line)
    value = _unbase64(match[2]) if match else None
    if match is None or value is None:
        raise BadInput("a signature line is malformed", rule=NOTE_RULE, where=line[:80])
    return match[1], value


def _checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 5 or not lines[3].startswith("epoch "):
        raise BadInput("a checkpoint has the four lines origin, size, root, epoch", rule=CHECKPOINT_RULE)
    root = _unbase64(lines[2])
    if root is None:
        raise BadInput("the root is not base64", rule=CHECKPOINT_RULE, where=lines[2][:80])
    return Checkpoint(lines[0], _count(lines[3].removeprefix("epoch ")), _count(lines[1]), root)


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise BadInput("a number is not written in plain decimals", rule=CHECKPOINT_RULE, where=text[:80])
    return int(text)


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _unbase64(text: str) -> bytes | None:
    """The bytes, or None unless `text` is their one canonical spelling: two notes must not mean one checkpoint."""
    try:
        value = b64decode(text, validate=True)
    except ValueError:
        return None
    return value if _base64(value) == text else None
