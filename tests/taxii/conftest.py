"""Clients of the TAXII door, in this process or against a real server."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.alliance import AMBER, GREEN, Alliance, bundle, indicator, observable
from tests.node import fresh_node
from tests.server import serve

ROOT = "/taxii2/root/"
TAXII = "application/taxii+json;version=2.1"


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"client:{secret}".encode()).decode()


def reconfigure(**settings: Any) -> None:
    """Change settings of the node that this process serves."""
    import msgspec

    from shieldwall.store import node

    node().config = msgspec.structs.replace(node().config, **settings)


class Door:
    """One member's client. Paths are relative to the API root."""

    def __init__(self, secret: str) -> None:
        from django.test import Client

        self.client = Client(headers={"Authorization": basic(secret), "Accept": TAXII})
        self.virtual = self.get("collections/").json()["collections"][0]["id"]

    def get(self, path: str, **given: Any) -> Any:
        return self.client.get(ROOT + path, **given)

    def delete(self, path: str) -> Any:
        return self.client.delete(ROOT + path)

    def post(self, collection: str, body: bytes, content_type: str = TAXII) -> Any:
        return self.client.post(f"{ROOT}collections/{collection}/objects/", body, content_type=content_type)

    def objects(self, collection: str = "", query: str = "", kind: str = "objects") -> Any:
        return self.get(f"collections/{collection or self.virtual}/{kind}/?{query}")

    def ids(self, collection: str = "", query: str = "", kind: str = "objects") -> list[str]:
        return [one["id"] for one in self.objects(collection, query, kind).json().get("objects", [])]

    def collection_of(self, word: str) -> str:
        """The collection whose description has `word`."""
        listed = self.get("collections/").json()["collections"]
        return next(one["id"] for one in listed if word in one["description"])


@pytest.fixture
def door(alliance: Alliance) -> Callable[..., Door]:
    """A client of a member; with scopes, of a fresh key that has only these."""

    def make(member: str, *scopes: str, **rest: Any) -> Door:
        return Door(alliance.key(member, *scopes, **rest) if scopes or rest else alliance.own_key(member))

    return make


class Served:
    """A running server over a small alliance: Dansk reads what Acme and others sent."""

    def __init__(self, url: str, data: Path, keys: dict[str, str], ids: list[str]) -> None:
        self.url, self.data, self.keys, self.ids = url, data, keys, ids
        self.discovery, self.root = f"{url}/taxii2/", f"{url}{ROOT}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Twelve objects for the community and one for a group, served by granian on SQLite."""
    from shieldwall import exchange
    from shieldwall.store import node

    data: Path = tmp_path_factory.mktemp("served") / "data"
    fresh_node(data)
    alliance = Alliance()
    keys = {member: alliance.own_key(member) for member in ("acme", "dansk", "fjord")}
    sent = [indicator(f"198.51.100.{n}", GREEN) for n in range(11)] + [observable("198.51.100.1", GREEN)]
    exchange.admit(alliance.viewer("acme"), bundle(*sent), audience="community")
    exchange.admit(alliance.viewer("acme"), bundle(indicator("203.0.113.9", AMBER)), audience="group:energy")
    node().close()
    ids = [one["id"] for one in sent] + [indicator("203.0.113.9")["id"]]
    with serve(data, SHIELDWALL_MAX_BODY="20000000") as url:
        yield Served(url, data, keys, ids)
