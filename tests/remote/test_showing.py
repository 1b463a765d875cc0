"""What people are shown: tables whose ids can be copied, audiences in counts."""

from __future__ import annotations

import os
import pty
import subprocess
from typing import Any

import pytest

from shieldwall.cli.remote.wording import counted, readers_counted
from tests.alliance import AMBER, indicator
from tests.remote.conftest import COMMAND, Desktop, Site


def seen(desktop: Desktop, *arguments: str, columns: int) -> str:
    """What a command shows at a terminal of so many columns."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=desktop.home, env=desktop.environment | {"COLUMNS": str(columns), "TERM": "dumb"},
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 1 << 16):
                shown += more
        except OSError:  # so a terminal tells that the other side has gone
            pass
        os.close(ours)
    assert running.returncode == 0
    return shown.decode()


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_ids_are_never_broken_in_a_terminal(site: Site, acme: Desktop, columns: int) -> None:
    made = indicator("192.0.2.210", AMBER)
    collection = site.give("acme", "member:acme|member:dansk", made)
    assert made["id"] in seen(acme, "lookup", "192[.]0[.]2[.]210", columns=columns)
    assert collection in seen(acme, "collections", columns=columns)


ACME, DANSK = {"nation": "no", "name": "Acme"}, {"nation": "dk", "name": "Dansk"}


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ({"address": "a", "members": [ACME]}, "a: 1 member"),
        ({"address": "a", "members": [ACME, DANSK, ACME]}, "a: 3 members (no 2, dk 1)"),
        ({"address": "a", "members": [ACME], "others": 1200}, "a: 1 member, 1,200 not named"),
        ({"address": "p", "members": [], "people": [{"name": "Ada"}]}, "p: 1 person"),
        ({"members": []}, "your own organisation: 0 members"),
    ],
)
def test_an_audience_is_counted_by_nation(audience: dict[str, Any], words: str) -> None:
    assert readers_counted(audience) == words


def test_counts_are_in_the_right_number() -> None:
    assert [counted(count, "entry", "entries") for count in (0, 1, 1500)] == ["0 entries", "1 entry", "1,500 entries"]
