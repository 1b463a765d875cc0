"""Collections as values."""

from __future__ import annotations

import msgspec

from shieldwall.store.connector import Row, one

REGISTER = "register"


class Collection(msgspec.Struct, frozen=True):
    """A collection: internal number, public UUIDv4, audience as canonical text, kind, when it was made (µs)."""

    id: int
    uuid: str
    audience: str
    kind: str
    created: int

    @classmethod
    def of(cls, row: Row) -> Collection:
        """From a row of `collection`."""
        return cls(*row)

    @property
    def is_sealed(self) -> bool:
        """Bodies are encrypted at rest and nothing of them is indexed."""
        return self.kind == "sealed"


def collection_by_uuid(alias: str, uuid: str) -> Collection | None:
    """The collection of that public id, whoever may read it."""
    row = one(alias, "collection_by_uuid", uuid=uuid)
    return Collection.of(row) if row else None


def collection_by_id(alias: str, number: int) -> Collection:
    """The collection of that internal number."""
    row = one(alias, "collection_by_id", id=number)
    assert row is not None, "positions name collections that exist"
    return Collection.of(row)
