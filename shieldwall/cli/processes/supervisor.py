"""One command, several processes: started, watched, started again with patience, and ended together."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from threading import Event
from types import FrameType

from shieldwall.cli.exits import FAILED, OK
from shieldwall.config import Config
from shieldwall.errors import Conflict

_COMMAND = (sys.executable, "-m", "shieldwall.cli.main")
_WATCH_SECONDS = 0.1
_READY_WITHIN = 60.0
_STOPS_WITHIN = 15.0
_FIRST_BACKOFF, _MOST_BACKOFF = 0.5, 30.0
_CALM_AFTER = 60.0  # seconds of life after which an earlier death is forgotten


def require_free_port(bind: str) -> None:
    """Raises Conflict where nobody can listen at `bind`."""
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as problem:
            raise Conflict(
                f"cannot listen at {bind}: {problem.strerror}", rule="port", where="SHIELDWALL_BIND",
                remedy="end what listens there, or choose another port",
            ) from problem  # fmt: skip


class _Child:
    """One process and its lives."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.backoff = _FIRST_BACKOFF
        self.due = 0.0
        self.start()

    def start(self) -> None:
        """Begin a life."""
        self.born = time.monotonic()
        self.due = 0.0
        self.process = subprocess.Popen([*_COMMAND, self.name, "--supervised"], stdin=subprocess.DEVNULL)

    def watch(self) -> None:
        """Start it again where it died, the later the more often it did."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.due:
            if now - self.born > _CALM_AFTER:
                self.backoff = _FIRST_BACKOFF
            self.due = now + self.backoff
            print(
                f"shieldwall: {self.name} ended ({_spoken(self.process.returncode)}); again in {self.backoff:g} s",
                file=sys.stderr, flush=True,
            )  # fmt: skip
            self.backoff = min(2 * self.backoff, _MOST_BACKOFF)
        elif now >= self.due:
            self.start()


class Supervisor:
    """Web and worker of one node."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._ending = Event()
        self._children: list[_Child] = []

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT. Returns the exit code: not 0 where it did not come to serving."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        self._children = [_Child("web"), _Child("worker")]
        code = self._begin()
        while not self._ending.wait(_WATCH_SECONDS):
            for child in self._children:
                child.watch()
        self._stop()
        return code

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending.set()

    def _begin(self) -> int:
        """Wait until it answers, or one of them dies, or patience ends."""
        until = time.monotonic() + _READY_WITHIN
        while not self._ending.is_set() and time.monotonic() < until:
            dead = [child for child in self._children if child.process.poll() is not None]
            if dead:
                print(f"shieldwall: {dead[0].name} could not start", file=sys.stderr, flush=True)
                break
            if _answers(self._config.bind):
                print(f"ready at {self._config.url}", flush=True)
                return OK
            self._ending.wait(_WATCH_SECONDS)
        stopped = self._ending.is_set()
        self._ending.set()
        return OK if stopped else FAILED

    def _stop(self) -> None:
        """SIGTERM to all, then patience, then SIGKILL."""
        for child in self._children:
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + _STOPS_WITHIN
        for child in self._children:
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def _answers(bind: str) -> bool:
    """Whether HTTP is answered there, whatever the answer."""
    host, _, port = bind.rpartition(":")
    reachable = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))
    connection = http.client.HTTPConnection(reachable, int(port), timeout=5)
    try:
        connection.request("GET", "/api/v1/health")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _spoken(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
