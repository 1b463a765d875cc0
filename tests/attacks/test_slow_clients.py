"""Clients that begin a request and then wait, to make everybody wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import orjson
import pytest

from shieldwall.store import node, open_node
from tests.attacks.conftest import Served, answered
from tests.node import config_of

JSON = "Content-Type: application/json"
LONG = "Content-Length: 100"
QUESTION = b'{"audience":"community"}'


def test_an_outsider_who_never_ends_signing_in_stops_nobody(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(served.begin("POST", "/api/v1/sessions", JSON, LONG, body=b"{"))
        for _ in range(3):
            assert served.ask("GET", "/api/v1/me", member="dansk")[0] == 200
            assert served.ask("POST", "/api/v1/audience", JSON, member="dansk", body=QUESTION)[0] == 200


@pytest.mark.parametrize("length", [LONG, "Transfer-Encoding: chunked"])
def test_a_member_who_never_ends_what_it_sends_stops_only_itself(served: Served, length: str) -> None:
    begun = b"5\r\n[    \r\n" if "chunked" in length else b"["
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(served.begin("POST", "/api/v1/objects", JSON, length, member="fjord", body=begun))
        assert served.ask("GET", "/api/v1/me", member="dansk")[0] == 200
        assert served.ask("POST", "/api/v1/audience", JSON, member="dansk", body=QUESTION)[0] == 200
        status, body = served.ask("POST", "/api/v1/audience", JSON, member="fjord", body=QUESTION)
        assert (status, b"on their way" in body) == (429, True)
    _eventually(lambda: served.ask("POST", "/api/v1/audience", JSON, member="fjord", body=QUESTION)[0] == 200)


def test_a_key_revoked_while_its_body_is_on_its_way_reads_nothing(served: Served) -> None:
    question = b'{"values":["198.51.100.7"]}'
    with served.begin("POST", "/api/v1/lookup", JSON, f"Content-Length: {len(question)}", member="stahl") as connection:
        connection.sendall(question[:5])
        time.sleep(0.2)
        from shieldwall import members
        from shieldwall.members.viewers import OPERATOR

        open_node(config_of(served.data))
        members.revoke_key(OPERATOR, served.keys["stahl"].split("_")[1])
        node().close()
        connection.sendall(question[5:])
        assert answered(connection)[0] == 401


def test_a_vast_question_keeps_nobody_waiting(served: Served) -> None:
    question = orjson.dumps({"values": ["(a" * 80] * 12_000})
    answers: list[int] = []
    asking = threading.Thread(
        target=lambda: answers.append(served.ask("POST", "/api/v1/lookup", JSON, member="acme", body=question)[0])
    )
    asking.start()
    longest = 0.0
    while asking.is_alive():
        begun = time.perf_counter()
        assert served.ask("GET", "/api/v1/me", member="dansk")[0] == 200
        longest = max(longest, time.perf_counter() - begun)
        time.sleep(0.01)
    assert (answers, longest < 0.5) == ([200], True)


def _eventually(holds: Callable[[], bool]) -> None:
    """The server notices within moments that a client has hung up."""
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_members_who_never_read_their_answers_stop_nobody(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(served.begin("GET", "/api/v1/openapi.json"))
        assert served.ask("GET", "/api/v1/me", member="dansk")[0] == 200


def test_what_is_slow_but_whole_is_taken(served: Served) -> None:
    with served.begin("POST", "/api/v1/audience", JSON, "Content-Length: 24", member="dansk") as connection:
        for byte in QUESTION:
            connection.sendall(bytes([byte]))
        assert answered(connection)[0] == 200
