"""Checks what the documents promise: links lead somewhere, verbs and settings exist, the README leads to them all."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


def documents() -> list[Path]:
    """Every document of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]


def prose(document: Path) -> str:
    """Its text without the blocks of code, where brackets are not links and # is no heading."""
    return FENCE.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    """The names of its headings, as links spell them."""
    found: set[str] = set()
    for heading in HEADING.findall(prose(document)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        again = sum(1 for n in range(1, 99) if f"{name}-{n}" in found)
        found.add(f"{name}-{again + 1}" if name in found else name)
    return found


def links(document: Path) -> list[str]:
    """The targets of its links that lead inside the project."""
    text = CODE.sub("", prose(document))
    targets = [link or picture for link, picture in LINK.findall(text)]
    return [target for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:", target)]


def broken_links(document: Path) -> Iterator[str]:
    for target in links(document):
        path, _, anchor = target.partition("#")
        there = (document.parent / path).resolve() if path else document
        if not there.exists():
            yield f"{target} leads nowhere"
        elif ROOT not in [there, *there.parents]:
            yield f"{target} leads out of the project"
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            yield f"{target}: no such heading"


def unknown_verbs(document: Path) -> Iterator[str]:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for verb in re.findall(r"(?:^    |^|`)make ([a-z]+)", document.read_text(), re.MULTILINE):
        if verb not in known:
            yield f"`make {verb}` is no verb of the Makefile"


def unknown_settings(document: Path) -> Iterator[str]:
    source = "".join(path.read_text() for path in ROOT.glob("shieldwall/**/*.py"))
    for name in sorted(set(re.findall(r"\bSHIELDWALL_[A-Z_]*[A-Z]\b", document.read_text()))):
        if name not in source:
            yield f"{name} is no setting"


def out_of_reach() -> Iterator[str]:
    """Documents that no path of links from the README leads to."""
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        document = todo.pop()
        if document in reached or document.suffix != ".md" or not document.exists():
            continue
        reached.add(document)
        todo += [(document.parent / target.partition("#")[0]).resolve() for target in links(document)]
    return (f"{document.relative_to(ROOT)}: no link leads here" for document in documents() if document not in reached)


def main() -> int:
    complaints = [
        f"{document.relative_to(ROOT)}: {complaint}"
        for document in documents()
        for check in (broken_links, unknown_verbs, unknown_settings)
        for complaint in check(document)
    ]
    complaints += out_of_reach()
    print("\n".join(complaints) or f"docs: {len(documents())} documents hold")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
