"""`lookup`, `search`, `explain`, `audience`, `whoami`: what one may know, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.wording import readers_counted
from shieldwall.errors import BadInput

_AT_ONCE = 100_000
_NAMED = 20


def lookup(
    desk: Desk,
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Addresses, domains, hashes …, defanged or not; - is stdin.", show_default=False),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="A file with one value a line.", show_default=False)] = None,
) -> None:
    """Look observable values up, thousands at a time. Says of each whether it is known to you, and from whom."""
    if not values and file is None:
        raise typer.BadParameter("give values, --file, or - for stdin")
    results: list[dict[str, Any]] = []
    every = _values(values or [], file)
    while batch := list(islice(every, _AT_ONCE)):
        found = desk.client.post("/lookup", {"values": batch}, safe=True)["results"]
        if desk.as_json:
            results += found
        else:
            desk.table("value", "type", "known", "newest entry", "owner", "added", rows=[_known(one) for one in found])
    desk.answer({"results": results})


def _values(values: Iterable[str], file: Path | None) -> Iterator[str]:
    for value in values:
        if value == "-":
            yield from _lines(sys.stdin)
        else:
            yield value
    if file is not None:
        try:
            with file.open(encoding="utf-8") as lines:
                yield from _lines(lines)
        except (OSError, UnicodeDecodeError) as problem:
            raise BadInput("cannot be read as UTF-8 text", where=str(file), remedy="one value a line") from problem


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (line.strip() for line in lines if line.strip())


def _known(result: dict[str, Any]) -> list[str]:
    entries = result["entries"]
    newest = entries[0] if entries else {"id": "-", "owner": "-", "added": "-"}
    kind = result["type"] or "no observable"
    return [result["value"], kind, str(result["total"]), newest["id"], newest["owner"], newest["added"]]


def search(
    desk: Desk,
    words: Annotated[list[str], typer.Argument(help="Words and values.", show_default=False)],
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many results.")] = 20,
) -> None:
    """Search what you may read, by words and values. Those that match most come first."""
    found = desk.client.get("/search", q=" ".join(words), limit=limit)
    desk.answer(found)
    for one in found["results"]:
        desk.say(f"{one['id']}  {one['name']}", f"    by {one['owner']}, {one['added']}  {one['snippet']}".rstrip())
    if not found["results"]:
        desk.say("nothing that you may read")


def explain(
    desk: Desk,
    stix_id: Annotated[str, typer.Argument(metavar="ID", help="A STIX id.")],
    viewer: Annotated[
        str, typer.Option(help="member:…, person:… or key:…; yourself by default.", show_default=False)
    ] = "",
) -> None:
    """Say why somebody may, or may not, read an object."""
    said = desk.client.get(f"/objects/{quote(stix_id, safe='')}/explain", viewer=viewer)
    desk.answer(said)
    desk.say(f"{viewer or 'you'}: {'readable' if said['readable'] else 'not readable'}", *said["because"])


def audience(
    desk: Desk,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Tokens joined by & and |.")],
    every: Annotated[bool, typer.Option("--all", help="Name every reader, not the first 20.")] = False,
) -> None:
    """Show who would read what is sent to an address. Nothing is sent."""
    readers = desk.client.post("/audience", {"audience": address}, safe=True)
    desk.answer(readers)
    desk.say(readers_counted(readers))
    members = [[one["id"], one["nation"], one["name"]] for one in readers["members"]]
    people = [[one["id"], one["member"], one["name"]] for one in readers["people"]]
    most = None if every else _NAMED
    desk.table("member", "nation", "name", rows=members[:most])
    desk.table("person", "member", "name", rows=people[:most])
    unnamed = sum(max(0, len(rows) - _NAMED) for rows in (members, people))
    if unnamed and not every:
        desk.say(f"and {unnamed:,} more; --all names them")


def whoami(desk: Desk) -> None:
    """Say who you are to this node, and with which rights."""
    me = desk.client.get("/me")
    desk.answer(me)
    desk.say(f"{me['principal']} of {me['member']}" + (f" ({me['nation']})" if me["nation"] else ""))
    for what in ("scopes", "roles", "groups"):
        desk.say(f"{what}: {', '.join(me[what]) or 'none'}")
