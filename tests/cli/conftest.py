"""The real command, run as a process of its own on data directories made for the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.alliance import PASSWORD

COMMAND = (sys.executable, "-m", "shieldwall.cli.main")
COMPILED = str(Path(tempfile.gettempdir()) / f"shieldwall-tests-compiled-{os.getuid()}")  # or each start takes seconds


class Operator:
    """Somebody at a shell on the node's machine."""

    def __init__(self, data: Path, **settings: str) -> None:
        ours = ("SHIELDWALL_", "DJANGO_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.data = data
        self.environment = {**kept, "PYTHONPYCACHEPREFIX": COMPILED, "SHIELDWALL_DATA": str(data), **settings}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """The command with these arguments; `more` are variables for this run alone."""
        environment = self.environment | more
        return subprocess.run(
            [*COMMAND, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )

    def set_up(self) -> None:
        """The hub `hub` and its administrator `boss`."""
        done = self.run(
            "setup", "--name", "Alliance Hub", "--slug", "hub", "--admin", "boss", SHIELDWALL_PASSWORD=PASSWORD
        )
        assert done.returncode == 0, done.stderr

    def json(self, *arguments: str) -> Any:
        """What a command that must succeed prints with --json."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, running on."""
        return subprocess.Popen(
            [*COMMAND, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node that was set up by the command, with two members of Norway, to copy."""
    operator = Operator(tmp_path_factory.mktemp("cli") / "node")
    operator.set_up()
    table = operator.data.parent / "members.csv"
    table.write_text('slug,name,kind,nation\nacme,"Acme, Power",company,no\nno-cert,CERT,cert,no\n')
    operator.json("nation", "add", "no", "Norway")
    assert operator.json("member", "import", str(table)) == {"members": ["acme", "no-cert"]}
    return operator.data


@pytest.fixture
def operator(set_up_once: Path, tmp_path: Path) -> Iterator[Operator]:
    """An operator on a node of their own, with the members acme and no-cert."""
    shutil.copytree(set_up_once, tmp_path / "node")
    yield Operator(tmp_path / "node")
