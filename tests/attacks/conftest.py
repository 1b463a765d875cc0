"""What the attacks share: one engine where SQL judges nothing."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alliance import GREEN, Alliance, envelope, indicator
from tests.node import fresh_node
from tests.server import serve

_PATIENCE_S = 20


@pytest.fixture
def engine() -> str:
    """Nothing here is judged by SQL: one engine says it all."""
    return "sqlite"


class Served:
    """A running server over the small alliance, spoken to in raw bytes; `keys` are those of members."""

    def __init__(self, url: str, data: Path, keys: dict[str, str]) -> None:
        self.url, self.data, self.keys = url, data, keys
        host, _, port = url.removeprefix("http://").partition(":")
        self._address = host, int(port)

    def begin(self, method: str, path: str, *headers: str, member: str = "", body: bytes = b"") -> socket.socket:
        """A connection on which this much of a request was sent."""
        lines = [f"{method} {path} HTTP/1.1", "Host: shieldwall", "Connection: close", *headers]
        if member:
            lines.append(f"Authorization: Bearer {self.keys[member]}")
        connection = socket.create_connection(self._address, timeout=_PATIENCE_S)
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return connection

    def ask(self, method: str, path: str, *headers: str, member: str = "", body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of a whole request."""
        length = (f"Content-Length: {len(body)}",) if body else ()
        with self.begin(method, path, *headers, *length, member=member, body=body) as connection:
            return answered(connection)


def answered(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of the answer on a connection."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.read()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small alliance with a hundred indicators of Acme's for the community, served on SQLite."""
    from shieldwall import exchange
    from shieldwall.store import node

    data: Path = tmp_path_factory.mktemp("attacked") / "data"
    fresh_node(data)
    alliance = Alliance()
    keys = {member: alliance.own_key(member) for member in ("acme", "dansk", "fjord", "stahl")}
    sent = [indicator(f"198.51.100.{n}", GREEN) for n in range(100)]
    exchange.admit(alliance.viewer("acme"), envelope(*sent), audience="community")
    node().close()
    with serve(data) as url:
        yield Served(url, data, keys)
