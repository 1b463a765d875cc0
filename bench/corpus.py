"""What is measured with: objects like those of ATT&CK (from the installed packages) and generated indicators, mixed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from itertools import islice

import orjson

from shieldwall.demo.world import SOURCES, knowledge

NOW = 1_790_000_000_000_000
_GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"


def mixed(count: int, *, seed: int = 1) -> list[bytes]:
    """`count` objects as bytes: a third of ATT&CK's kind, the rest indicators on addresses, names and hashes."""
    draw = random.Random(seed)
    known = [_reidentified(raw, draw) for raw in islice(_knowledge(), count // 3)]
    fresh = [indicator(draw, number) for number in range(count - len(known))]
    every = known + fresh
    draw.shuffle(every)
    return every


def _knowledge() -> Iterator[dict[str, object]]:
    for submission in knowledge(NOW, SOURCES):
        yield from orjson.loads(submission.objects)["objects"]


def _reidentified(found: dict[str, object], draw: random.Random) -> bytes:
    """Marked, and under an id of its own, so that nothing is already there in a second run."""
    kind = str(found["type"])
    if "modified" in found:
        found["id"] = f"{kind}--{uuid.UUID(int=draw.getrandbits(128), version=4)}"
    return orjson.dumps(found | {"object_marking_refs": [_GREEN]})


def indicator(draw: random.Random, number: int) -> bytes:
    """A generated indicator with a description of ordinary length."""
    value = _VALUES[number % 3](draw)
    return orjson.dumps({
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--{uuid.UUID(int=draw.getrandbits(128), version=4)}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "name": f"Infrastructure {number}", "description": "Seen in outbound traffic of a workstation. " * 4,
        "indicator_types": ["malicious-activity"], "pattern": value, "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z", "object_marking_refs": [_GREEN],
    })  # fmt: skip


def _address(draw: random.Random) -> str:
    return f"[ipv4-addr:value = '{'.'.join(str(draw.randrange(1, 255)) for _ in range(4))}']"


def _name(draw: random.Random) -> str:
    return f"[domain-name:value = 'host{draw.getrandbits(40):x}.example.com']"


def _hash(draw: random.Random) -> str:
    return f"[file:hashes.'SHA-256' = '{draw.getrandbits(256):064x}']"


_VALUES = (_address, _name, _hash)


def envelope(objects: list[bytes]) -> bytes:
    """Objects as a TAXII envelope."""
    return b'{"objects":[' + b",".join(objects) + b"]}"
