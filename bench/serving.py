"""Servers to measure, each a process of its own on a free loopback port, and a client that only reads."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 60


@contextmanager
def process(command: Sequence[str], port: int, **environment: str) -> Iterator[None]:
    """Run `command` until the block ends; it must listen on `port` within a minute."""
    started = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, started, command)
        yield
    finally:
        started.terminate()
        started.wait(_PATIENCE_S)


def _wait_for(port: int, started: subprocess.Popen[bytes], command: Sequence[str]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if started.poll() is not None:
            raise RuntimeError(f"{command[0]} ended before it listened")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.connect()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"{command[0]} does not listen")


def granian(interface: str, application: str, port: int) -> list[str]:
    """The command that serves `application` with one worker and one blocking thread."""
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-ws", *(["--blocking-threads", "1"] if interface == "wsgi" else []), application,
    ]  # fmt: skip


def requests_a_second(port: int, path: str, headers: Mapping[str, str], *, seconds: float, most: int = 10**9) -> float:
    """GETs of `path` a second over one kept connection, each read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    begun = time.perf_counter()
    done = 0
    while done < most and (done == 0 or time.perf_counter() - begun < seconds):
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        body = response.read()
        if response.status != 200 or not body:
            raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
        done += 1
    connection.close()
    return done / (time.perf_counter() - begun)
