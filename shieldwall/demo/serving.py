"""Serving the demo: `shieldwall serve` as a child, watched until it answers, stopped with all it started."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from shieldwall.errors import BadInput, Conflict, StoreError

HOST = "127.0.0.1"
_ANSWERS_WITHIN = 60.0  # seconds
_STOPS_WITHIN = 20.0  # more than the server gives its own children
_LOOK = 0.05
_SERVE = (sys.executable, "-m", "shieldwall.cli.main", "serve")


class Stopped(BaseException):
    """Somebody asked us to stop: SIGTERM or SIGINT."""


def usable_port(wanted: int) -> int:
    """`wanted`, or for 0 one that is free. Raises Conflict where it is taken, BadInput where it cannot be a port."""
    if not 0 <= wanted <= 65535:
        raise BadInput("no port has this number", where="--port", remedy="use 1 to 65535, or 0 for any that is free")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as problem:
            raise Conflict(
                f"port {wanted} cannot be used: {problem.strerror}", where="--port",
                remedy="stop what listens there, or choose another: --port 0 takes any that is free",
            ) from problem  # fmt: skip
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Within, SIGTERM and SIGINT raise Stopped once; further ones do not cut short the tidying up."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = [(each, signal.signal(each, stop)) for each in (signal.SIGTERM, signal.SIGINT)]
    try:
        yield
    finally:
        for each, handler in before:
            signal.signal(each, handler)


class Server:
    """`shieldwall serve` on the node of this environment."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def await_answer(self, url: str) -> None:
        """Return once it answers at `url`. Raises StoreError where it ends by itself, or says nothing for too long."""
        until = time.monotonic() + _ANSWERS_WITHIN
        while time.monotonic() < until:
            if self._child.poll() is not None:
                raise _ended(self._child)
            if _answers(url):
                return
            time.sleep(_LOOK)
        raise StoreError(f"no answer from {url} in {_ANSWERS_WITHIN:.0f} s", remedy="see what the server said above")

    def wait(self) -> None:
        """Return never but by a signal. Raises StoreError where the server ends by itself."""
        self._child.wait()
        raise _ended(self._child)


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs as long as the block. What it complains of goes to stderr."""
    child = subprocess.Popen(_SERVE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield Server(child)
    finally:
        _stop(child)


def _ended(child: subprocess.Popen[bytes]) -> StoreError:
    return StoreError(f"the server ended with {child.returncode}", remedy="see what it said above")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/v1/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
