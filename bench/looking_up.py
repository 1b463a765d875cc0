"""Looking up values: batches of 1,000 in five collections, beside a bare indexed table and a list of objects."""

from __future__ import annotations

import random
from hashlib import blake2b
from itertools import count
from pathlib import Path

import orjson
from pysqlite3 import dbapi2

from bench.corpus import envelope, indicator, mixed
from bench.measuring import Row, compared, rate

_ASKED = 1_000


def lookups(scratch: Path, rounds: int, objects: int) -> Row:
    """Values a second, half of them known, over `objects` indicators spread over five collections (K = 5)."""
    from shieldwall import exchange
    from tests.alliance import Alliance

    alliance = Alliance()
    addresses = ("community", "group:energy", "nation:no", "member:acme", "member:acme&nation:no")
    draw = random.Random(4)
    known: list[str] = []
    for at in range(0, objects, 1_000):
        batch = [indicator(draw, number) for number in range(at, at + 1_000)]
        known += [_value(raw) for raw in batch]
        exchange.admit(alliance.viewer("acme"), envelope(batch), audience=addresses[at // 1_000 % 5])
    reader = alliance.viewer("acme")
    asked = draw.sample(known, _ASKED // 2) + [f"203.0.{n % 256}.{n // 256}" for n in range(_ASKED // 2)]
    bare = _bare_table(scratch, known)

    def us() -> float:
        return rate(lambda: exchange.lookup(reader, asked), _ASKED)

    return compared(
        "lookup, batches of 1,000, K=5", "values/s", rounds,
        {"us": us, "peer": lambda: _stix2_memory(asked), "limit": lambda: rate(lambda: _bare(bare, asked), _ASKED)},
        at_least_of_limit=0.3,
    )  # fmt: skip


def _value(raw: bytes) -> str:
    return str(orjson.loads(raw)["pattern"]).split("'")[-2]


def _key(value: str) -> bytes:
    return blake2b(value.encode(), digest_size=16).digest()


def _bare_table(scratch: Path, known: list[str]) -> dbapi2.Connection:
    path = scratch / "bare.db"
    path.unlink(missing_ok=True)
    database = dbapi2.connect(str(path))
    database.execute("CREATE TABLE posting (key BLOB, position INTEGER, PRIMARY KEY (key, position)) WITHOUT ROWID")
    numbers = count(1)
    database.executemany("INSERT INTO posting VALUES (?, ?)", sorted((_key(value), next(numbers)) for value in known))
    database.commit()
    return database


def _bare(database: dbapi2.Connection, asked: list[str]) -> int:
    found = 0
    for value in asked:
        found += len(database.execute("SELECT position FROM posting WHERE key = ?", (_key(value),)).fetchall())
    return found


def _stix2_memory(asked: list[str]) -> float:
    """python-stix2's in-memory store over two thousand objects, filtering by pattern: it reads all for each value."""
    import stix2

    store = stix2.MemoryStore([orjson.loads(raw) for raw in mixed(2_000, seed=5)], allow_custom=True)
    few = asked[:20]
    return rate(
        lambda: [store.query([stix2.Filter("pattern", "contains", value)]) for value in few], len(few), seconds=0.5
    )
