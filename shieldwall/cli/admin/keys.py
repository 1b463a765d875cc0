"""`shieldwall key`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
KeyId = Annotated[str, typer.Argument(help="The key's id: the eight characters after swk_.")]
_HOUR_US = 3_600_000_000


@app.command()
def add(
    member: Annotated[str, typer.Argument(help="The member for which the key acts.")],
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Given once for each: read, submit, sight, alert, administer (read by default)."),
    ] = None,
    days: Annotated[int, typer.Option(help="How long it lives.")] = 365,
    audience: Annotated[str, typer.Option(help="Whom it addresses where a submission says nothing.")] = "",
    marking: Annotated[str, typer.Option(help="The marking of what it submits unmarked.")] = "",
    widest: Annotated[str, typer.Option(help="own, named, group, nation, community.")] = "community",
    as_json: Json = False,
) -> None:
    """Make a service key. Its secret is shown once and kept nowhere."""
    with acting_viewer() as actor:
        from shieldwall import members

        made, secret = members.create_key(
            actor, member, name, scopes=scope or ["read"], life_days=days, default_audience=audience,
            default_marking=marking, widest=widest,
        )  # fmt: skip
    _show_secret(made, secret, as_json)


@app.command()
def rotate(
    key: KeyId,
    overlap: Annotated[int, typer.Option(help="Hours for which the old one stays good.", min=0)] = 24,
    as_json: Json = False,
) -> None:
    """Make a key's successor; the old one stays good for a while."""
    with acting_viewer() as actor:
        from shieldwall import members

        made, secret = members.rotate_key(actor, key, overlap_us=overlap * _HOUR_US)
    _show_secret(made, secret, as_json)


@app.command()
def revoke(key: KeyId, as_json: Json = False) -> None:
    """End a key on the next request, for good."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.revoke_key(actor, key)
    tell_done(f"key {key} is revoked", {"key": key}, as_json=as_json)


@app.command("list")
def list_them(member: Annotated[str, typer.Option(help="Only of this member.")] = "", as_json: Json = False) -> None:
    """List service keys; secrets are kept nowhere."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_keys(actor, member)], as_json=as_json)


def _show_secret(made: Any, secret: str, as_json: bool) -> None:
    facts = {
        "key": made.id, "member": made.member_id, "scopes": made.scopes.split(), "expires_us": made.expires_us,
        "secret": secret,
    }  # fmt: skip
    tell_done(f"key {made.id} of {made.member_id}. Its secret, shown only now:\n{secret}", facts, as_json=as_json)
