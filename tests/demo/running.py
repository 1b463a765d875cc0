"""The demo as its users start it: the real command in a process of its own."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

COMMAND = (sys.executable, "-m", "shieldwall.cli.main", "demo")
_SPEAKS_WITHIN = 90.0  # seconds, on a machine that does much else


class Running(msgspec.Struct):
    """A demo that answers, and its first line."""

    process: subprocess.Popen[bytes]
    data: Path
    said: dict[str, Any]
    line: str

    def key(self, **wanted: Any) -> dict[str, Any]:
        """The first key that shows `wanted`, such as kind="company"."""
        return next(key for key in self.said["keys"] if all(key[name] == value for name, value in wanted.items()))


def environment(data: Path) -> dict[str, str]:
    """This process's environment, with `data` as the data directory."""
    return {**os.environ, "SHIELDWALL_DATA": str(data), "SHIELDWALL_DATABASE": "sqlite", "SHIELDWALL_WORKERS": "1"}


@contextmanager
def running(data: Path, *options: str) -> Iterator[Running]:
    """`shieldwall demo --json` on `data`, in a process group of its own, until the block ends."""
    process = subprocess.Popen(
        [*COMMAND, "--json", "--port", "0", *options], stdout=subprocess.PIPE, env=environment(data),
        start_new_session=True,
    )  # fmt: skip
    try:
        line = _first_line(process)
        yield Running(process, data, json.loads(line), line)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the demo alone: what it started is its own to end."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(30)


def is_gone(group: int) -> bool:
    """Whether no process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def _first_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        assert waiting.select(_SPEAKS_WITHIN), "the demo said nothing"
    line = process.stdout.readline().decode()
    assert line, f"the demo ended with {process.wait(5)}"
    return line
