"""Makes STIX objects and bundles: the common properties, times, ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from shieldwall.demo.world.chance import Chance, shaped_as_v4

Thing = dict[str, Any]  # a STIX object

SECOND = 1_000_000  # µs
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def stamp(at_us: int) -> str:
    """A time as STIX writes it, to the millisecond."""
    seconds, rest = divmod(at_us, SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1000:03d}Z"


def moment(text: str) -> int:
    """The µs of a time as STIX writes it."""
    return int(datetime.fromisoformat(text).timestamp()) * SECOND + int(text[20:23]) * 1000


def made(chance: Chance, kind: str, created_by: str, at_us: int, **properties: Any) -> Thing:
    """A new SDO or SRO of `created_by`; properties that are empty are left out, as the standard asks of lists."""
    created = stamp(at_us)
    head = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{chance.uuid()}", "created_by_ref": created_by,
            "created": created, "modified": created}
    return head | {name: value for name, value in properties.items() if value not in (None, "", [])}


def linked(chance: Chance, verb: str, source: Thing | str, target: Thing | str, created_by: str, at_us: int,
           description: str = "") -> Thing:
    """A relationship `source` → `target`."""
    return made(chance, "relationship", created_by, at_us, relationship_type=verb, source_ref=_id(source),
                target_ref=_id(target), description=description)


def revised(thing: Thing, at_us: int, **changes: Any) -> Thing:
    """The next version of `thing`."""
    return thing | {"modified": stamp(at_us)} | changes


def named_id(kind: str, name: str) -> str:
    """The same id for the same name, in the shape of a version 4 UUID."""
    return f"{kind}--{shaped_as_v4(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], 'big'))}"


def bundle(chance: Chance, things: Iterable[Thing]) -> bytes:
    return orjson.dumps({"type": "bundle", "id": f"bundle--{chance.uuid()}", "objects": list(things)})


def _id(thing: Thing | str) -> str:
    return thing if isinstance(thing, str) else str(thing["id"])
