"""`shieldwall identity`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
MemberSlug = Annotated[str, typer.Argument(help="The member.")]
Identity = Annotated[str, typer.Argument(help="identity--<UUID>, as its objects carry it in created_by_ref.")]


@app.command()
def bind(member: MemberSlug, identity: Identity, as_json: Json = False) -> None:
    """Claim a STIX identity for a member; it counts once confirmed."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.bind_identity(actor, member, identity)
    facts = {"member": member, "identity": identity, "confirmed": False}
    tell_done(f"{identity} is claimed for {member}; it counts once confirmed", facts, as_json=as_json)


@app.command()
def confirm(member: MemberSlug, identity: Identity, as_json: Json = False) -> None:
    """Make a member's claim good."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.confirm_identity(actor, member, identity)
    facts = {"member": member, "identity": identity, "confirmed": True}
    tell_done(f"{identity} belongs to {member}", facts, as_json=as_json)


@app.command("list")
def list_them(member: Annotated[str, typer.Option(help="Only of this member.")] = "", as_json: Json = False) -> None:
    """List claims to STIX identities, confirmed or not."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_identities(actor, member)], as_json=as_json)
