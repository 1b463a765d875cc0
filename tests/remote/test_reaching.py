"""Reaching a node: which one, as whom, and what is said when it cannot be."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from shieldwall.cli.remote.client import Client
from shieldwall.cli.remote.connection import Connection
from shieldwall.errors import StoreError, TooMany
from tests.alliance import PASSWORD
from tests.remote.conftest import Desktop


@pytest.mark.parametrize(
    ("environment", "code", "says"),
    [
        ({"SHIELDWALL_KEY": ""}, 7, "sign-in"),
        ({"SHIELDWALL_KEY": "sw_nobodys"}, 7, "shieldwall:"),
        ({"SHIELDWALL_URL": "http://127.0.0.1:9"}, 9, "no answer"),
        ({"SHIELDWALL_URL": "http://shieldwall.example"}, 4, "--insecure-http"),
        ({"SHIELDWALL_URL": "shieldwall.example"}, 3, "https://"),
        ({"SHIELDWALL_URL": "https://shieldwall.example/api/v1/"}, 3, "write https://shieldwall.example"),
        ({"SHIELDWALL_URL": "https://me:secret@shieldwall.example"}, 3, "--url"),
    ],
)
def test_what_is_wrong_with_the_way_there_is_one_clear_line(
    acme: Desktop, environment: dict[str, str], code: int, says: str
) -> None:
    told = acme.run("whoami", code=code, **environment)
    assert says in told.err and told.err.count("\n") == 1 and not told.out


def test_what_does_not_exist_and_what_may_not_be_read_are_alike(acme: Desktop) -> None:
    told = acme.run("explain", "indicator--6770298f-0fd8-471a-ab8c-1c658a46574e", code=5)
    assert told.err.startswith("shieldwall: ")


def test_a_person_signs_in_and_out_and_only_they_can_read_the_session(acme: Desktop) -> None:
    del acme.environment["SHIELDWALL_KEY"]
    said = acme.run("sign-in", "ada", SHIELDWALL_PASSWORD=PASSWORD)
    assert PASSWORD not in said.out + said.err
    session = acme.home / "config" / "shieldwall" / "sessions.json"
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    del acme.environment["SHIELDWALL_URL"]
    assert acme.run("whoami", "--json").json["member"] == "acme", "the node signed in to last is the one that is meant"
    acme.run("sign-out")
    acme.run("sign-in", "ada", SHIELDWALL_PASSWORD="wrong", code=None)
    assert acme.run("whoami", code=None).code != 0


def test_who_signs_in_beside_a_key_is_told_which_of_them_acts(acme: Desktop) -> None:
    told = acme.run("sign-in", "ada", SHIELDWALL_PASSWORD=PASSWORD)
    assert "unset SHIELDWALL_KEY" in told.err
    assert acme.run("whoami").out.startswith("key:")
    assert acme.run("whoami", SHIELDWALL_KEY="").out.startswith("person:")


def test_a_key_may_lie_in_a_file(acme: Desktop) -> None:
    (acme.home / "key").write_text(acme.environment.pop("SHIELDWALL_KEY") + "\n")
    assert acme.run("whoami", "--key-file", "key", "--json").json["principal"].startswith("key:")


Told = tuple[int, dict[str, str]]


@contextmanager
def answering(*answers: Told) -> Iterator[tuple[str, list[str]]]:
    """A node of few words: gives `answers` in turn, the last again and again; notes what it was asked."""
    left, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_node_that_asks_for_patience_gets_it() -> None:
    with answering((429, {"Retry-After": "0"}), (503, {}), (200, {})) as (url, asked):
        assert Client(Connection(url)).get("/me") == {}
        assert len(asked) == 3


def test_a_day_is_not_waited_for() -> None:
    with answering((429, {"Retry-After": "86400"})) as (url, asked), pytest.raises(TooMany) as caught:
        Client(Connection(url)).get("/me")
    assert caught.value.retry_after == 86_400 and len(asked) == 1


def test_a_withdrawal_is_not_sent_twice_to_a_node_that_is_unwell() -> None:
    with answering((503, {})) as (url, asked), pytest.raises(StoreError):
        Client(Connection(url)).post("/withdrawals", {"id": "x"})
    assert len(asked) == 1


def test_a_redirect_is_not_followed_because_the_key_would_go_along() -> None:
    with answering((302, {"Location": "http://127.0.0.1:9/elsewhere"})) as (url, asked), pytest.raises(StoreError):
        Client(Connection(url)).get("/me")
    assert len(asked) == 1
