"""Requests of a size that a node takes at once, each with a key under which it is admitted only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

import msgspec

from shieldwall.cli.remote.scanner import pieces
from shieldwall.cli.remote.sources import Source
from shieldwall.errors import BadInput

MOST_OBJECTS = 5_000
MOST_BYTES = 8 << 20
_HEAD, _TAIL = b'{"objects":[', b"]}"


class Item(msgspec.Struct, frozen=True):
    """One object, and where it came from."""

    source: str
    offset: int
    raw: bytes

    @property
    def where(self) -> str:
        """Its place, for a person."""
        return f"{self.source} byte {self.offset + 1}"


class Batch(msgspec.Struct, frozen=True):
    """Objects that go in one request."""

    items: tuple[Item, ...]
    reached: int

    @property
    def body(self) -> bytes:
        """The TAXII envelope that is sent."""
        return _HEAD + b",".join(item.raw for item in self.items) + _TAIL

    def key(self, run: str) -> str:
        """The idempotency key: the same for the same objects from the same place in the same run, else another."""
        first = self.items[0]
        digest = blake2b(f"{run}\0{first.source}\0{first.offset}\0".encode(errors="surrogateescape"), digest_size=16)
        for item in self.items:
            digest.update(len(item.raw).to_bytes(8))
            digest.update(item.raw)
        return f"cli-{digest.hexdigest()}"


def items(sources: Iterable[Source], unsound: Callable[[Source, BadInput], None]) -> Iterator[Item]:
    """Every object of every source. One that is no JSON, or no longer is, goes to `unsound`; the others go on."""
    for source in sources:
        try:
            with source.open() as stream:
                for piece in pieces(stream):
                    yield Item(source.shown, piece.offset, piece.raw)
        except BadInput as error:
            unsound(source, _advised(error))


def _advised(error: BadInput) -> BadInput:
    """Say what is wanted, to those who sent something else than JSON."""
    if error.remedy or error.rule != "json":
        return error
    remedy = "send STIX 2.1 as JSON: a bundle, a list, an object, or one object a line"
    return BadInput(error.message, rule=error.rule, where=error.where, remedy=remedy)


def batches(every: Iterable[Item], *, objects: int = MOST_OBJECTS, size: int = MOST_BYTES) -> Iterator[Batch]:
    """`every` in order, cut into batches of at most `objects` and `size` bytes; one object alone may be larger."""
    held: list[Item] = []
    weight, reached = 0, 0
    for item in every:
        more = len(item.raw) + 1
        if held and (len(held) == objects or weight + more > size):
            yield Batch(tuple(held), reached)
            held, weight = [], 0
        held.append(item)
        weight += more
        reached += more
    if held:
        yield Batch(tuple(held), reached)
