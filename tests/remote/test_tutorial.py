"""The tutorial's commands are run as they stand there, in order, and answer what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.remote.conftest import COMMAND, Desktop, Site
from tests.server import ROOT

PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODES = re.compile(r"(\d) [a-z]")


def steps() -> list[tuple[str, list[str]]]:
    """Each block of commands, with the lines that it is said to answer (… stands for anything)."""
    found: list[tuple[str, list[str]]] = []
    for kind, text in BLOCK.findall(PAGE.read_text()):
        if kind == "sh":
            found.append((text, []))
        else:
            found[-1][1].extend(text.splitlines())
    return found


def with_command(folder: Path) -> Path:
    """A folder with `shieldwall` in it, as an installation has it."""
    folder.mkdir()
    command = folder / "shieldwall"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    command.chmod(0o755)
    return folder


def test_the_first_hour_goes_as_the_tutorial_tells_it(site: Site, acme: Desktop, tmp_path: Path) -> None:
    environment = acme.environment | {"PATH": f"{with_command(tmp_path / 'bin')}:/usr/bin:/bin"}
    (acme.home / "node.key").write_text(site.public_key + "\n")
    for commands, said in steps():
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands], cwd=acme.home, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, f"{commands}\n{ran.stdout}{ran.stderr}"
        for line in said:
            pattern = ".*".join(re.escape(part) for part in line.split("…"))
            assert re.search(f"^{pattern}", ran.stdout, re.MULTILINE), f"{line!r} is not in\n{ran.stdout}"


def test_the_tutorial_shows_most_of_what_members_do() -> None:
    shown = {word for commands, _ in steps() for word in re.findall(r"^shieldwall ([a-z-]+)", commands, re.MULTILINE)}
    assert shown >= {"whoami", "audience", "submit", "lookup", "search", "explain", "pull", "withdraw", "verify"}


@pytest.mark.parametrize("code", range(10))
def test_the_tutorial_names_every_exit_code(code: int) -> None:
    assert str(code) in CODES.findall(PAGE.read_text().rpartition("Exit codes")[2])
