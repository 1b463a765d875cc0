"""A PostgreSQL that stops, restarts and drops its connections: no answer but 503, and recovery without help."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from shieldwall.errors import StoreError
from shieldwall.store import READERS, SIDE, one, run, snapshot
from shieldwall.store.connector import fetch
from tests import postgres
from tests.alliance import GREEN, bundle, indicator
from tests.cli.conftest import Operator
from tests.cli.test_serving import _catches, _within
from tests.crash.conftest import furnish, make_home
from tests.crash.life import Home
from tests.crash.trial import Trial
from tests.node import config_of, migrate
from tests.server import serve

SAFE = "fsync = 'on'\nsynchronous_commit = 'on'\nfull_page_writes = 'on'\n"
PATIENCE_S = 30
_END = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "


class Server(postgres.Cluster):
    """A server of this test's own, to be mistreated. It commits as a node wants it to."""

    def begin(self) -> None:
        """Start it for the first time."""
        self.start()
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(SAFE)
        self.crash()
        self.go_on()

    def crash(self) -> None:
        """Stop it without a word to anybody."""
        self._run("pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-w")

    def go_on(self) -> None:
        """Start it again; it recovers from its log."""
        self._run("pg_ctl", "start", "-D", self.data, "-l", self.folder / "log", "-w", "-t", "60")

    def cut_off(self) -> None:
        """End every connection but ours."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(_END + "backend_type = 'client backend'")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if postgres.find_programs() is None:
        pytest.skip("no PostgreSQL here")
    made = Server(postgres.new_folder())
    made.begin()
    yield made
    made.stop()


@pytest.fixture
def fragile(server: Server, tmp_path: Path) -> Home:
    """A node whose database lies on that server."""
    from shieldwall.store import open_node

    config = config_of(tmp_path / "node", server.url(server.create()))
    migrate(config)
    open_node(config)
    return furnish()


def _doors(url: str, home: Home, number: int) -> dict[str, Callable[[], httpx.Response]]:
    """What is asked at each door; the media type of its answers stands in its name."""
    client = httpx.Client(base_url=url, auth=("acme", home.acme), timeout=PATIENCE_S, trust_env=False)
    taxii = {"Accept": "application/taxii+json;version=2.1"}
    raw_bundle = bundle(indicator(f"10.0.0.{number}", GREEN))
    return {
        "taxii discovery": lambda: client.get("/taxii2/", headers=taxii),
        "taxii collections": lambda: client.get("/taxii2/root/collections/", headers=taxii),
        "api me": lambda: client.get("/api/v1/me"),
        "api collections": lambda: client.get("/api/v1/collections"),
        "api lookup": lambda: client.post("/api/v1/lookup", json={"values": ["10.0.0.1"]}),
        "api health": lambda: client.get("/api/v1/health"),
        "api submit": lambda: client.post(
            "/api/v1/objects?audience=community", content=raw_bundle,
            headers={"Content-Type": "application/json", "Idempotency-Key": f"bundle-{number}"},
        ),
        "api sign in": lambda: client.post("/api/v1/sessions", json={"username": "boss", "password": "no such"}),
    }  # fmt: skip


def test_every_door_answers_503_while_the_server_is_away_and_recovers(fragile: Home, server: Server) -> None:
    operator = Operator(fragile.data, SHIELDWALL_DATABASE=fragile.database)
    with serve(fragile.data, fragile.database) as url:
        worker = operator.start("worker")
        assert _within(PATIENCE_S, lambda: _catches(worker.pid, signal.SIGTERM)), "it works"
        assert {name: ask().status_code for name, ask in _doors(url, fragile, 1).items()} == _WELL
        server.crash()
        for _ in range(2):
            for name, ask in _doors(url, fragile, 2).items():
                answer = ask()
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), name
                media = "application/taxii+json;version=2.1" if "taxii" in name else "application/json"
                assert answer.headers["Content-Type"].startswith(media), name
                assert b"psycopg" not in answer.content and b"127.0.0.1" not in answer.content
        server.go_on()
        assert _within(PATIENCE_S, lambda: _doors(url, fragile, 2)["api health"]().status_code == 200)
        assert {name: ask().status_code for name, ask in _doors(url, fragile, 2).items()} == _WELL
        server.cut_off()
        assert {name: ask().status_code for name, ask in _doors(url, fragile, 3).items()} == _WELL
        assert worker.poll() is None
        assert _within(PATIENCE_S, lambda: _found(url, fragile) == 3), "the worker follows the log again"
        worker.terminate()
        assert worker.wait(20) == 0
    done = operator.run("check")
    assert done.returncode == 0, done.stdout


_WELL = {
    "taxii discovery": 200, "taxii collections": 200, "api me": 200, "api collections": 200, "api lookup": 200,
    "api health": 200, "api submit": 200, "api sign in": 401,
}  # fmt: skip


def test_what_was_acknowledged_outlives_restarts_and_cuts(fragile: Home, server: Server) -> None:
    trial = Trial(fragile, "restarts", patient=True)
    ended = threading.Event()

    def mistreat() -> None:
        for turn in range(4):
            time.sleep(0.4)
            if turn % 2:
                server.cut_off()
            else:
                server.crash()
                time.sleep(0.2)
                server.go_on()
        ended.set()

    thread = threading.Thread(target=mistreat)
    thread.start()
    while not ended.is_set():
        trial.cycle(most_seconds=2)
    thread.join()
    trial.cycle()
    trial.end_worker()
    assert trial.wrong() == [] and len(trial.told) > 20 and trial.faults > 0


def _found(url: str, home: Home) -> int:
    """How many objects the words find that the worker wrote behind the log."""
    answer = httpx.get(
        f"{url}/api/v1/search", params={"q": "address"}, auth=("acme", home.acme), timeout=PATIENCE_S, trust_env=False
    )
    return len(answer.json()["results"]) if answer.status_code == 200 else 0


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """A node of this process on the tests' server; what is given ends its connections."""
    from shieldwall.store import node, open_node

    home = make_home("postgresql", request, tmp_path / "node")
    open_node(config_of(home.data, home.database))
    name = urlsplit(home.database).path.lstrip("/")

    def cut_off() -> None:
        with psycopg.connect(home.database, autocommit=True) as connection:
            connection.execute(_END + "datname = %s", (name,))

    yield cut_off
    node().close()


def test_a_connection_lost_inside_a_snapshot_ends_that_snapshot_alone(served: Callable[[], None]) -> None:
    with pytest.raises(StoreError), snapshot():
        assert one(READERS, "node_state")
        served()
        with pytest.raises(StoreError):
            one(READERS, "node_state")
        with pytest.raises(StoreError):  # never half of a snapshot on one connection and half on another
            one(READERS, "node_state")
        raise StoreError("as a caller would")
    with snapshot():
        assert fetch(READERS, "SHOW transaction_isolation", {}) == [("repeatable read",)]
        assert one(READERS, "node_state")
    assert fetch(READERS, "SHOW transaction_isolation", {}) == [("read committed",)]


def test_a_turn_whose_connection_is_lost_leaves_nothing_and_the_next_goes(served: Callable[[], None]) -> None:
    from shieldwall.store import WRITER, writing

    before = run(READERS, "register_length")
    with pytest.raises(StoreError), writing() as turn:
        turn.record_act({"act": "tried"})
        served()
    assert run(READERS, "register_length") == before
    with writing() as turn:
        turn.record_act({"act": "done"})
    assert run(READERS, "register_length")[0][0] == before[0][0] + 1 and one(WRITER, "node_state")


def test_deliveries_held_while_the_database_was_away_are_written_after(served: Callable[[], None]) -> None:
    from shieldwall.store import position, record_deliveries

    def recorded() -> int:
        return int(fetch(SIDE, "SELECT count(*) FROM delivery", {})[0][0])

    record_deliveries("key:a", "acme", [position(1, 1)], "api")
    assert _within(10, lambda: recorded() == 1)  # its thread has a connection of its own by now
    served()
    record_deliveries("key:a", "acme", [position(1, 2)], "api")
    assert _within(10, lambda: recorded() == 2)
