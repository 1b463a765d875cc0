"""The API on SQLite, spoken to through Django's own client; what must hold on both engines says so itself."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.alliance import PASSWORD, Alliance


@pytest.fixture
def engine() -> str:
    """SQLite: the doors are the same on both."""
    return "sqlite"


class Api:
    """A client with one credential, sending and reading JSON."""

    def __init__(self, credential: str = "") -> None:
        from django.test import Client

        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {credential}"} if credential else {}

    def call(self, method: str, path: str, body: Any = None, *, media: str = "application/json", **headers: str) -> Any:
        """One request; `body` as JSON, or bytes as they are."""
        import orjson

        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"/api/v1{path}", raw, content_type=media, headers={**self.headers, **named}
        )

    def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **more: str) -> Any:
        """POST."""
        return self.call("POST", path, body, **more)

    def delete(self, path: str) -> Any:
        """DELETE."""
        return self.call("DELETE", path)


class World:
    """The small alliance, each of its members reachable by a client."""

    def __init__(self, alliance: Alliance) -> None:
        self.alliance = alliance
        self.clock = alliance.clock

    def api(self, member: str) -> Api:
        """A client with a lasting key of `member`."""
        return Api(self.alliance.own_key(member))

    def key(self, member: str, *scopes: str, **more: Any) -> Api:
        """A client with a new key of `member`."""
        return Api(self.alliance.key(member, *scopes, **more))

    def person(self, member: str, username: str, *roles: str) -> Api:
        """A new person of `member`, signed in through the API."""
        self.alliance.person(member, username, *roles)
        answer = Api().post("/sessions", {"username": username, "password": PASSWORD})
        return Api(answer.json()["token"])


@pytest.fixture
def world(alliance: Alliance) -> World:
    """The alliance through its API."""
    from django.test import override_settings

    assert alliance.clock is not None
    # Until the TAXII door stands, the API is served alone.
    urls = "shieldwall.urls" if find_spec("shieldwall.taxii") else "shieldwall.api.routes"
    with override_settings(ROOT_URLCONF=urls):
        yield World(alliance)
