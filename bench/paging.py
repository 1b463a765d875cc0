"""TAXII pages of 1,000 and of 100, through real HTTP: beside medallion, and a bare server of the same bytes."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import orjson

from bench.corpus import envelope, mixed
from bench.measuring import Measure, Row, compared
from bench.serving import ROOT, granian, process, requests_a_second
from tests.server import free_port, serve

_TAXII = {"Accept": "application/taxii+json;version=2.1"}
_PEER_OBJECTS = 1_000
_SECONDS = 2.0


def pages(data: Path, rounds: int, objects: int) -> Iterator[Row]:
    """Pages from the middle of a collection of `objects`, by `next`."""
    from shieldwall import exchange
    from shieldwall.store import node
    from tests.alliance import Alliance

    alliance = Alliance()
    writer, key = alliance.viewer("acme"), alliance.own_key("dansk")
    for raw in _envelopes(objects):
        exchange.admit(writer, raw, audience="community")
    reader = alliance.viewer("dansk")
    virtual = exchange.collections(reader)[0].id
    community = next(one.id for one in exchange.collections(reader) if one.audience == "community")
    places = {
        (name, limit): (collection, _middle(reader, collection, objects, limit))
        for limit in (1_000, 100)
        for name, collection in (("plain", community), ("virtual", virtual))
    }
    node().close()
    with ExitStack() as running:
        ours = running.enter_context(serve(data, SHIELDWALL_QUOTA_REQUESTS="1000000000")).rpartition(":")[2]
        bare, medallion = free_port(), free_port()
        running.enter_context(process(granian("asgi", "bench.bare:app", bare), bare, BENCH_LOG=str(data / "log.db")))
        running.enter_context(_medallion(data, medallion))
        ports = _Ports(int(ours), bare, medallion)
        for (name, limit), (collection, cursor) in places.items():
            path = f"/taxii2/root/collections/{collection}/objects/?limit={limit}&next={quote(cursor)}"
            measures = _measures(ports, path, _TAXII | _basic("any", key), limit, objects)
            if name == "virtual":
                del measures["peer"]
            goal = {("plain", 1_000): 0.75, ("plain", 100): 0.5}.get((name, limit))
            yield compared(f"taxii page of {limit}, {name}", "pages/s", rounds, measures, at_least_of_limit=goal)


class _Ports(NamedTuple):
    ours: int
    bare: int
    medallion: int


def _measures(ports: _Ports, path: str, headers: dict[str, str], limit: int, objects: int) -> dict[str, Measure]:
    """How to measure one kind of page on each of the servers."""
    bare = f"/?position={1 << 40 | objects // 2}&limit={limit}"
    peer = f"/{_PEER_ROOT}/collections/{_PEER_COLLECTION}/objects/?limit={limit}"
    peer_headers = _TAXII | _basic("admin", "peer")
    return {
        "us": lambda: requests_a_second(ports.ours, path, headers, seconds=_SECONDS),
        "limit": lambda: requests_a_second(ports.bare, bare, {}, seconds=_SECONDS),
        "peer": lambda: requests_a_second(ports.medallion, peer, peer_headers, seconds=_SECONDS, most=1),
    }


def _envelopes(objects: int) -> Iterator[bytes]:
    every = mixed(objects, seed=3)
    for at in range(0, objects, 1_000):
        yield envelope(every[at : at + 1_000])


def _middle(reader: object, collection: str, objects: int, limit: int) -> str:
    """A cursor in the middle of the collection, got as clients get it."""
    from shieldwall import exchange
    from shieldwall.policy import Viewer

    assert isinstance(reader, Viewer)
    cursor: str | None = None
    for _ in range(max(1, objects // 2 // limit)):
        cursor = exchange.page(reader, collection, door="bench", cursor=cursor, limit=limit).next
    assert cursor is not None, "the middle is not the end"
    return cursor


def _basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


_PEER_ROOT = "peer"
_PEER_COLLECTION = str(uuid.UUID(int=5, version=4))


@contextmanager
def _medallion(data: Path, port: int) -> Iterator[None]:
    """medallion with its memory back end over the first thousand objects; it reads them all for any page."""
    objects = [orjson.loads(raw) for raw in mixed(_PEER_OBJECTS, seed=3)]
    stamp = "2026-01-01T00:00:00.000000Z"
    manifest = [
        {"id": one["id"], "date_added": stamp, "version": one.get("modified", stamp), "media_type": _TAXII["Accept"]}
        for one in objects
    ]
    backend = {
        "/discovery": {"title": "peer", "default": f"http://127.0.0.1:{port}/{_PEER_ROOT}/", "api_roots": []},
        _PEER_ROOT: {
            "information": {"title": "peer", "versions": [_TAXII["Accept"]], "max_content_length": 10**8},
            "status": [],
            "collections": [{
                "id": _PEER_COLLECTION, "title": "peer", "can_read": True, "can_write": True,
                "media_types": ["application/stix+json;version=2.1"], "objects": objects, "manifest": manifest,
            }],
        },
    }  # fmt: skip
    (data / "medallion-data.json").write_bytes(orjson.dumps(backend))
    settings = {
        "backend": {
            "module": "medallion.backends.memory_backend", "module_class": "MemoryBackend",
            "filename": str(data / "medallion-data.json"),
        },
        "users": {"admin": "peer"}, "taxii": {"max_page_size": 1_000},
    }  # fmt: skip
    (data / "medallion.json").write_bytes(orjson.dumps(settings))
    program = ROOT / ".venv-peers" / "bin" / "medallion"
    with process([str(program), "--port", str(port), str(data / "medallion.json")], port):
        yield
