"""Deliveries: who was given what, through which door, when; so that a recall says to whom it was sent.

Buffered and written in groups by a thread of each process, half a second after at the latest; what is AMBER+STRICT or
stricter is written before the response leaves (`urgent`).
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import msgspec
from django.db import connections, transaction

from shieldwall.errors import StoreError
from shieldwall.store.connector import raw, run, run_many
from shieldwall.store.faults import faults_told
from shieldwall.store.layout import SIDE
from shieldwall.store.node import Node, node
from shieldwall.store.positions import collection_of, number_of

_FLUSH_SECONDS = 0.5
_LOG = logging.getLogger(__name__)


class Delivery(msgspec.Struct, frozen=True):
    """A principal of a member was given entries first to last of a collection, through a door, at a time (µs)."""

    principal: str
    member: str
    collection: int
    first: int
    last: int
    door: str
    at: int


def runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending positions as runs of neighbours (first, last)."""
    if isinstance(positions, range):
        return [(positions[0], positions[-1])] if positions else []
    found: list[tuple[int, int]] = []
    for _, group in groupby(enumerate(positions), key=lambda pair: pair[1] - pair[0]):
        run_of = [place for _, place in group]
        found.append((run_of[0], run_of[-1]))
    return found


def record_deliveries(
    principal: str, member: str, positions: Sequence[int], door: str, *, urgent: bool = False
) -> None:
    """Record that `positions` are being given to `principal`. With `urgent`, on disk before this returns."""
    if not positions:
        return
    at = node().clock()
    ledger = _ledger(node())
    ledger.add(
        [
            Delivery(principal, member, collection_of(first), number_of(first), number_of(last), door, at)
            for first, last in runs(positions if isinstance(positions, range) else sorted(positions))
        ]
    )
    if urgent:
        ledger.flush(synced=True)


def flush_deliveries() -> None:
    """Write what this process still holds."""
    _ledger(node()).flush()


def deliveries_of(place: int) -> list[tuple[str, str, str, int]]:
    """(member, principal, door, first time µs) of everyone who was given the entry at a position."""
    flush_deliveries()
    return [
        (row[0], row[1], row[2], row[3])
        for row in run(SIDE, "deliveries_of", collection=collection_of(place), number=number_of(place))
    ]


class _Ledger:
    """The buffer of one process."""

    def __init__(self, home: Node) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._held: list[Delivery] = []
        self._wake = threading.Event()
        self._writer: threading.Thread | None = None
        home.at_close.append(self.close)
        atexit.register(home.close)

    def add(self, deliveries: Iterable[Delivery]) -> None:
        with self._lock:
            self._held.extend(deliveries)
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_behind, daemon=True, name="deliveries")
                self._writer.start()
        self._wake.set()

    def flush(self, *, synced: bool = False) -> None:
        """Write what is held; raises StoreError where that cannot be, and holds it on. `synced`: past a power cut."""
        with self._lock:
            if self._held and not self._home.closed:
                with faults_told(), _synced(synced), transaction.atomic(using=SIDE):
                    run_many(SIDE, "put_delivery", [msgspec.structs.astuple(one) for one in self._held])
                self._held = []

    def _write_behind(self) -> None:
        failing = False
        while not self._home.closed:
            self._wake.wait()
            self._wake.clear()
            threading.Event().wait(_FLUSH_SECONDS)
            try:
                self.flush()
                failing = False
            except StoreError as fault:  # what is held stays held for the next round, on a fresh connection
                if not failing:
                    _LOG.error("deliveries could not be written yet: %s", fault.__cause__)
                failing = True
                connections[SIDE].close()
                self._wake.set()

    def close(self) -> None:
        """Write what is left; the thread ends."""
        self.flush()
        self._wake.set()


@contextmanager
def _synced(wanted: bool) -> Iterator[None]:
    """On SQLite, whose side file is otherwise synced at checkpoints only: sync at the commit of what is inside."""
    connection = raw(SIDE)
    if not wanted or node().engine == "postgresql":
        yield
        return
    connection.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous=NORMAL")


def _ledger(home: Node) -> _Ledger:
    found = home.cache.get("deliveries")
    if found is None:
        found = home.cache.setdefault("deliveries", _Ledger(home))
    assert isinstance(found, _Ledger)
    return found
