"""The conformance page is held true: every clause has its row, and every test named there exists."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "taxii-conformance.md").read_text()
ROWS = re.findall(r"^\| TX(\d+) \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_every_clause_has_its_row() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, 79))


def test_every_test_named_on_the_page_exists() -> None:
    source = "".join(file.read_text() for file in HERE.glob("test_*.py"))
    named = {test for _, test in ROWS if not test.startswith("reason: ")}
    assert [test for test in sorted(named) if f"def {test}(" not in source] == []
