"""A turn at writing: one short transaction, first come first served, that numbers, stamps, hashes and signs.

One writer at a time on the whole node: number, time and commit happen under one lock, because a reader of several
collections would otherwise miss what commits late. Everything refusable is refused before a turn is taken.

Stamps. A turn's stamps lie above every stamp committed before; the last entry of each batch falls on a whole
millisecond, so that a client that cuts its cursor to milliseconds still equals it; and a turn does not commit before
its last stamp is past, so that nothing is ever dated later than now.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
import orjson
from django.db import transaction

from shieldwall.errors import StoreError
from shieldwall.merkle import EMPTY, Frontier
from shieldwall.policy import Audience, scope_terms
from shieldwall.store.collections import REGISTER, Collection
from shieldwall.store.connector import one, raw, run, run_many
from shieldwall.store.entries import Draft, Kind, Placed, append_rows
from shieldwall.store.faults import faults_told
from shieldwall.store.journal import JOURNALED, Record, append_records
from shieldwall.store.layout import READERS, WRITER
from shieldwall.store.node import node

_MILLISECOND = 1_000
_CLOCK_SLACK = 5_000_000


class Turn:
    """What may be done while it is our turn. Made by `writing()` only."""

    def __init__(self, last_stamp: int) -> None:
        now = node().clock()
        if last_stamp > now + _CLOCK_SLACK:
            raise StoreError(
                "the clock stands more than five seconds before the newest entry",
                rule="nothing is dated later than now",
                remedy="set the machine's clock",
            )
        self._begun = max(now, last_stamp + 1)
        self._last = self._begun
        self._acts: list[bytes] = []
        self._taken_back: list[Record] = []

    def stamp(self) -> int:
        """This transaction's moment in the log's time, µs: above everything before it, not above what it appends."""
        return self._begun

    def found(self, audience: Audience) -> Collection | None:
        """The collection of `audience` (group volumes resolved), where there is one."""
        found = one(WRITER, "collection_by_audience", audience=audience.text)
        return Collection.of(found) if found else None

    def collection(self, audience: Audience, *, kind: str = "open") -> Collection:
        """The collection of `audience`, made now if this is its first use."""
        found = self.found(audience)
        return found or self._make(audience.text, kind, scope_terms(audience), len(audience.needs))

    def register(self) -> Collection:
        """The register's own audited log, which no viewer's tokens open."""
        found = one(WRITER, "collection_by_audience", audience=REGISTER)
        return Collection.of(found) if found else self._make(REGISTER, "register", [], 1)

    def _make(self, text: str, kind: str, terms: Sequence[tuple[int, str, bool]], conjuncts: int) -> Collection:
        fresh = node().uuid4(f"collection {text}")
        made = run(
            WRITER, "make_collection", uuid=fresh, audience=text, kind=kind, conjuncts=conjuncts, created=self._begun
        )
        number = int(made[0][0])
        run(WRITER, "make_head", collection=number, added=self._begun, frontier=EMPTY.to_bytes())
        run_many(WRITER, "make_term", [(token, number, conjunct, int(excluded)) for conjunct, token, excluded in terms])
        return Collection(id=number, uuid=fresh, audience=text, kind=kind, created=self._begun)

    def append(self, collection: Collection, drafts: Sequence[Draft]) -> list[Placed]:
        """Append `drafts` in their order: numbers, stamps, salts, leaves, tiles and a signed checkpoint."""
        if not drafts:
            return []
        last = -(-(self._begun + len(drafts) - 1) // _MILLISECOND) * _MILLISECOND
        head = one(WRITER, "head_of", collection=collection.id)
        assert head is not None, "a collection is made together with its head"
        if head[1] >= last - len(drafts) + 1 and head[0]:
            last = -(-(head[1] + len(drafts)) // _MILLISECOND) * _MILLISECOND
        self._last = max(self._last, last)
        return append_rows(collection, Frontier.from_bytes(bytes(head[2])), last, drafts)

    def record_act(self, act: dict[str, Any]) -> None:
        """Append `act` to the register's log when the turn ends. No secrets: auditors read it."""
        self._acts.append(orjson.dumps(act, option=orjson.OPT_SORT_KEYS))
        if act["act"] in JOURNALED:
            self.journal(**act)

    def journal(self, act: str, **facts: Any) -> None:
        """Have what is taken back in the journal, on disk before this turn commits: a restore does it again."""
        self._taken_back.append({"act": act, "stamp": self._begun, **facts})

    def show_past(self, tokens: Iterable[str]) -> None:
        """Reserve log time for the past that existing principals see from now on through new `tokens`.

        An entry n of a collection opened at g is shown at g + n µs. The time up to there is taken, so that whatever is
        appended later is also shown later.
        """
        longest = run(WRITER, "longest_head", tokens=orjson.dumps(list(tokens)).decode())
        self._last = max(self._last, self._begun + int(longest[0][0] or 0))

    def finish(self) -> int:
        """Write what was held back; returns the last stamp. Called by `writing()` before the commit."""
        if self._acts:
            self.append(
                self.register(), [Draft(kind=Kind.ACT, id="", version="", body=act, note="") for act in self._acts]
            )
        run(WRITER, "set_stamp", stamp=self._last)
        append_records(self._taken_back)
        return self._last


@contextmanager
def writing() -> Iterator[Turn]:
    """Wait for our turn, write in one transaction, commit durably.

    Django models written through the default alias inside belong to the same transaction. Raises StoreError when the
    clock stands before the log, and for a fault of disk or database; any exception leaves nothing behind. Where the
    fault comes at the commit itself, it may have happened: whoever tries again must find out (idempotency keys do).
    """
    with faults_told(), _queue(), _transaction():
        if node().engine == "postgresql":
            run(WRITER, "lock_node")
        turn = Turn(_last_stamp())
        yield turn
        node().ticker.wait_until(turn.finish())


@contextmanager
def _transaction() -> Iterator[None]:
    raw(WRITER)  # where the server has left the old connection, this is a fresh one
    with transaction.atomic(using=WRITER):
        yield


def _last_stamp() -> int:
    found = one(WRITER, "node_state")
    if found is not None:
        return int(found[0])
    run(
        WRITER,
        "make_node",
        id=node().uuid4("node"),
        virtual_collection=node().uuid4("virtual"),
        created=node().clock(),
        keys_print=node().keys_print(),
    )
    return 0


@contextmanager
def _queue() -> Iterator[None]:
    """On SQLite, a queue before the database's own lock, which is neither fair nor patient.

    A file lock alone goes to whoever asks at the right moment, which is a bulk import that has just let go of it. So
    whoever waits for the turn holds the place behind it, and the import must wait for that place first.
    """
    if node().engine == "postgresql" or transaction.get_connection(WRITER).in_atomic_block:
        yield
        return
    with ExitStack() as turn:
        with ExitStack() as place:
            _lock(place, "writer.next")
            _lock(turn, "writer.lock")
        yield


def _lock(held: ExitStack, name: str) -> None:
    descriptor = os.open(node().config.data / name, os.O_RDWR | os.O_CREAT, 0o600)
    held.callback(os.close, descriptor)
    fcntl.flock(descriptor, fcntl.LOCK_EX)


class NodeFacts(msgspec.Struct, frozen=True):
    """What the node's one row says."""

    stamp: int
    epoch: int
    id: str
    virtual_collection: str
    created: int
    keys_print: str


def node_facts(alias: str) -> NodeFacts:
    """The node's row, read through `alias`. Raises StoreError where nothing was set up yet."""
    found = one(alias, "node_state")
    if found is None:
        raise StoreError("nothing is set up here yet", remedy="run `shieldwall setup`, or `shieldwall demo`")
    return NodeFacts(*found)


def require_keys() -> None:
    """Raises StoreError where keys/ holds other secrets than this log was begun with; a node without a log has none."""
    found = one(READERS, "node_state")
    if found is not None and found[5] != node().keys_print():
        raise StoreError(
            "the keys of this log are missing or others have taken their place", rule="keys",
            where=str(node().config.data / "keys"), remedy="put back the copy of keys/ that was kept at setup",
        )  # fmt: skip
