"""A real node in a process of its own, and the command line as its members run it: in processes of their own too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.alliance import Alliance, envelope
from tests.node import fresh_node
from tests.server import ROOT, serve

COMMAND = [sys.executable, "-m", "shieldwall.cli.main"]


class Ran(msgspec.Struct, frozen=True):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Site(msgspec.Struct, frozen=True):
    """A served node: where it is, where its data lies, a key for each member."""

    url: str
    data: Path
    keys: dict[str, str]
    public_key: str

    def ask(self, member: str, method: str, path: str, **more: Any) -> Any:
        """Ask the API directly, for what a test only needs to be so."""
        headers = {"Authorization": f"Bearer {self.keys[member]}", "Content-Type": "application/json"}
        answer = httpx.request(method, f"{self.url}/api/v1{path}", headers=headers, trust_env=False, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def give(self, member: str, audience: str, *objects: dict[str, Any]) -> str:
        """Have `objects` submitted; the id of the collection of `audience`."""
        given = self.ask(member, "POST", "/objects", content=envelope(*objects), params={"audience": audience})
        assert given["counts"]["refused"] == 0, given
        return str(given["outcomes"][0]["collection"])

    def total(self, member: str, value: str) -> int:
        """How many entries with `value` this member can read."""
        return int(self.ask(member, "POST", "/lookup", json={"values": [value]})["results"][0]["total"])


class Desktop:
    """One member's machine: a home folder, and a key in its environment."""

    def __init__(self, site: Site, member: str, home: Path) -> None:
        self.home = home
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("SHIELDWALL_", "PYTHON"))
        }
        self.environment = inherited | {
            "SHIELDWALL_URL": site.url, "SHIELDWALL_KEY": site.keys[member], "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.home, env=self.environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
        )  # fmt: skip

    def run(self, *arguments: str, stdin: bytes = b"", code: int | None = 0, **environment: str) -> Ran:
        """Run a command to its end. `code` is the exit code it must have; None for any."""
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=self.home, env=self.environment | environment, input=stdin,
            capture_output=True, timeout=60,
        )  # fmt: skip
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert code is None or ran.code == code, f"{arguments}: {ran}"
        return ran


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A node with the small alliance on it, served until the tests end."""
    data = tmp_path_factory.mktemp("site") / "data"
    fresh_node(data)
    from shieldwall import exchange
    from shieldwall.store import node

    alliance = Alliance()
    alliance.person("acme", "ada", "analyst")
    keys = {member: alliance.own_key(member) for member in ("acme", "dansk", "fjord", "stahl", "no-cert")}
    public_key = exchange.public_key()
    node().close()
    with serve(data) as url:
        yield Site(url, data, keys, public_key)


@pytest.fixture
def desktop(site: Site, tmp_path: Path) -> Callable[[str], Desktop]:
    """The machine of a member."""

    def make(member: str) -> Desktop:
        home = tmp_path / member
        home.mkdir(exist_ok=True)
        return Desktop(site, member, home)

    return make


@pytest.fixture
def acme(desktop: Callable[[str], Desktop]) -> Desktop:
    return desktop("acme")


@pytest.fixture
def dansk(desktop: Callable[[str], Desktop]) -> Desktop:
    return desktop("dansk")
