"""What an operator does on the node's own machine: set it up, migrate it, check it, mend its indexes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shieldwall.cli.exits import FAILED
from shieldwall.cli.local import open_local, read_password
from shieldwall.cli.output import Json, print_json, show, tell_done
from shieldwall.errors import Conflict

PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="Read the password from this file (or set SHIELDWALL_PASSWORD).")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    for command in (setup, migrate, check, rebuild):
        app.command()(command)


def setup(
    name: Annotated[str, typer.Option(prompt="Name of the hub", help="The hub's name, as people read it.")],
    slug: Annotated[str, typer.Option(prompt="Short name", help="The hub's short name: a-z, 0-9 and -.")] = "hub",
    admin: Annotated[
        str, typer.Option(prompt="User name of the first administrator", help="Its first administrator's user name.")
    ] = "admin",
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Make this node. Data directory, databases, keys, the hub and its first administrator; once only."""
    config = open_local(making=True)
    from shieldwall import exchange, members
    from shieldwall.members.listing import has_register
    from shieldwall.store.migrate import migrate_all

    migrate_all()
    if has_register():
        raise Conflict(
            "this node is set up already", rule="setup", where=str(config.data),
            remedy="go on with `shieldwall serve`, or set SHIELDWALL_DATA to an empty directory",
        )  # fmt: skip
    person = members.setup_hub(name, slug, admin, read_password(password_file, asking=f"Password of {admin}"))
    key = exchange.public_key()
    facts = {"data": str(config.data), "hub": slug, "administrator": admin, "person": person.id, "public_key": key}
    tell_done(_next_steps(config.url, key, facts["data"]), facts, as_json=as_json)


def _next_steps(url: str, key: str, data: str) -> str:
    return f"""This node is set up in {data}. Keep a copy of its folder keys/ in a safe place.

The line that verifies its logs, to publish and to pin:
  {key}

Next:
  shieldwall nation add no Norway
  shieldwall member add acme "Acme Power" --kind company --nation no
  shieldwall key add acme "sensor" --scope read --scope submit
  shieldwall serve        then the API answers at {url}/api/v1, TAXII at {url}/taxii2/"""


def migrate(as_json: Json = False) -> None:
    """Bring the databases to the schema of this version."""
    open_local(making=True)
    from shieldwall.store.migrate import migrate_all, pending_migrations

    pending = pending_migrations()
    migrate_all()
    sentence = f"migrated: {', '.join(pending)}" if pending else "nothing to do: the schema is that of this version"
    tell_done(sentence, {"migrated": pending}, as_json=as_json)


def check(
    quick: Annotated[bool, typer.Option("--quick", help="Settings, files and schema only; not the logs.")] = False,
    as_json: Json = False,
) -> None:
    """Check this node: settings, files, schema, logs and indexes. Exit 1 where something is found."""
    from shieldwall.cli.checking import all_findings

    findings = all_findings(quick=quick, quiet=as_json)
    if as_json:
        print_json(findings)
    else:
        show(findings, as_json=False, empty="everything holds")
    if findings:
        raise typer.Exit(FAILED)


class Projection(StrEnum):
    """What can be rebuilt from the logs."""

    WORDS = "words"
    VALUES = "values"
    ALL = "all"


def rebuild(
    what: Annotated[Projection, typer.Argument(help="words (search), values (all other indexes), or all.")],
    as_json: Json = False,
) -> None:
    """Bring the indexes to what the logs say. In short turns, while the node may serve."""
    open_local()
    from shieldwall.cli.checking import with_progress
    from shieldwall.exchange.rebuilding import rebuild_values, rebuild_words

    changed: dict[str, int] = {}
    with with_progress(quiet=as_json) as step:
        if what in (Projection.VALUES, Projection.ALL):
            changed |= rebuild_values(step)
        if what in (Projection.WORDS, Projection.ALL):
            changed |= rebuild_words(step)
    told = ", ".join(f"{table} {count}" for table, count in changed.items())
    tell_done(f"rows written or removed: {told}", changed, as_json=as_json)
