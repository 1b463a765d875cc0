"""`shieldwall cap`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command("set")
def set_one(
    holder: Annotated[str, typer.Argument(help="A submitting role (analyst, release, administrator), or key.")],
    widest: Annotated[str, typer.Argument(help="own, named, group, nation, community or public.")],
    as_json: Json = False,
) -> None:
    """Say how wide whoever holds a role, or any service key, may address."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.set_cap(actor, holder, widest)
    tell_done(f"{holder} addresses no wider than {widest}", {"holder": holder, "widest": widest}, as_json=as_json)


@app.command("list")
def list_them(as_json: Json = False) -> None:
    """List the caps that were set; what is not listed is not capped."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_caps(actor)], as_json=as_json)
