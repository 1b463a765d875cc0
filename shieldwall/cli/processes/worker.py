"""The worker: what happens behind the logs. It looks at the newest stamp many times a second and acts when it moved.

A fault of the store (a full disk, a database that restarts) ends nothing: it is told once, and tried again.
"""

from __future__ import annotations

import signal
import sys
import time
from threading import Event
from types import FrameType

from shieldwall.cli.exits import database_errors
from shieldwall.errors import StoreError

_LOOK_SECONDS = 0.03
_DUE_SECONDS = 0.5  # held submissions fall due without the log moving
_TIDY_SECONDS = 600.0
_FIRST_BACKOFF, _MOST_BACKOFF = 0.1, 10.0
_ANALYSED_ROWS = 1_000
_TABLES = "entry, object_key, posting, word_posting, hidden, twin, head, audience_term, delivery"


class Worker:
    """One worker process. `run` returns after SIGTERM or SIGINT, between two steps."""

    def __init__(self) -> None:
        self._ending = Event()
        self._stamp = -1
        self._due = 0.0
        self._tidy = time.monotonic() + _DUE_SECONDS
        self._backoff = 0.0

    def run(self) -> None:
        """Work until told to end."""
        from django.db import connections

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while not self._ending.is_set():
            try:
                self._step()
                self._backoff = 0.0
            except StoreError as fault:
                self._retry_after(fault)
                connections.close_all()  # the next look opens fresh ones
            except database_errors() as fault:
                self._retry_after(fault)
                connections.close_all()
            self._ending.wait(self._backoff or _LOOK_SECONDS)
        from shieldwall.store import node

        node().close()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending.set()

    def _step(self) -> None:
        """Look, and do what there is to do. Quiet where nothing moved."""
        from shieldwall import exchange
        from shieldwall.store import READERS, one

        row = one(READERS, "node_state")
        stamp = int(row[0]) if row else 0
        now = time.monotonic()
        if stamp != self._stamp or now >= self._due:
            self._stamp, self._due = stamp, now + _DUE_SECONDS
            while not self._ending.is_set() and exchange.release_due(limit=1):
                pass
            exchange.follow_words()
        if now >= self._tidy:
            self._tidy = now + _TIDY_SECONDS
            refresh_statistics()

    def _retry_after(self, fault: Exception) -> None:
        if not self._backoff:
            print(f"shieldwall worker: {fault.__cause__ or fault}; trying again", file=sys.stderr, flush=True)
        self._backoff = min(max(2 * self._backoff, _FIRST_BACKOFF), _MOST_BACKOFF)


def refresh_statistics() -> None:
    """Have the database count again what its plans depend on (plans are ten times off without)."""
    from shieldwall.store import SIDE, WRITER, node
    from shieldwall.store.connector import raw

    if node().engine == "postgresql":
        raw(WRITER).execute(f"ANALYZE {_TABLES}")
        return
    for alias in (WRITER, SIDE):
        raw(alias).execute(f"PRAGMA analysis_limit={_ANALYSED_ROWS}")
        raw(alias).execute("PRAGMA optimize=0x10002")
