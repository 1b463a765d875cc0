"""`shieldwall submit`: give what one knows, to those one chooses."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from shieldwall.cli.remote.batches import Batch, items
from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.files import alone
from shieldwall.cli.remote.runs import Refusal, Run, default_path
from shieldwall.cli.remote.sources import STDIN, Source, sources
from shieldwall.cli.remote.submitting import Release, kind_of, submit_all
from shieldwall.errors import BadInput
from shieldwall.policy import marking_of, parse_label
from shieldwall.stix import Checked, check

_SHOWN = 20
_HOLD = re.compile(r"([1-9][0-9]{0,6})([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def submit(
    desk: Desk,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILES|FOLDERS|-]", help="STIX to send; - is stdin.", show_default=False),
    ] = None,
    audience: Annotated[str, typer.Option(help="Who may read it: tokens joined by & and |.", show_default=False)] = "",
    collection: Annotated[str, typer.Option(help="Or the collection to put it into.", show_default=False)] = "",
    default_marking: Annotated[
        str, typer.Option(help="The TLP of objects that carry none, such as TLP:GREEN.", show_default=False)
    ] = "",
    hold: Annotated[str, typer.Option(help="Keep it back this long: 90s, 30m, 2h, 1d.", show_default=False)] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge it here and show who would read it.")] = False,
    state: Annotated[
        Path | None, typer.Option(help="Where a killed run is kept, to go on.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every refusal, not the first 20.")] = False,
) -> None:
    """Submit STIX: bundles, envelopes, lists, objects, one a line too. A killed run goes on when repeated.

    Without an address nothing leaves your organisation. Exit code 1 where some objects were refused.
    """  # fmt: skip
    if audience and collection:
        raise typer.BadParameter("give --audience or --collection, not both")
    if default_marking:
        parse_label(default_marking)
    given = sources(names or [STDIN])
    release = Release(audience, collection, default_marking, _seconds(hold))
    if dry_run:
        _rehearse(desk, given, release, _SHOWN if not every else None)
        return
    facts = (
        desk.client.url,
        *map(str, msgspec.structs.astuple(release)),
        *(str(Path(one.name).resolve()) for one in given),
    )
    path = state or default_path(*facts)
    with alone(path.with_name(path.name + ".lock"), "sending this"):
        run = Run(path)
        if run.resumed:
            desk.notice(f"going on with a run that was stopped: {len(run.tally.done)} requests were answered before")
        run.save()
        _send(desk, run, given, release)
        _report(desk, run, _SHOWN if not every else None)
        refused = run.tally.counts["refused"]
        run.finish()
    path.with_name(path.name + ".lock").unlink(missing_ok=True)
    if refused:
        raise typer.Exit(1)


def _seconds(hold: str) -> int:
    found = _HOLD.fullmatch(hold) if hold else None
    if hold and found is None:
        raise typer.BadParameter("write a number and s, m, h or d, such as 30m", param_hint="--hold")
    return int(found[1]) * _SECONDS[found[2]] if found else 0


def _send(desk: Desk, run: Run, given: Sequence[Source], release: Release) -> None:
    total = sum(source.size for source in given) if all(source.size for source in given) else None
    with desk.progress() as bar:
        task = bar.add_task("sending", total=total)

        def told(batch: Batch) -> None:
            bar.update(task, completed=batch.reached)

        submit_all(desk.client, run, given, release, told)


def _report(desk: Desk, run: Run, most: int | None) -> None:
    tally = run.tally
    refusals = list(run.refusals()) if desk.as_json else []
    desk.answer({
        "counts": tally.counts, "unmarked_at_home": tally.unmarked, "advice": tally.advice,
        "warnings": tally.warnings, "refused": [msgspec.to_builtins(one) for one in refusals],
        "submissions": tally.submissions, "held": tally.held, "audience": tally.audience,
    })  # fmt: skip
    if desk.as_json:
        return
    desk.table("outcome", "objects", rows=[[word, f"{count}"] for word, count in tally.counts.items()])
    _list_refusals(desk, run, most)
    for kind, count in sorted(tally.warnings.items(), key=lambda pair: -pair[1]):
        desk.say(f"warning, {count} times: {kind}")
    if tally.audience:
        desk.say(f"addressed to {readers_in_words(tally.audience)}")
    if tally.unmarked:
        desk.say(tally.advice or f"{tally.unmarked} objects carry no TLP marking and stayed in your organisation")
    for submission in tally.held:
        desk.say(f"held: shieldwall send-now {submission}   or   shieldwall take-back {submission}")


def _list_refusals(desk: Desk, run: Run, most: int | None) -> None:
    count = 0
    for count, one in enumerate(run.refusals(), start=1):
        if most is None or count <= most:
            desk.say(f"refused: {one.text}")
    if most is not None and count > most:
        desk.say(f"and {count - most} more refused; repeat with --all to list them")


def readers_in_words(audience: dict[str, Any]) -> str:
    """An audience of the API in one line: its address, and the readers that may be named."""
    names = [one["name"] for one in audience.get("members", ())] + [one["name"] for one in audience.get("people", ())]
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    others = f"; others not named: {audience['others']}" if audience.get("others") else ""
    return f"{audience.get('address') or 'your own organisation'}: {shown or 'nobody you may see by name'}{others}"


class _Rehearsal(msgspec.Struct):
    """What judging here found. The node judges more: addresses, owners, what is known already."""

    sound: int = 0
    unmarked: int = 0
    warnings: Counter[str] = msgspec.field(default_factory=Counter)
    refused: list[Refusal] = []


def _rehearse(desk: Desk, given: Sequence[Source], release: Release, most: int | None) -> None:
    readers = _previewed(desk, release)
    found = _Rehearsal()

    def unsound(source: Source, error: BadInput) -> None:
        found.refused.append(Refusal("", source.name, error.rule, error.where, error.message, error.remedy))

    for item in items(given, unsound):
        try:
            _add(found, check(item.raw, now=time.time_ns() // 1000), release)
        except BadInput as error:
            found.refused.append(Refusal("", item.source, error.rule, error.where, error.message, error.remedy))
    desk.answer({
        "dry_run": True, "sound": found.sound, "unmarked": found.unmarked, "warnings": dict(found.warnings),
        "refused": [msgspec.to_builtins(one) for one in found.refused], "audience": readers,
    })  # fmt: skip
    desk.say(f"{found.sound} objects are sound, {len(found.refused)} would be refused; nothing was sent")
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


def _add(found: _Rehearsal, checked: Checked, release: Release) -> None:
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
