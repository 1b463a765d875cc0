"""The API on SQLite, spoken to through Django's own client; what must hold on both engines says so itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.alliance import PASSWORD, Alliance, bundle

BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
"""For the few journeys that are taken on both engines."""


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """SQLite, unless the test says otherwise."""
    wanted = str(getattr(request, "param", "sqlite"))
    if wanted == "postgresql":  # asked for here, so that its databases outlive the node that a test serves
        request.getfixturevalue("postgres_url_factory")
    return wanted


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
        return self.client.generic(method, f"/api/v1{path}", raw, content_type=media, headers={**self.headers, **named})

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
        assert alliance.clock is not None
        self.alliance = alliance
        self.clock = alliance.clock

    def api(self, member: str) -> Api:
        """A client with a lasting key of `member`."""
        return Api(self.alliance.own_key(member))

    def key(self, member: str, *scopes: str, **more: Any) -> Api:
        """A client with a new key of `member`."""
        return Api(self.alliance.key(member, *scopes, **more))

    def given(self, member: str, audience: str, *objects: dict[str, Any]) -> dict[str, Any]:
        """What `member` gives to `audience`, none of it refused: the receipt."""
        answer = self.api(member).post(f"/objects?audience={quote(audience)}", bundle(*objects))
        receipt: dict[str, Any] = answer.json()
        assert {one["outcome"] for one in receipt["outcomes"]} <= {"admitted", "present"}, receipt
        return receipt

    def person(self, member: str, username: str, *roles: str) -> Api:
        """A new person of `member`, signed in through the API."""
        self.alliance.person(member, username, *roles)
        return self.sign_in(username)

    def sign_in(self, username: str) -> Api:
        """A client with a new session of a person."""
        answer = Api().post("/sessions", {"username": username, "password": PASSWORD})
        return Api(answer.json()["token"])


@pytest.fixture
def world(alliance: Alliance) -> World:
    """The alliance through its API."""
    return World(alliance)
