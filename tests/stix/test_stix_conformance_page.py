"""The conformance page is held true: every rule has its row, and every test named there exists."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "stix-conformance.md").read_text()
ROWS = re.findall(r"^\| (ST\d+b?) \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE)
ELSEWHERE = {"the exchange", "the pattern room", "this page"}


def test_every_rule_has_its_row() -> None:
    assert [rule for rule, _ in ROWS] == sorted([*(f"ST{n}" for n in range(1, 45)), "ST15b"], key=_number)


def _number(rule: str) -> tuple[int, str]:
    return int(re.sub(r"\D", "", rule)), rule


def test_every_test_named_on_the_page_exists() -> None:
    source = "".join(file.read_text() for file in HERE.glob("test_*.py"))
    named = {test for _, test in ROWS} - ELSEWHERE
    assert [test for test in sorted(named) if f"def {test}(" not in source] == []
