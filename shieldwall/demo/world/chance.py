"""Seeded chance: the same seed gives the same world, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A named stream of chance. Streams of one seed do not disturb one another."""

    def __init__(self, seed: str, stream: str = "") -> None:
        super().__init__(f"{seed}\x1f{stream}")

    def often(self, share: float) -> bool:
        """True in `share` of the cases."""
        return self.random() < share

    def one(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def some(self, items: Sequence[T], least: int, most: int) -> list[T]:
        """Between `least` and `most` different items, fewer where there are no more."""
        return self.sample(items, min(len(items), self.randint(least, most)))

    def weighted(self, weights: Mapping[T, float]) -> T:
        return self.choices(list(weights), list(weights.values()))[0]

    def skewed(self, low: float, high: float) -> float:
        """Between the two, small values far more often than large ones."""
        return float(low * (high / low) ** (self.random() ** 1.6))

    def uuid(self) -> str:
        """A version 4 UUID."""
        return shaped_as_v4(self.getrandbits(128))

    def hexes(self, length: int) -> str:
        return f"{self.getrandbits(4 * length):0{length}x}"


def shaped_as_v4(number: int) -> str:
    """128 bits in the shape of a version 4 UUID: ids made from a name look like ids made by chance."""
    digits = f"{number & ~(0xF << 76) & ~(0x3 << 62) | 0x4 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def unique(items: Iterable[T]) -> list[T]:
    """The items in order, each once."""
    return list(dict.fromkeys(items))
