"""Verifying a log, trusting a public key and nothing that the node says.

Every entry is read and hashed anew; the tree of those hashes must have the root that the key signed. With what the last
verification kept, the log must also have grown only. Whatever does not hold is told with the first entry that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from shieldwall.cli.remote.client import Client
from shieldwall.cli.remote.kept import KeptLog, first_difference, marks_of
from shieldwall.errors import Absent, BadInput
from shieldwall.merkle import (
    EMPTY,
    HASH_BYTES,
    SALT_BYTES,
    Checkpoint,
    Frontier,
    Verifier,
    leaf_hash,
    open_note,
    verify_consistency,
    verify_inclusion,
)  # fmt: skip

PAGE = 1000
_KINDS = ("object", "withdrawal", "act")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fault(Exception):
    """Something does not hold; `number` is the first entry that is wrong, None where that cannot be told."""

    def __init__(self, reason: str, number: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.number = number


class Found(msgspec.Struct):
    """What was found of one log. `withdrawn` entries have only their hash left. `kept` is what to keep if it holds."""

    collection: str
    size: int = 0
    epoch: int = 0
    root: str = ""
    withdrawn: int = 0
    consistent_from: int | None = None
    notices: list[str] = []
    fault: str = ""
    first_bad: int | None = None
    kept: KeptLog | None = None

    @property
    def holds(self) -> bool:
        """Whether everything held."""
        return not self.fault


class Entry(msgspec.Struct):
    """An entry as the node tells it; bytes come in base64, `leaf` in hexadecimal."""

    number: int
    added: str
    kind: str
    header: bytes
    salt: bytes | None
    body: bytes | None
    leaf: str


class _Entries(msgspec.Struct):
    more: bool
    size: int
    entries: list[Entry]


class _Epoch(msgspec.Struct):
    """Where an epoch of the log began, and the first note that was signed in it."""

    epoch: int
    began: int
    note: str


class Log:
    """One collection's log at a node, as `verifier` vouches for it."""

    def __init__(self, client: Client, collection: str, verifier: Verifier) -> None:
        self._client = client
        self._path = f"/collections/{quote(collection, safe='')}"
        self._collection = collection
        self._verifier = verifier
        self._epochs: list[_Epoch] = []

    def verify(self, before: KeptLog | None, newest_epoch: int = 0) -> Found:
        """Verify every entry, and that the log has only grown since `before`.

        `newest_epoch` is the newest that a signed checkpoint of the same node was of: it explains a log that is gone.
        """
        found = Found(self._collection)
        walk = _Walk(self._collection)
        try:
            self._verify(found, walk, before, newest_epoch)
        except Fault as fault:
            found.fault, found.first_bad = fault.reason, fault.number
            changed = first_difference(before.marks, marks_of(walk.leaves)) if before else None
            if changed is not None and changed < (fault.number or changed + 1) and not found.notices:
                found.fault = f"entry {changed} is not what it was when you last verified; also: {fault.reason}"
                found.first_bad = changed
        return found

    def _verify(self, found: Found, walk: _Walk, before: KeptLog | None, newest_epoch: int) -> None:
        note, signed = self._checkpoint()
        old = self._opened(before.note) if before else None
        if signed is None:
            if old is not None and old.size and old.epoch < newest_epoch:
                found.notices.append(
                    f"epoch {newest_epoch} has begun: the node was restored from a backup that has nothing of this"
                    f" log; {old.size} entries that you kept are no longer in it"
                )
                return
            if old is not None and old.size:
                raise Fault(f"the log is empty; it had {old.size} entries when you last verified", 1)
            found.notices.append("nothing is in this collection yet")
            return
        head = self._read(walk, signed.size)
        if head > signed.size:  # it grew while being read, or was made to grow without a signature
            note, signed = self._checkpoint_again(signed, head)
            self._read(walk, signed.size)
        found.size, found.epoch, found.root = signed.size, signed.epoch, signed.root.hex()
        found.withdrawn = walk.opaque
        if old is not None and before is not None:
            self._compare(found, walk, old, before, signed)
        if walk.fault is not None:
            raise walk.fault
        if walk.frontier.root() != signed.root:
            raise Fault("its entries do not make up the root that was signed; which one was changed cannot be told")
        found.kept = KeptLog(note, marks_of(walk.leaves))

    def _checkpoint(self) -> tuple[bytes, Checkpoint | None]:
        try:
            answer = self._client.get(f"{self._path}/checkpoint")
        except Absent:
            return b"", None
        self._epochs = msgspec.convert(answer.get("epochs", []), type=list[_Epoch])
        note = str(answer["note"]).encode()
        return note, self._opened(note)

    def _opened(self, note: bytes) -> Checkpoint:
        try:
            checkpoint = open_note(note, self._verifier)
        except BadInput as problem:
            raise Fault(f"the checkpoint does not hold: {problem}") from problem
        if checkpoint.origin != self._collection:
            raise Fault(f"the checkpoint is that of another collection, {checkpoint.origin}")
        return checkpoint

    def _checkpoint_again(self, first: Checkpoint, head: int) -> tuple[bytes, Checkpoint]:
        note, signed = self._checkpoint()
        if signed is None or signed.size < head:
            at = (signed or first).size + 1
            raise Fault(f"entry {at} is under no signed checkpoint", at)
        return note, signed

    def _read(self, walk: _Walk, size: int) -> int:
        """Read up to entry `size`; how many entries the node says there are."""
        head = size
        while walk.reached < size:
            raw = self._client.text(f"{self._path}/entries", after=walk.reached, limit=min(PAGE, size - walk.reached))
            page = _decoded(raw)
            head = page.size
            if not page.entries:
                raise Fault(f"entry {walk.reached + 1} is missing: {size} were signed", walk.reached + 1)
            walk.add(page.entries)
        return head

    def _compare(self, found: Found, walk: _Walk, old: Checkpoint, before: KeptLog, signed: Checkpoint) -> None:
        """That the log has only grown since `before`; a restored log has begun a new epoch, which is no fault."""
        changed = first_difference(before.marks, marks_of(walk.leaves))
        if signed.epoch > old.epoch:
            began = self._beginning(walk, old.epoch)
            if changed is not None and changed <= began:
                raise Fault(
                    f"entry {changed} is not what it was when you last verified; the node was restored, but to what it"
                    f" was at entry {began}", changed,
                )  # fmt: skip
            same = min(old.size, began)
            found.notices.append(
                f"epoch {signed.epoch} has begun: the node was restored; its first {same} entries are those you kept,"
                f" {old.size - same} that you kept are no longer in it"
            )
            return
        if signed.epoch < old.epoch:
            raise Fault(f"the node went back from epoch {old.epoch} to epoch {signed.epoch}", changed)
        if changed is not None:
            raise Fault(f"entry {changed} is not what it was when you last verified", changed)
        if signed.size < old.size:
            raise Fault(f"the log shrank from {old.size} to {signed.size} entries", signed.size + 1)
        if old.size and not self._is_continued(old, signed):
            raise Fault(f"the node cannot prove that its first {old.size} entries are those you verified")
        found.consistent_from = old.size

    def _beginning(self, walk: _Walk, old: int) -> int:
        """How many entries the log had when the first epoch after `old` began, as a signed checkpoint of it says."""
        later = [one for one in self._epochs if one.epoch > old]
        if not later:
            raise Fault(f"the node does not say where its log went on after epoch {old}")
        began, note = later[0].began, self._opened(later[0].note.encode())
        if not began:
            return 0
        root = EMPTY.extended(walk.hashes(began)).root()
        if (note.epoch, note.size, note.root) != (later[0].epoch, began, root):
            raise Fault(f"no signed checkpoint holds for the {began} entries with which epoch {later[0].epoch} began")
        return began

    def _is_continued(self, old: Checkpoint, signed: Checkpoint) -> bool:
        answer = self._client.get(f"{self._path}/consistency", **{"from": old.size, "to": signed.size})
        return verify_consistency(old.size, old.root, signed.size, signed.root, _hashes(answer["path"]))

    def verify_entry(self, number: int) -> Found:
        """Verify that one entry is in the log, by the path from it to the signed root."""
        found = Found(self._collection)
        answer = self._client.get(f"{self._path}/entries/{number}/proof")
        try:
            self._verify_entry(found, number, answer)
        except Fault as fault:
            found.fault, found.first_bad = fault.reason, number
        return found

    def _verify_entry(self, found: Found, number: int, answer: dict[str, Any]) -> None:
        signed = self._opened(answer["note"].encode())
        entry = msgspec.convert({**answer, "added": "", "kind": ""}, type=Entry)
        header = _header(entry.header, number)
        if header[:2] != [self._collection, number]:
            raise Fault(f"its header says it is entry {header[1]} of {header[0]}")
        leaf = _leaf(entry)
        found.size, found.epoch, found.root = signed.size, signed.epoch, signed.root.hex()
        found.withdrawn = int(entry.body is None)
        if not verify_inclusion(leaf, number - 1, signed.size, _hashes(answer["path"]), signed.root):
            raise Fault(f"entry {number} is not in the tree whose root was signed")


class _Walk:
    """Entries on their way past: each judged, its leaf hash added to the tree. The first fault is kept, not raised,
    because a fault found behind may be the consequence of one that only the kept marks show."""

    def __init__(self, collection: str) -> None:
        self._collection = collection
        self._added = -1
        self.reached = 0
        self.leaves = bytearray()
        self.frontier: Frontier = EMPTY
        self.opaque = 0
        self.fault: Fault | None = None

    def add(self, entries: list[Entry]) -> None:
        """Judge the entries that follow."""
        leaves = [self._leaf_of(entry) for entry in entries]
        self.leaves += b"".join(leaves)
        self.frontier = self.frontier.extended(leaves)

    def hashes(self, count: int) -> list[bytes]:
        """The leaves of the first `count` entries, or of as many as there are."""
        end = min(count * HASH_BYTES, len(self.leaves))
        return [bytes(self.leaves[at : at + HASH_BYTES]) for at in range(0, end, HASH_BYTES)]

    def _leaf_of(self, entry: Entry) -> bytes:
        expected = self.reached + 1
        if entry.number != expected:
            raise Fault(f"entry {expected} is missing: entry {entry.number} comes in its place", expected)
        self.reached = expected
        self.opaque += entry.body is None
        try:
            leaf = _leaf(entry)
            self._judge(entry, leaf)
        except Fault as fault:
            self.fault = self.fault or fault
        return leaf

    def _judge(self, entry: Entry, leaf: bytes) -> None:
        header = _header(entry.header, entry.number)
        collection, number, added, kind = header[:4]
        if leaf.hex() != entry.leaf:
            raise Fault(f"entry {entry.number} was changed: its hash is not the one in the tree", entry.number)
        if (collection, number) != (self._collection, entry.number):
            raise Fault(f"entry {entry.number} says of itself that it is {number} of {collection}", entry.number)
        if not 0 <= kind < len(_KINDS) or _KINDS[kind] != entry.kind or _timestamp(added) != entry.added:
            raise Fault(
                f"entry {entry.number} is shown with another kind or time than it was hashed with", entry.number
            )
        if added <= self._added:
            raise Fault(f"entry {entry.number} is dated no later than the one before it", entry.number)
        self._added = added


def _decoded(raw: bytes) -> _Entries:
    try:
        return msgspec.json.decode(raw, type=_Entries)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Fault(f"the node's entries cannot be understood: {problem}") from problem


def _header(raw: bytes, number: int) -> list[Any]:
    try:
        collection, number_said, added, kind, *rest = msgspec.json.decode(raw, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as problem:
        raise Fault(f"entry {number} has a header that cannot be read", number) from problem
    if not all(type(one) is int for one in (number_said, added, kind)):
        raise Fault(f"entry {number} has a header that cannot be read", number)
    return [collection, number_said, added, kind, *rest]


def _leaf(entry: Entry) -> bytes:
    """The entry hashed anew; of what was withdrawn or erased, the hash that is left of it."""
    if entry.salt is not None and entry.body is not None and len(entry.salt) == SALT_BYTES:
        return leaf_hash(entry.salt, entry.header, entry.body)
    return _hashes([entry.leaf])[0]


def _hashes(texts: list[str]) -> list[bytes]:
    try:
        found = [bytes.fromhex(text) for text in texts]
    except (ValueError, TypeError) as problem:
        raise Fault("a hash that is no hexadecimal") from problem
    if any(len(one) != HASH_BYTES for one in found):
        raise Fault("a hash of the wrong length")
    return found


def _timestamp(moment: int) -> str:
    """µs since the epoch as the API writes it."""
    return (_EPOCH + timedelta(microseconds=moment)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def collections_at(client: Client) -> Iterator[dict[str, Any]]:
    """The logs that may be verified: every collection but the virtual one, which is a view of the others."""
    return (one for one in client.get("/collections")["collections"] if not one["virtual"])
