"""What the documents name is there, and what they list is what the code has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shieldwall.members.roles import SCOPES, SCOPES_OF_ROLE
from shieldwall.policy import Audience, parse_audience

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|sql|txt|in)|(?:\w+/)+)`")
QUERIES = ROOT / "shieldwall" / "store" / "queries"
PLACES = (ROOT, ROOT / "shieldwall", QUERIES.parent, QUERIES, ROOT / "tests")


def named_files() -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for name in FILE.findall(document.read_text(encoding="utf-8")):
            yield document.name, name


def exists(name: str) -> bool:
    """At a place from which paths are written, or, for a bare file name, anywhere among the tests."""
    there = any((place / name).exists() for place in PLACES)
    return there or ("/" not in name and any(ROOT.glob(f"tests/**/{name}")))


def rows(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    text = (ROOT / document).read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert lines, f"{document} has a table below {heading}"
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[0].splitlines()]
    return cells[2:]


def test_every_file_that_a_document_names_is_there() -> None:
    # A data directory's own files are named too: these lie in no repository.
    found = [(document, name) for document, name in named_files() if not name.startswith(("keys/", "journal/", "var/"))]
    assert len(found) > 60
    assert [pair for pair in found if not exists(pair[1])] == []


@pytest.mark.parametrize(
    "written", [row[0].strip("`") for row in rows("docs/howto-member.md", "Address what you give")]
)
def test_every_address_in_the_how_to_is_one(written: str) -> None:
    if written != "none":
        assert isinstance(parse_audience(written.replace("\\|", "|")), Audience)


def test_the_roles_of_the_security_page_are_those_of_the_code() -> None:
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    for role, scopes in SCOPES_OF_ROLE.items():
        row = re.search(rf"^\| [^|]*\b{role}\b[^|]*\| ([^|]+) \|$", text, re.MULTILINE)
        assert row, role
        assert set(row[1].split(", ")) == (set(scopes) or {"none"}), role
    assert {row[0].strip("`") for row in rows("docs/security.md", "Who may do what")} == SCOPES


def test_the_keys_of_the_security_page_are_those_that_the_code_makes() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("shieldwall/**/*.py"))
    made = set(re.findall(r"\bsecret\((?:CONFIG\.data, )?\"(\w+)\"\)", code))
    listed = {row[0].strip("`").removeprefix("keys/") for row in rows("docs/security.md", "Key material")}
    assert made == listed


def test_the_glossary_is_in_order_and_gives_each_word_once() -> None:
    words = [row[0] for row in rows("docs/glossary.md", "Words")]
    assert words == sorted(set(words), key=str.casefold)
