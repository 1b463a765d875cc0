"""The options that every command about a node shares, spelled once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[
    str | None,
    typer.Option("--url", envvar="SHIELDWALL_URL", help="The node's address.", show_default=False),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key", envvar="SHIELDWALL_KEY", show_default=False,
        help="A service key. Better in the variable or a file: others on this machine can read command lines.",
    ),
]  # fmt: skip
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="A file that holds the service key.", show_default=False)
]
InsecureHttp = Annotated[
    bool, typer.Option("--insecure-http", help="Allow plain http to another machine, keys readable on the way.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document on stdout.")]
