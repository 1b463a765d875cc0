"""What the processes do behind the requests: words, held submissions, deliveries, and a database that goes away."""

from __future__ import annotations

import signal
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.alliance import GREEN, bundle, indicator
from tests.cli.conftest import Operator
from tests.cli.test_serving import _catches, _within, served


@pytest.fixture
def member(operator: Operator) -> Operator:
    """An operator who has a key of the member acme."""
    made = operator.json("key", "add", "acme", "sensor", "--scope", "read", "--scope", "submit")
    operator.environment["SHIELDWALL_KEY"] = made["secret"]
    return operator


def _own_view(member: Operator) -> str:
    """The id of the collection of all that the member may read."""
    return str(member.json("collections")["collections"][0]["id"])


def test_words_are_found_what_is_held_goes_out_and_deliveries_outlive_the_web_process(
    member: Operator, tmp_path: Path
) -> None:
    from pysqlite3 import dbapi2

    file = tmp_path / "bundle.json"
    file.write_bytes(bundle(indicator("198.51.100.9", GREEN, name="Sandworm relay")))
    with served(member) as node:
        done = member.run("submit", str(file), "--audience", "community", "--hold", "1s")
        assert done.returncode == 0, done.stderr
        assert _within(15, lambda: "Sandworm relay" in member.run("search", "sandworm").stdout)
        assert member.json("lookup", "198.51.100.9")
        asked = urllib.request.Request(
            f"http://127.0.0.1:{node.port}/api/v1/collections/{_own_view(member)}/objects",
            headers={"Authorization": f"Bearer {member.environment['SHIELDWALL_KEY']}"},
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert b"Sandworm relay" in answer.read()
        # SIGTERM comes at once: the thread that writes deliveries half a second later never does.
    with dbapi2.connect(member.data / "side.db") as connection:
        assert connection.execute("SELECT count(*) FROM delivery WHERE member = 'acme'").fetchone()[0] >= 1
    connection.close()
    assert member.json("check") == []


def test_the_worker_outlives_its_database_connections(tmp_path: Path, postgres_url_factory) -> None:
    url = postgres_url_factory()
    operator = Operator(tmp_path / "node", SHIELDWALL_DATABASE=url)
    operator.set_up()
    worker = operator.start("worker")
    others = "FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(url, autocommit=True) as connection:

        def looking() -> set[int]:
            """The connections through which the worker looks whether the log moved."""
            looked = f"SELECT pid {others} AND query LIKE %s"
            return {row[0] for row in connection.execute(looked, (name, "%stamp%FROM node%"))}

        assert _within(20, lambda: _catches(worker.pid, signal.SIGTERM) and bool(looking()))
        before = looking()
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}", (name,))
        assert _within(10, lambda: bool(looking() - before)) and worker.poll() is None
    worker.terminate()
    _, said = worker.communicate(timeout=20)
    assert worker.returncode == 0 and said.count("trying again") <= 1, said  # an idle connection is replaced unsaid
