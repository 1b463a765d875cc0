"""`shieldwall pull`: keep a copy of what one may read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.files import alone
from shieldwall.errors import Absent, BadInput

ALL = "all"


def pull(
    desk: Desk,
    to: Annotated[
        Path, typer.Option(help="FILE.json: a bundle; FILE.ndjson: one object a line; a folder: one file each.")
    ],
    collection: Annotated[str, typer.Option(help="A collection's id, or all that you may read.")] = ALL,
    since: Annotated[str, typer.Option(help="Only what was added after this time.", show_default=False)] = "",
    follow: Annotated[bool, typer.Option("--follow", help="Go on until stopped.")] = False,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds between two looks, with --follow.")] = 5.0,
) -> None:
    """Pull objects to a file or folder. Repeated, it goes on where it was and takes away what was withdrawn."""
    to = to.absolute()
    if not to.parent.is_dir():
        raise BadInput("no such folder", where=str(to.parent), remedy="make it first")
    listed = _listed(desk, collection)
    with alone(to.parent / f".{to.name}.lock", "pulling to this place"):
        _round(desk, listed["id"], to, since)
        try:
            while follow:
                time.sleep(every)
                now = _listed(desk, collection)
                if (now["size"], now["added"]) != (listed["size"], listed["added"]):
                    listed = now
                    _round(desk, now["id"], to, since)
        except KeyboardInterrupt:
            desk.notice("stopped; repeat the command to go on")
    (to.parent / f".{to.name}.lock").unlink(missing_ok=True)


def _listed(desk: Desk, collection: str) -> dict[str, Any]:
    """The collection as it is listed; its size and time tell whether anything is new without reading any of it."""
    every: list[dict[str, Any]] = desk.client.get("/collections")["collections"]
    found = next((one for one in every if (one["virtual"] if collection == ALL else one["id"] == collection)), None)
    if found is None:
        raise Absent("no such collection", where=collection, remedy="`shieldwall collections` lists those you may read")
    return found


def _round(desk: Desk, collection: str, to: Path, since: str) -> None:
    from shieldwall.cli.remote.pulling import Pull

    pull = Pull(desk.client, collection, to, since)
    if pull.began_anew:
        desk.notice(f"what was pulled to {to} before is gone; beginning anew")
    with desk.progress() as bar:
        task = bar.add_task("pulling", total=None, so_far="")
        came = pull.pages(lambda count: bar.update(task, so_far=f"{count:,} objects"))
    announced, gone = pull.apply_withdrawals()
    pull.close()
    desk.answer({
        "pulled": came, "in_all": pull.place.pulled, "to": str(to), "withdrawals": announced, "removed": gone,
    })  # fmt: skip
    desk.say(f"{came} objects pulled to {to}, {pull.place.pulled} in all")
    for one in gone:
        desk.say(f"withdrawn by its owner, and removed here: {one}")
    if announced and pull.is_lines:
        desk.say(f"withdrawn by their owners; their lines, if any, stay in {to.name}: {', '.join(announced)}")


def collections(desk: Desk) -> None:
    """List the collections that you may read, each an audience."""
    found = desk.client.get("/collections")
    desk.answer(found)
    desk.table(
        "id", "audience", "entries", "newest", "title",
        rows=[[one["id"], one["audience"] or ALL, str(one["size"]), one["added"], one["title"]]
              for one in found["collections"]],
    )  # fmt: skip
