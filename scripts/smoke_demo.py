"""Starts `make demo` as a newcomer would, reads its first line, asks its health, and stops it again."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

READY_WITHIN = 60.0  # seconds; the promise is 20 on an idle machine
STOPPED_WITHIN = 15.0
PROMISED = {"url", "taxii", "api", "mail", "public_key", "people", "keys", "groups", "clients"}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def first_line(demo: subprocess.Popen[bytes]) -> bytes:
    """What the demo says first. Fails where it ends or stays silent."""
    assert demo.stdout
    with selectors.DefaultSelector() as waiting:
        waiting.register(demo.stdout, selectors.EVENT_READ)
        if not waiting.select(READY_WITHIN):
            raise SystemExit(f"smoke: the demo said nothing within {READY_WITHIN:.0f} s")
    return demo.stdout.readline()


def check(said: dict[str, object]) -> None:
    """The first line keeps its contract, and the node that it names is well."""
    if lacking := PROMISED - said.keys():
        raise SystemExit(f"smoke: the demo's first line lacks {', '.join(sorted(lacking))}")
    with urllib.request.urlopen(str(said["api"]).rstrip("/") + "/health", timeout=20) as answer:
        print(f"smoke: {answer.status} {answer.read(300).decode()}")


def stop(demo: subprocess.Popen[bytes]) -> None:
    """End the demo and all that it started, politely; fails where something does not go."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(demo.pid, signal.SIGTERM)
        for _ in range(int(STOPPED_WITHIN * 10)):
            demo.poll()
            os.killpg(demo.pid, 0)
            time.sleep(0.1)
        os.killpg(demo.pid, signal.SIGKILL)
        raise SystemExit(f"smoke: the demo still ran {STOPPED_WITHIN:.0f} s after SIGTERM")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="shieldwall-smoke-") as data:
        began = time.monotonic()
        demo = subprocess.Popen(
            ["make", "--silent", "--no-print-directory", "demo", f"PORT={free_port()}", "ARGS=--json"],
            stdout=subprocess.PIPE,
            env={**os.environ, "SHIELDWALL_DATA": data},
            start_new_session=True,
        )
        try:
            line = first_line(demo)
            print(f"smoke: the demo answered after {time.monotonic() - began:.1f} s")
            if not line.startswith(b"{"):
                raise SystemExit(f"smoke: its first line is not JSON: {line[:200]!r}")
            check(json.loads(line))
        finally:
            stop(demo)


if __name__ == "__main__":
    main()
