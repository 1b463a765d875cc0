"""Positions: collection × 2^40 + number, so that one integer key keeps a collection's entries side by side."""

from __future__ import annotations

SHIFT = 40
MASK = (1 << SHIFT) - 1


def position(collection: int, number: int) -> int:
    """Where entry `number` of `collection` lies."""
    return collection << SHIFT | number


def collection_of(place: int) -> int:
    """The collection of a position."""
    return place >> SHIFT


def number_of(place: int) -> int:
    """The number of a position within its collection."""
    return place & MASK


def bounds(collection: int) -> tuple[int, int]:
    """First and last position any entry of `collection` can have, both inclusive."""
    return collection << SHIFT | 1, collection << SHIFT | MASK
