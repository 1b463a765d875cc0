"""What a command about a node works at: the API client, and how to answer. `@at_node` gives it one."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, get_type_hints

from shieldwall.cli.output import print_json
from shieldwall.cli.remote import options
from shieldwall.cli.remote.connection import connect

if TYPE_CHECKING:  # what is heavy is loaded when a command runs: `--help` must answer at once
    from rich.console import Console
    from rich.progress import Progress

    from shieldwall.cli.remote.client import Client

P = ParamSpec("P")
_COPIED = frozenset({"id", "newest entry", "member", "person", "principal"})  # into the next command: never broken
_NARROWEST = 120  # columns; a narrower terminal wraps whole lines itself
_FRACTION = re.compile(r"(?<=:\d\d)\.\d+Z$")
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


class Desk:
    """The client and the ways to answer: JSON for programs, plain words and tables for people, notices on stderr."""

    def __init__(self, client: Client, *, as_json: bool) -> None:
        self.client = client
        self.as_json = as_json

    def answer(self, document: object) -> None:
        """The whole answer as JSON, where that was asked for."""
        if self.as_json:
            print_json(document)

    def say(self, *lines: str) -> None:
        """Lines for people; silent under --json."""
        if not self.as_json:
            for line in lines:
                print(plain(line))

    def notice(self, line: str) -> None:
        """A line on stderr, for what must be heard under --json too."""
        print(plain(line), file=sys.stderr)

    def table(self, *columns: str, rows: list[list[str]]) -> None:
        """A table for people; tab-separated lines where stdout is a pipe."""
        if self.as_json or not rows:
            return
        if not sys.stdout.isatty():
            for row in rows:
                print("\t".join(plain(cell).replace("\t", " ").replace("\n", " ") for cell in row))
            return
        _draw(columns, rows)

    def progress(self) -> Progress:
        """A progress bar on stderr; none under --json or where stderr is no terminal."""
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = _console(stderr=True)
        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[so_far]}"),
            TimeElapsedColumn(),
        )  # fmt: skip
        return Progress(*columns, console=console, disable=self.as_json or not console.is_terminal, transient=True)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def _draw(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False)
    for name in columns:
        drawn.add_column(name, no_wrap=name in _COPIED, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(_to_the_second(plain(cell))) for cell in row))
    console = _console()
    console.width = max(console.width, _NARROWEST)
    console.print(drawn)


def _to_the_second(cell: str) -> str:
    return _FRACTION.sub("Z", cell)


def plain(text: str) -> str:
    """`text` with control characters written out: what others wrote must not steer this terminal."""
    return text.translate(_CONTROLS)


def at_node(work: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
    """A typer command of `work`, with the options for the connection and --json added behind its own."""
    own = list(inspect.signature(work).parameters.values())[1:]
    hints = get_type_hints(work, include_extras=True)

    def command(**given: Any) -> None:
        from shieldwall.cli.remote.client import Client

        url, key, key_file = given.pop("url"), given.pop("key"), given.pop("key_file")
        insecure_http, as_json = given.pop("insecure_http"), given.pop("as_json")
        connection = connect(url, key, key_file, insecure_http=insecure_http)
        with Client(connection) as client:
            work(Desk(client, as_json=as_json), **given)  # type: ignore[call-arg]  # typer gives what `own` asks for

    parameters = [one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    parameters += _SHARED
    command.__name__, command.__doc__ = work.__name__, work.__doc__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _option(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


_SHARED = [
    _option("url", options.Url, None),
    _option("key", options.Key, None),
    _option("key_file", options.KeyFile, None),
    _option("insecure_http", options.InsecureHttp, False),
    _option("as_json", options.Json, False),
]
