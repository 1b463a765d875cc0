"""Measuring: interleaved rounds of ours, the peer's and the limit's, and the row they become."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

import msgspec

Measure = Callable[[], float]


class Spread(msgspec.Struct, frozen=True):
    """What the rounds gave."""

    least: float
    median: float
    most: float


class Row(msgspec.Struct, frozen=True):
    """One line of the table: the medians in `unit`, our ratio to each, and the goal for one of the ratios."""

    name: str
    unit: str
    us: float
    peer: float | None
    limit: float | None
    ratio_peer: float | None
    ratio_limit: float | None
    goal: str
    met: bool | None
    rounds: Mapping[str, Spread]


def rate(work: Callable[[], object], amount: int, *, seconds: float = 1.0) -> float:
    """How many of `amount` things a second `work` does, repeated for at least `seconds`."""
    begun = time.perf_counter()
    done = 0
    while (spent := time.perf_counter() - begun) < seconds:
        work()
        done += amount
    return done / spent


def compared(
    name: str,
    unit: str,
    rounds: int,
    measures: Mapping[str, Measure],
    *,
    at_least_of_limit: float | None = None,
    times_peer: float | None = None,
) -> Row:
    """Run the measures `us`, `peer`, `limit` (those there are) in turn, `rounds` times; larger is better."""
    seen: dict[str, list[float]] = {which: [] for which in measures}
    for _ in range(rounds):
        for which, measure in measures.items():
            seen[which].append(measure())
    spread = {which: Spread(min(values), statistics.median(values), max(values)) for which, values in seen.items()}
    us = spread["us"].median
    peer, limit = (spread[which].median if which in spread else None for which in ("peer", "limit"))
    ratio_peer, ratio_limit = us / peer if peer else None, us / limit if limit else None
    goals = [
        (f"≥ {at_least_of_limit} of the limit", ratio_limit, at_least_of_limit),
        (f"≥ {times_peer} × the peer", ratio_peer, times_peer),
    ]
    wanted = [(text, ratio, least) for text, ratio, least in goals if least is not None and ratio is not None]
    return Row(
        name=name, unit=unit, us=us, peer=peer, limit=limit, ratio_peer=ratio_peer, ratio_limit=ratio_limit,
        goal=", ".join(text for text, _, _ in wanted),
        met=all(ratio >= least for _, ratio, least in wanted) if wanted else None, rounds=spread,
    )  # fmt: skip
