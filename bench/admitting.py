"""Admission: objects a second, beside `stix2.parse` alone and beside the least that any durable store must do."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from pysqlite3 import dbapi2

from bench.corpus import envelope, mixed
from bench.measuring import Row, compared

_BATCH = 1_000


def admission(scratch: Path, rounds: int, objects: int) -> Row:
    """`objects` mixed objects in batches of 1,000: validated, indexed, hashed, signed and durable."""
    from shieldwall import exchange
    from tests.alliance import Alliance

    viewer = Alliance().viewer("acme")
    seeds = count(1)

    def us() -> float:
        batches = _batches(objects, next(seeds))
        begun = time.perf_counter()
        for raw in batches:
            receipt = exchange.admit(viewer, raw, audience="community")
            assert receipt.counts["refused"] == 0, receipt.outcomes[0]
        return objects / (time.perf_counter() - begun)

    return compared(
        "admit", "objects/s", rounds,
        {"us": us, "peer": lambda: _stix2_parse(min(objects, 2_000)), "limit": lambda: _sketch(scratch, objects)},
        at_least_of_limit=0.25, times_peer=6.0,
    )  # fmt: skip


def _batches(objects: int, seed: int) -> list[bytes]:
    every = mixed(objects, seed=seed)
    return [envelope(every[at : at + _BATCH]) for at in range(0, len(every), _BATCH)]


def _stix2_parse(objects: int) -> float:
    import stix2

    raws = [raw.decode() for raw in mixed(objects, seed=7)]
    begun = time.perf_counter()
    for raw in raws:
        stix2.parse(raw, allow_custom=True)
    return objects / (time.perf_counter() - begun)


def _sketch(scratch: Path, objects: int) -> float:
    """orjson, the schemas in jsonschema-rs, and one durable SQLite insert for each thousand; nothing else."""
    raws = mixed(objects, seed=8)
    path = scratch / "sketch.db"
    path.unlink(missing_ok=True)
    database = dbapi2.connect(str(path), isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE object (number INTEGER PRIMARY KEY, body BLOB)")
    for raw in raws[:50]:
        _validator(orjson.loads(raw)["type"])
    begun = time.perf_counter()
    for at in range(0, objects, _BATCH):
        rows = []
        for raw in raws[at : at + _BATCH]:
            parsed = orjson.loads(raw)
            _validator(parsed["type"])(parsed)
            rows.append((raw,))
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO object (body) VALUES (?)", rows)
        database.execute("COMMIT")
    spent = time.perf_counter() - begun
    database.close()
    return objects / spent


@cache
def _validator(kind: str) -> Callable[[Any], bool]:
    """The schema of one type, compiled as the product compiles it."""
    from shieldwall.stix.schema import form_of
    from shieldwall.stix.terms import CLAUSES

    return form_of(kind if kind in CLAUSES else "core").validator.is_valid
