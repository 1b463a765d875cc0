"""`shieldwall client`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
MemberSlug = Annotated[str, typer.Argument(help="The member.")]
ClientSlug = Annotated[str, typer.Argument(help="Its client, a member too.")]


@app.command()
def add(member: MemberSlug, client: ClientSlug, as_json: Json = False) -> None:
    """Name a member's client, to whom it may pass on what is AMBER."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.add_client(actor, member, client)
    tell_done(f"{client} is a client of {member}", {"member": member, "client": client}, as_json=as_json)


@app.command()
def remove(member: MemberSlug, client: ClientSlug, as_json: Json = False) -> None:
    """Nothing more is passed on to this client."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.remove_client(actor, member, client)
    facts = {"member": member, "client": client}
    tell_done(f"{client} is no client of {member} any more", facts, as_json=as_json)


@app.command("list")
def list_them(member: Annotated[str, typer.Option(help="Only of this member.")] = "", as_json: Json = False) -> None:
    """List clients."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_clients(actor, member)], as_json=as_json)
