"""Writes docs/reference/settings.md from the table of settings (`--check` only compares)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "settings.md"
HEAD = """\
# Settings

Made from `shieldwall.config.SETTINGS` by `scripts/settings_reference.py`; a test holds it current.

A node's settings are environment variables, read once, at start. Each process of the node must be given the same ones:
`serve` hands its own on to those it starts. A value that cannot be used ends the process with a line that names the
variable; `shieldwall check` also names variables that look like settings and are none.

| variable | default | unit | what it is |
|---|---|---|---|
"""
TAIL = """
Commands read further variables, which are no settings of a node: `SHIELDWALL_PASSWORD` (a password that a command would
ask for), `SHIELDWALL_KEY` (a member's service key) and `SHIELDWALL_PUBLIC_KEY` (the line that `verify` trusts).
A member's commands read `SHIELDWALL_URL` too: there it is the address of the node to speak to. See
[the command line](cli.md).
"""


def page() -> str:
    """The whole page."""
    from shieldwall.config import SETTINGS

    rows = (
        f"| `{one.name}` | {f'`{one.default}`' if one.default else 'none'} | {one.unit} | {one.sentence} |"
        for one in SETTINGS
    )
    return HEAD + "\n".join(rows) + "\n" + TAIL


def main() -> int:
    """0 where the page is current or was written."""
    sys.path.insert(0, str(ROOT))
    text = page()
    if "--check" in sys.argv:
        return int(text != PAGE.read_text(encoding="utf-8"))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
