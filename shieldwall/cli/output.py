"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Row = Mapping[str, Any]


def show(rows: Sequence[Row], *, as_json: bool, empty: str = "none") -> None:
    """Rows as a table, or as a JSON array of objects. Times (`…_us`) are printed as UTC in tables."""
    if as_json:
        print_json(list(rows))
    elif rows:
        _print_table(rows)
    else:
        print(empty)


def tell_done(sentence: str, facts: Row, *, as_json: bool) -> None:
    """What was done: a sentence, or its facts as one JSON object."""
    print_json(facts) if as_json else print(sentence)


def print_json(thing: Any) -> None:
    """One JSON document on stdout."""
    import orjson

    sys.stdout.write(orjson.dumps(thing, option=orjson.OPT_INDENT_2).decode() + "\n")


def _print_table(rows: Sequence[Row]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0]:
        table.add_column(name.removesuffix("_us").replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(name, value)) for name, value in row.items()))
    Console(width=None if sys.stdout.isatty() else 240).print(table)


def _cell(name: str, value: Any) -> str:
    if value is None or value == "":
        return "-"
    if name.endswith("_us"):
        return datetime.fromtimestamp(value // 1_000_000, UTC).strftime("%Y-%m-%d %H:%MZ") if value else "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(str(one) for one in value)
    return str(value)
