"""Writes docs/reference/cli.md from the command line itself; `--check` only says whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "cli.md"
INTRODUCTION = """# The command line

`shieldwall COMMAND --help` says the same. What a command did is said by its exit code; an error is one line on stderr:
where, what, by which rule, and how to mend it. `--json` prints one JSON document on stdout. Commands of an operator
work on the node in `SHIELDWALL_DATA` of this machine; those of a member speak to a server over HTTP.

This page is written by `scripts/cli_reference.py`.
"""


def page() -> str:
    """The whole page."""
    import typer

    from shieldwall.cli.exits import MEANINGS
    from shieldwall.cli.main import app

    codes = "\n".join(["| exit code | meaning |", "|---|---|", *(f"| {code} | {text} |" for code, text in MEANINGS)])
    return "\n".join([INTRODUCTION, codes, "", *_sections(typer.main.get_command(app), "shieldwall")]).rstrip() + "\n"


def _sections(command: Any, path: str) -> Iterator[str]:
    for name, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from _section(child, f"{path} {name}")
            yield from _sections(child, f"{path} {name}")


def _section(command: Any, path: str) -> Iterator[str]:
    shown = [one for one in command.params if not getattr(one, "hidden", False)]
    words = [_argument(one) for one in shown if _is_argument(one)]
    usage = " ".join([path, *words, *(["COMMAND …"] if hasattr(command, "commands") else [])])
    yield from (f"## {path}", "", " ".join((command.help or "").split()), "", f"    {usage}", "")
    rows = [_row(one) for one in shown]
    if rows:
        yield from ("| | |", "|---|---|", *rows, "")


def _row(parameter: Any) -> str:
    help_text = " ".join((getattr(parameter, "help", "") or "").split())
    if _is_argument(parameter):
        return f"| `{_cell(_argument(parameter))}` | {_cell(help_text)} |"
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    taken = "" if parameter.is_flag else f" {_taken(parameter)}"
    default = parameter.default
    given = not callable(default) and default not in (None, "", False, [], ()) and not parameter.required
    told = f"{help_text} Default: `{default}`." if given else help_text
    return f"| `{names}{taken}` | {_cell(told + (' Required.' if parameter.required else ''))} |"


def _is_argument(parameter: Any) -> bool:
    return not hasattr(parameter, "is_flag")


def _taken(parameter: Any) -> str:
    """What an option takes, in a word."""
    kind = getattr(parameter.type_descriptor.annotation, "__name__", "")
    return {"int": "NUMBER", "float": "NUMBER", "Path": "PATH"}.get(kind, "TEXT")


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name or "").upper().strip("[]")
    name += "…" if parameter.nargs == -1 else ""
    return name if parameter.required else f"[{name}]"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    current = page()
    if "--check" in sys.argv:
        if written != current:
            print("docs/reference/cli.md is not current: run scripts/cli_reference.py")
        return int(written != current)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
