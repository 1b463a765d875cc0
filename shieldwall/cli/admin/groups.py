"""`shieldwall group`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The group's short name.")]


@app.command()
def add(
    slug: Slug,
    name: Annotated[str, typer.Argument(help="Its name, as people read it.")],
    owner: Annotated[str, typer.Option(help="The member that administers it and belongs to it.")],
    member: Annotated[list[str] | None, typer.Option(help="Given once for each of the first members.")] = None,
    purpose: Annotated[str, typer.Option(help="What it is for.")] = "",
    hides_past: Annotated[bool, typer.Option("--hides-past", help="Newcomers do not see what was before.")] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Its members are not named to each other.")] = False,
    append_role: Annotated[list[str] | None, typer.Option(help="Only these roles may append; once for each.")] = None,
    as_json: Json = False,
) -> None:
    """Found a group."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.create_group(
            actor, slug, name, owner=owner, members=member or (), purpose=purpose, hides_past=hides_past,
            members_named=not anonymous, append_roles=append_role or (),
        )  # fmt: skip
    tell_done(f"{name} is founded as group:{slug}", {"slug": slug, "owner": owner}, as_json=as_json)


@app.command()
def join(slug: Slug, member: Annotated[list[str], typer.Argument(help="Who joins.")], as_json: Json = False) -> None:
    """Let members into a group."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.join_group(actor, slug, member)
    tell_done(f"{', '.join(member)} joined group:{slug}", {"group": slug, "members": member}, as_json=as_json)


@app.command()
def leave(slug: Slug, member: Annotated[str, typer.Argument(help="Who leaves.")], as_json: Json = False) -> None:
    """End a membership on the next request."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.leave_group(actor, slug, member)
    tell_done(f"{member} left group:{slug}", {"group": slug, "member": member}, as_json=as_json)


@app.command()
def close(slug: Slug, as_json: Json = False) -> None:
    """Close a group. Nothing more is put into it and nobody joins; who belongs to it keeps reading."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.close_group(actor, slug)
    tell_done(f"group:{slug} is closed", {"group": slug}, as_json=as_json)


@app.command("list")
def list_them(as_json: Json = False) -> None:
    """List groups and who belongs to them."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_groups(actor)], as_json=as_json)
