"""`make crash`: many kills, with figures for docs/durability.md. Ends with 1 at the first thing that is wrong."""

from __future__ import annotations

import argparse
import platform
import re
import sys
import tempfile
import time
from pathlib import Path

from shieldwall.store.driver import use_safe_sqlite
from tests.crash.conftest import furnish
from tests.crash.trial import Trial
from tests.node import fresh_node

LIFE = 100
"""Cycles after which a fresh node begins a life: judging reads all of it."""
BETWEEN = 10
PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "durability.md"
_FIGURES = re.compile(r"(<!-- crash figures -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Lead lives until so many processes were killed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cycles", type=int, default=500)
    asked.add_argument("--seed", default=str(int(time.time())))
    given = asked.parse_args()
    use_safe_sqlite()
    begun, cycles, acts, entries = time.monotonic(), 0, 0, 0
    while cycles < given.cycles:
        with tempfile.TemporaryDirectory(prefix="shieldwall-crash-") as folder:
            fresh_node(Path(folder) / "node")
            trial = Trial(furnish(), f"{given.seed}/{cycles}")
            while trial.cycles < min(LIFE, given.cycles - cycles):
                trial.cycle(most_seconds=0.3)
                if trial.cycles % BETWEEN == 0 and _tell(trial, given.seed):
                    return 1
            trial.end_worker()
            if _tell(trial, given.seed):
                return 1
            cycles, acts, entries = cycles + trial.cycles, acts + len(trial.told), entries + trial.entries
            print(f"{cycles} kills, {acts} acts acknowledged, {entries} entries: nothing wrong", flush=True)
    _write(cycles, acts, entries, time.monotonic() - begun)
    return 0


def _tell(trial: Trial, seed: str) -> bool:
    wrong = trial.wrong()
    for one in wrong[:20]:
        print(f"seed {seed}, cycle {trial.cycles}: {one}", file=sys.stderr)
    return bool(wrong)


def _write(cycles: int, acts: int, entries: int, seconds: float) -> None:
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    row = (
        "| kills | acts acknowledged | entries | lost | doubled | findings of `check` | minutes |\n"
        "|--:|--:|--:|--:|--:|--:|--:|\n"
        f"| {cycles:,} | {acts:,} | {entries:,} | 0 | 0 | 0 | {seconds / 60:.1f} |\n\n"
        f"SQLite, {time.strftime('%Y-%m-%d')}, {machine}.\n"
    )
    PAGE.write_text(_FIGURES.sub(lambda match: match[1] + row + match[2], PAGE.read_text()))


if __name__ == "__main__":
    sys.exit(main())
