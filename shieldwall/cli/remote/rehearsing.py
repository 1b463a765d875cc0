"""`shieldwall submit --dry-run`: judging here what would be sent, and showing who would read it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
import typer

from shieldwall.cli.remote.batches import items
from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.runs import Refusal
from shieldwall.cli.remote.sources import Source
from shieldwall.cli.remote.submitting import Release, kind_of
from shieldwall.cli.remote.wording import readers_in_words
from shieldwall.errors import BadInput
from shieldwall.policy import marking_of
from shieldwall.stix import Checked, check


class Rehearsal(msgspec.Struct):
    """What judging here found. The node judges more: addresses, owners, what is known already."""

    sound: int = 0
    unmarked: int = 0
    warnings: Counter[str] = msgspec.field(default_factory=Counter)
    refused: list[Refusal] = []


def rehearse(desk: Desk, given: Sequence[Source], release: Release, most: int | None) -> None:
    """Judge everything in `given` here, show what would be refused (`most` of it) and who would read the rest.

    Raises typer.Exit where something would be refused.
    """
    readers = _previewed(desk, release)
    found = Rehearsal()

    def unsound(source: Source, error: BadInput) -> None:
        found.refused.append(Refusal("", source.shown, error.rule, error.where, error.message, error.remedy))

    for item in items(given, unsound):
        try:
            _add(found, check(item.raw, now=time.time_ns() // 1000), release)
        except BadInput as error:
            found.refused.append(Refusal("", item.source, error.rule, error.where, error.message, error.remedy))
    desk.answer({
        "dry_run": True, "sound": found.sound, "unmarked": found.unmarked, "warnings": dict(found.warnings),
        "refused": [msgspec.to_builtins(one) for one in found.refused], "audience": readers,
    })  # fmt: skip
    sound = f"{found.sound:,} object is" if found.sound == 1 else f"{found.sound:,} objects are"
    desk.say(f"{sound} sound, {len(found.refused):,} would be refused; nothing was sent")
    for one in found.refused[:most]:
        desk.say(f"refused: {one.text}")
    for kind, count in found.warnings.most_common():
        desk.say(f"warning, {count} times: {kind}")
    if found.unmarked:
        desk.say(
            f"{found.unmarked} carry no TLP marking and would stay at home; --default-marking TLP:GREEN sends them"
        )
    desk.say(
        f"it would be addressed to {readers_in_words(readers)}" if readers else "nothing would leave your organisation"
    )
    if found.refused:
        raise typer.Exit(1)


def _add(found: Rehearsal, checked: Checked, release: Release) -> None:
    found.sound += 1
    found.warnings.update(map(kind_of, checked.warnings))
    marking = marking_of(checked.marking_refs, {})
    if marking.tlp is None and checked.type != "marking-definition" and not release.default_marking:
        found.unmarked += 1


def _previewed(desk: Desk, release: Release) -> dict[str, Any] | None:
    address = release.audience or _audience_of(desk, release.collection)
    return desk.client.post("/audience", {"audience": address}, safe=True) if address else None


def _audience_of(desk: Desk, collection: str) -> str:
    if not collection:
        return ""
    listed = desk.client.get("/collections")["collections"]
    return next((str(one["audience"]) for one in listed if one["id"] == collection), "")
