"""Weighing: a page ends before it holds more megabytes than a process should have in hand for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from shieldwall.store import READERS, Readable, number_of, position, run

MOST_BYTES = 16 << 20
"""Of objects above 16 KiB; a thousand others are no more than that again."""


def last_that_fits(one: Readable, start: int) -> int:
    """The last number of a collection, from `start` on, that a page can hold; at least one."""
    low, high = position(one.collection.id, start), position(one.collection.id, one.number)
    over = _first_over(run(READERS, "heavy_between", low=low, high=high))
    return one.number if over is None else max(start, number_of(over) - 1)


def how_many_fit(positions: Sequence[int]) -> int:
    """How many of `positions`, in their order, a page can hold; at least one."""
    weights: dict[int, int] = dict(run(READERS, "heavy_at", positions=orjson.dumps(list(positions)).decode()))
    over = _first_over((place, weights[place]) for place in positions if place in weights)
    return len(positions) if over is None else max(1, positions.index(over))


def _first_over(weighed: Iterable[Sequence[int]]) -> int | None:
    total = 0
    for place, weight in weighed:
        total += weight
        if total > MOST_BYTES:
            return place
    return None
