"""`shieldwall person`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from shieldwall.cli.hub import PasswordFile
from shieldwall.cli.local import acting_viewer, read_password
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
Who = Annotated[str, typer.Argument(help="Their user name or id.")]
_ROLES = "reader, analyst, release, administrator; for the hub's people also operator, secretary, auditor."


@app.command()
def add(
    member: Annotated[str, typer.Argument(help="The member whose person this is.")],
    username: Annotated[str, typer.Argument(help="Their user name.")],
    name: Annotated[str, typer.Argument(help="Their name.")],
    role: Annotated[list[str] | None, typer.Option(help=f"Given once for each: {_ROLES} (reader by default)")] = None,
    password_file: PasswordFile = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="They cannot sign in until one is set.")] = False,
    as_json: Json = False,
) -> None:
    """Enter a person."""
    with acting_viewer() as actor:
        from shieldwall import members

        password = None if no_password else read_password(password_file, asking=f"Password of {username}")
        person = members.create_person(actor, member, username, name, roles=role or ["reader"], password=password)
    facts = {"id": person.id, "username": username, "member": member, "roles": person.roles.split()}
    tell_done(f"{name} is in the register as person:{username} of {member}", facts, as_json=as_json)


@app.command()
def roles(
    who: Who, role: Annotated[list[str], typer.Argument(help=f"All they shall have: {_ROLES}")], as_json: Json = False
) -> None:
    """Give a person these roles instead of theirs."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.set_roles(actor, who, role)
    tell_done(f"person:{who} is now {', '.join(role)}", {"person": who, "roles": role}, as_json=as_json)


@app.command()
def password(who: Who, password_file: PasswordFile = None, as_json: Json = False) -> None:
    """Set a person's password; their sessions end."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.set_password(actor, who, read_password(password_file, asking=f"New password of {who}"))
    tell_done(f"person:{who} has a new password", {"person": who}, as_json=as_json)


@app.command()
def deactivate(who: Who, as_json: Json = False) -> None:
    """End a person's rights and sessions for good."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.deactivate_person(actor, who)
    tell_done(f"person:{who} has no rights any more", {"person": who}, as_json=as_json)


@app.command("list")
def list_them(member: Annotated[str, typer.Option(help="Only of this member.")] = "", as_json: Json = False) -> None:
    """List people."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_people(actor, member)], as_json=as_json)
