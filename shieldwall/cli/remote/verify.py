"""`shieldwall verify`: does the log hold, trusting only the public key?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.pull import ALL
from shieldwall.errors import BadInput, Conflict

if TYPE_CHECKING:  # what is heavy is loaded when the command runs: `--help` must answer at once
    from shieldwall.cli.remote.verifying import Found
    from shieldwall.merkle import Verifier


def verify(
    desk: Desk,
    collection: Annotated[str, typer.Option(help="A collection's id, or all that you may read.")] = ALL,
    public_key: Annotated[
        str,
        typer.Option(
            envvar="SHIELDWALL_PUBLIC_KEY", help="The line that verifies its checkpoints.", show_default=False
        ),
    ] = "",
    public_key_file: Annotated[Path | None, typer.Option(help="A file with that line.", show_default=False)] = None,
    kept: Annotated[
        Path | None,
        typer.Option(help="What the last verification kept; written anew if all holds.", show_default=False),
    ] = None,
    entry: Annotated[int | None, typer.Option(min=1, help="Only that this entry is in it.", show_default=False)] = None,
) -> None:
    """Verify the logs against the public key. Hashes every entry anew; nothing that was kept may have changed.

    The key must come from somewhere else than the node, such as its operator in person. Exit code 1 where it fails.
    """
    from shieldwall.cli.remote.kept import Kept, read_kept, write_kept
    from shieldwall.cli.remote.verifying import Log, collections_at

    before = read_kept(kept) if kept else Kept()
    verifier = _verifier(public_key, public_key_file, before.key)
    if before.key and before.key != verifier.text:
        raise Conflict("the kept checkpoints were signed by another key", rule="--kept", where=str(kept))
    if entry is not None:
        _entry(desk, collection, verifier, entry)
        return
    every = [one for one in collections_at(desk.client) if collection in (ALL, one["id"])]
    every.sort(key=lambda one: one["size"] == 0)  # what is gone is explained by the epoch of what is there
    names = {one["id"]: one["audience"] for one in every} or ({} if collection == ALL else {collection: ""})
    if collection == ALL:  # a log that vanished from the list would otherwise pass unseen
        names |= {name: "" for name in before.logs if name not in names}
    found: list[Found] = []
    for name, audience in names.items():
        newest_epoch = max((one.epoch for one in found), default=0)
        found.append(Log(desk.client, name, verifier).verify(before.logs.get(name), newest_epoch))
        _tell(desk, found[-1], audience, verifier)
    holds = all(one.holds for one in found)
    desk.answer({"verified": holds, "key": verifier.text, "collections": [_document(one) for one in found]})
    if not holds:
        raise typer.Exit(1)
    if kept:
        logs = before.logs | {one.collection: one.kept for one in found if one.kept}
        write_kept(kept, Kept(verifier.text, logs))
        desk.say(f"kept in {kept} for the next verification")


def _entry(desk: Desk, collection: str, verifier: Verifier, number: int) -> None:
    from shieldwall.cli.remote.verifying import Log

    if collection == ALL:
        raise typer.BadParameter("--entry needs the --collection it is in")
    found = Log(desk.client, collection, verifier).verify_entry(number)
    desk.answer({"verified": found.holds, "key": verifier.text, "entry": number, "collections": [_document(found)]})
    if not found.holds:
        desk.say(f"DOES NOT HOLD: entry {number} of {collection}: {found.fault}")
        raise typer.Exit(1)
    left = ", of which only the hash is left (withdrawn or erased)," if found.withdrawn else ""
    desk.say(f"entry {number}{left} is in the log of {found.size} entries whose root {verifier.name} signed")


def _verifier(line: str, file: Path | None, kept: str) -> Verifier:
    from shieldwall.merkle import parse_public_key

    if file is not None:
        try:
            line = file.read_text()
        except (OSError, UnicodeDecodeError) as problem:
            raise BadInput("the public key cannot be read", where=str(file)) from problem
    if not line and not kept:
        raise typer.BadParameter("give --public-key or --public-key-file: without it there is nothing to trust")
    return parse_public_key(line or kept)


def _document(found: Found) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(found, kept=None))
    del document["kept"]
    return {"verified": found.holds, **document}


def _tell(desk: Desk, found: Found, audience: str, verifier: Verifier) -> None:
    desk.say(f"{found.collection}  {audience}".rstrip())
    for notice in found.notices:
        desk.say(f"  notice: {notice}")
    if not found.holds:
        at = f"first bad entry {found.first_bad}: " if found.first_bad is not None else ""
        desk.say(f"  DOES NOT HOLD: {at}{found.fault}")
        return
    if not found.size:
        return
    desk.say(
        f"  holds: {found.size} entries, numbered without a gap, their times rising, each hashed anew; together they"
        f" have exactly the root that {verifier.name} signed in epoch {found.epoch}"
    )
    if found.withdrawn:
        desk.say(f"  of {found.withdrawn} withdrawn or erased entries only the hash is left; it is the one in the tree")
    if found.consistent_from is not None:
        desk.say(f"  grew only: the first {found.consistent_from} entries are those of your last verification")
