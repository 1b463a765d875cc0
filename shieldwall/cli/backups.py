"""`shieldwall backup` and `shieldwall restore`, on the node's own machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shieldwall.cli.checking import with_progress
from shieldwall.cli.local import open_local
from shieldwall.cli.output import Json, tell_done

if TYPE_CHECKING:
    from shieldwall.exchange import Restored


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    for command in (backup, restore):
        app.command()(command)


def backup(
    to: Annotated[Path, typer.Argument(help="A new folder, which appears once the backup is whole.")],
    as_json: Json = False,
) -> None:
    """Back this node up in one step, while it serves. Logs, register and deliveries, as of one moment.

    Not keys/, which are kept apart since setup; and not journal/, which must be copied more often than this.
    """
    open_local()
    from shieldwall.exchange import timestamp
    from shieldwall.store.backup import back_up

    with with_progress(quiet=as_json) as step:
        manifest = back_up(to, step)
    facts = {
        "backup": str(to), "node": manifest.node, "epoch": manifest.epoch, "as_of": timestamp(manifest.stamp),
        "collections": len(manifest.logs), "entries": manifest.entries, "bytes": manifest.bytes,
    }  # fmt: skip
    tell_done(
        f"{to}: {manifest.entries} entries in {len(manifest.logs)} logs as of {facts['as_of']}, {manifest.bytes} bytes;"
        " without keys/ and journal/, which lie elsewhere",
        facts, as_json=as_json,
    )  # fmt: skip


def restore(
    folder: Annotated[Path, typer.Argument(metavar="FROM", help="The folder of a backup.")],
    journal: Annotated[
        list[Path] | None,
        typer.Option(help="A copy of the journal, besides the one in the data directory.", show_default=False),
    ] = None,
    without_journal: Annotated[
        bool, typer.Option("--without-journal", help="Restore although the journal is lost.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Restore a backup where there is no node, in a new epoch. Into a data directory or database.

    keys/ must lie in it already, and so should journal/: whatever was withdrawn, revoked or ended after the backup is
    taken back again. Everything is verified first. All people sign in anew.
    """
    open_local(making=True, whole=False)
    from shieldwall import exchange

    with with_progress(quiet=as_json) as step:
        done = exchange.restore(folder, journals=journal or (), without_journal=without_journal, step=step)
    facts = {
        "epoch": done.epoch, "as_of": exchange.timestamp(done.stamp), "collections": done.collections,
        "entries": done.entries, "replayed": dict(done.replayed), "unreadable": done.unreadable,
    }  # fmt: skip
    tell_done(_sentence(done, facts["as_of"]), facts, as_json=as_json)


def _sentence(done: Restored, as_of: object) -> str:
    replayed = ", ".join(f"{act} {count}" for act, count in done.replayed.items()) or "nothing"
    torn = f"\n{done.unreadable} lines of the journal do not open: a crash tore them, or somebody changed them"
    return (
        f"restored: {done.entries} entries in {done.collections} logs as of {as_of}; epoch {done.epoch} has begun\n"
        f"taken back again: {replayed}{torn if done.unreadable else ''}\n"
        "lost: what was given, granted or delivered after that moment; tell your members it"
    )
