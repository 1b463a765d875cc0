"""`serve` starts everything, keeps it alive and ends it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Operator


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(process: int) -> set[int]:
    """Every process that descends from this one."""
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child, *_children(child)}
    return found


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _catches(process: int, number: int) -> bool:
    """Whether the process has its own way with this signal."""
    status = Path(f"/proc/{process}/status").read_text()
    return bool(int(status.partition("SigCgt:")[2].split()[0], 16) >> (number - 1) & 1)


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


class Served:
    """A node being served."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def served(operator: Operator) -> Iterator[Served]:
    port = _free_port()
    operator.environment |= {
        "SHIELDWALL_BIND": f"127.0.0.1:{port}", "SHIELDWALL_URL": f"http://127.0.0.1:{port}", "SHIELDWALL_WORKERS": "1",
    }  # fmt: skip
    process = operator.start("serve")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"ready at http://127.0.0.1:{port}\n"
        yield Served(process, port)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def test_serve_answers_replaces_what_dies_and_ends_everything(operator: Operator) -> None:
    with served(operator) as node:
        assert node.answers()
        before = _children(node.process.pid)
        worker = next(one for one in before if " worker " in _command(one))
        workers_of_web = {one for one in before if " web " in _command(one)}
        os.kill(worker, signal.SIGKILL)
        assert _within(10, lambda: any(" worker " in _command(one) for one in _children(node.process.pid) - before))
        os.kill(max(workers_of_web), signal.SIGKILL)  # the forked process that answers
        assert _within(15, lambda: len(_children(node.process.pid) - before) >= 2 and node.answers())
        os.kill(min(workers_of_web), signal.SIGKILL)  # the one that watches it: its workers must not keep the port
        assert _within(20, lambda: not workers_of_web & _children(node.process.pid) and node.answers())
        everything = _children(node.process.pid)
    assert node.process.returncode == 0
    assert _within(5, lambda: not any(_lives(one) for one in everything))
    assert not node.answers()


def test_who_starts_and_ends_a_node_hears_nothing_but_that_it_is_ready(operator: Operator) -> None:
    with served(operator) as node:
        assert node.answers()
        node.process.send_signal(signal.SIGTERM)
        assert node.process.communicate(timeout=30) == ("", "")


def test_the_processes_end_with_a_killed_supervisor(operator: Operator) -> None:
    with served(operator) as node:
        everything = _children(node.process.pid)
        node.process.kill()
        assert _within(15, lambda: not any(_lives(one) for one in everything))


def test_serve_refuses_a_port_that_is_taken(operator: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = operator.run("serve", SHIELDWALL_BIND=f"127.0.0.1:{taken.getsockname()[1]}")
    assert done.returncode == 6 and done.stderr.count("\n") == 1 and "Address already in use" in done.stderr


def test_serve_refuses_a_schema_of_another_version(operator: Operator) -> None:
    from pysqlite3 import dbapi2

    with dbapi2.connect(operator.data / "log.db") as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'members'")
    connection.close()
    done = operator.run("serve", SHIELDWALL_BIND=f"127.0.0.1:{_free_port()}")
    assert done.returncode == 9 and "shieldwall migrate" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_alone_ends_when_asked(operator: Operator, number: signal.Signals) -> None:
    process = operator.start("worker")
    assert _within(20, lambda: _catches(process.pid, signal.SIGTERM))
    process.send_signal(number)
    _, said = process.communicate(timeout=10)
    assert (process.returncode, said) == (0, "")
