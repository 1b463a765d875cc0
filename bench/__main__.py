"""Runs every measurement, prints the table, writes bench.json. No test asserts a time; the table says what is met."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.measuring import Row

_SCALES = {"small": 5_000, "full": 100_000}


def main() -> int:
    """Measure; exit 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", choices=sorted(_SCALES), default="full")
    parser.add_argument("--only", default="", help="admit, page or lookup")
    asked = parser.parse_args()
    rows = []
    for row in _rows(asked.rounds, _SCALES[asked.scale], asked.only):
        rows.append(row)
        print(f"{row.name}: {row.us:,.0f} {row.unit}", file=sys.stderr)
    Path("bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1))
    Console(width=150).print(_table(rows))
    return 0


def _rows(rounds: int, objects: int, only: str) -> Iterator[Row]:
    from bench.admitting import admission
    from bench.looking_up import lookups
    from bench.paging import pages

    if only in ("", "admit"):
        with _node() as data:
            yield admission(data, rounds, objects)
    if only in ("", "page"):
        with _node() as data:
            yield from pages(data, rounds, objects)
    if only in ("", "lookup"):
        with _node() as data:
            yield lookups(data, rounds, objects)


class _node:
    """A fresh node on SQLite in a scratch folder."""

    def __enter__(self) -> Path:
        from tests.node import fresh_node

        self._folder = tempfile.TemporaryDirectory(prefix="shieldwall-bench-")
        data = Path(self._folder.name) / "data"
        fresh_node(data)
        return data

    def __exit__(self, *_: object) -> None:
        from shieldwall.store import node

        node().close()
        self._folder.cleanup()


def _table(rows: list[Row]) -> Table:
    table = Table("measured", "unit", "us", "peer", "limit", "× peer", "of limit", "goal", "met", "our rounds")
    for row in rows:
        spread = row.rounds["us"]
        table.add_row(
            row.name, row.unit, _shown(row.us), _shown(row.peer), _shown(row.limit), _ratio(row.ratio_peer),
            _ratio(row.ratio_limit), row.goal, {True: "yes", False: "no", None: ""}[row.met],
            f"{_shown(spread.least)}–{_shown(spread.most)}",
        )  # fmt: skip
    return table


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


if __name__ == "__main__":
    sys.exit(main())
