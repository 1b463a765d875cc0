"""The drill: a node of many entries is backed up while it is written to, lost, and restored elsewhere, with figures.

    python -m bench.restoring --entries 1000000

Prints the lines of the table in docs/durability.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.corpus import envelope, mixed

_AUDIENCES = ("community", "group:energy", "nation:no", "member:acme|member:dansk")
_BATCH, _TRICKLE = 1_000, 20


def main() -> None:
    """Run the drill and print what was measured."""
    wanted = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wanted.add_argument("--entries", type=int, default=1_000_000)
    entries = wanted.parse_args().entries
    with tempfile.TemporaryDirectory(prefix="shieldwall-drill-") as folder:
        for name, value in _drill(Path(folder), entries):
            print(f"| {name} | {value} |", flush=True)


def _drill(folder: Path, entries: int) -> Iterator[tuple[str, str]]:
    from tests.alliance import Alliance
    from tests.node import config_of, fresh_node

    fresh_node(folder / "node")
    from shieldwall import exchange
    from shieldwall.store import node, open_node
    from shieldwall.store.backup import back_up

    viewer = Alliance().viewer("acme")
    with _timed() as filling:
        first = _fill(viewer, entries)
    yield "entries", f"{entries:,} mixed objects in {len(_AUDIENCES)} logs, given in {filling():.0f} s"
    yield "log.db and side.db", _size(folder / "node", "*.db*")
    quiet = _Trickle(viewer)
    time.sleep(3)
    yield "turns of 20 objects, nothing else running", quiet.stop()
    trickle = _Trickle(viewer)
    with _timed() as taking:
        manifest = back_up(folder / "backup", _told)
    yield "turns of 20 objects during the backup", trickle.stop()
    yield "backup, while written to", f"{taking():.1f} s, {_size(folder / 'backup', '*')}, {manifest.entries:,} entries"
    for stix_id in first:
        exchange.withdraw(viewer, stix_id, None, "drill")
    (folder / "machine").mkdir()
    for name in ("keys", "journal"):
        shutil.copytree(folder / "node" / name, folder / "machine" / name)
    open_node(config_of(folder / "machine"))
    with _timed() as restoring:
        done = exchange.restore(folder / "backup", step=_told)
    yield "restore, every entry hashed and every root compared", f"{restoring():.1f} s"
    yield "taken back again from the journal", f"{done.replayed.get('withdrawn', 0)} of {len(first)} withdrawals"
    with _timed() as answering:
        known = exchange.page(viewer, exchange.collections(viewer)[0].id, door="api", limit=1_000)
    yield "first page of 1,000 after it", f"{answering() * 1000:.0f} ms, {len(known.bodies)} objects"
    node().close()


def _fill(viewer: Any, entries: int) -> list[str]:
    """Give that many; the ids of the first hundred that can be withdrawn."""
    from shieldwall import exchange

    first: list[str] = []
    for number, at in enumerate(range(0, entries, _BATCH)):
        raw = envelope(mixed(min(_BATCH, entries - at), seed=number + 1))
        receipt = exchange.admit(viewer, raw, audience=_AUDIENCES[number % len(_AUDIENCES)])
        first = first or [one.id for one in receipt.outcomes if one.id.startswith("indicator--")][:100]
        _told(f"given {at + _BATCH:,}")
    return first


class _Trickle:
    """Somebody else who writes small submissions all the while, and how long each took."""

    def __init__(self, viewer: Any) -> None:
        self._viewer = viewer
        self._ending = threading.Event()
        self._took: list[float] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        from django.db import connections

        from shieldwall import exchange

        seed = time.time_ns()
        while not self._ending.is_set():
            seed += 1
            raw = envelope(mixed(_TRICKLE, seed=seed))
            begun = time.perf_counter()
            exchange.admit(self._viewer, raw, audience="group:energy")
            self._took.append(time.perf_counter() - begun)
        connections.close_all()

    def stop(self) -> str:
        """What was measured."""
        self._ending.set()
        self._thread.join()
        took = sorted(self._took)
        p50, p99 = (1000 * took[int(len(took) * share)] for share in (0.5, 0.99))
        return f"{len(took)}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {1000 * took[-1]:.0f} ms"


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    """Gives how long the block took, once it is over."""
    begun = time.perf_counter()
    ended: list[float] = []
    yield lambda: ended[0] - begun
    ended.append(time.perf_counter())


def _size(folder: Path, names: str) -> str:
    return f"{sum(path.stat().st_size for path in folder.glob(names) if path.is_file()) / 1e6:,.0f} MB"


def _told(text: str) -> None:
    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True) if sys.stderr.isatty() else None


if __name__ == "__main__":
    main()
