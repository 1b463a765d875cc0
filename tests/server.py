"""A real server: granian, one worker with its gate, over a prepared data directory, on a free loopback port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shieldwall.config import WEB_THREADS

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 30


@contextmanager
def serve(data_dir: Path, database: str = "sqlite", **settings: str) -> Iterator[str]:
    """Serve the node in `data_dir`; gives its base URL, which is also its SHIELDWALL_URL. `settings` are others."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shieldwall.settings", "SHIELDWALL_DATA": str(data_dir),
        "SHIELDWALL_DATABASE": database, "SHIELDWALL_URL": url,
    } | settings  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", str(WEB_THREADS), "--http", "1", "--no-ws",
        "shieldwall.wsgi:application",
    ]  # fmt: skip
    with open(data_dir / "server.log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(port, process, data_dir / "server.log")
            yield url
        finally:
            process.terminate()
            process.wait(_PATIENCE_S)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"no answer in {_PATIENCE_S} s: {log.read_text()}")
