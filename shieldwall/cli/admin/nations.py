"""`shieldwall nation`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="Two or three lower-case letters.")],
    name: Annotated[str, typer.Argument(help="The nation's name.")],
    as_json: Json = False,
) -> None:
    """Enter a nation."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.create_nation(actor, code, name)
    tell_done(f"{name} is in the register as nation:{code}", {"code": code, "name": name}, as_json=as_json)


@app.command("list")
def list_them(as_json: Json = False) -> None:
    """List the nations."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_nations(actor)], as_json=as_json)
