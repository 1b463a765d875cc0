"""Administration of the register, on the node's own machine: by its operator, or as an administrator of the hub."""

from __future__ import annotations

from typing import Annotated

import typer

from shieldwall.cli.admin import caps, clients, groups, identities, keys, members, nations, people
from shieldwall.cli.local import let_act

_GROUPS = (
    ("nation", nations.app, "Nations of the alliance."),
    ("member", members.app, "Organisations: enter, suspend, restore, end."),
    ("person", people.app, "People: enter, roles, passwords, end."),
    ("key", keys.app, "Service keys: make, rotate, revoke."),
    ("group", groups.app, "Groups of members."),
    ("identity", identities.app, "Which member owns a STIX identity."),
    ("client", clients.app, "Clients, to whom a member may pass on what is AMBER."),
    ("cap", caps.app, "How wide roles and keys may address."),
)


def register(app: typer.Typer) -> None:
    """Add these groups of commands to the app."""
    for name, group, sentence in _GROUPS:
        group.callback()(_acting)
        app.add_typer(group, name=name, help=sentence)


def _acting(
    name: Annotated[
        str,
        typer.Option(
            "--as", help="Act as this person, signed in with their password; without, as the node's operator."
        ),
    ] = "",
) -> None:
    let_act(name)
