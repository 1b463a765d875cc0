"""`shieldwall submit`: give what one knows, to those one chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.files import alone
from shieldwall.cli.remote.runs import Run, default_path
from shieldwall.cli.remote.sources import STDIN, Source, left_alone, sources
from shieldwall.cli.remote.wording import counted, readers_in_words
from shieldwall.errors import ShieldwallError

if TYPE_CHECKING:  # what is heavy is loaded when the command runs: `--help` must answer at once
    from shieldwall.cli.remote.batches import Batch
    from shieldwall.cli.remote.submitting import Release

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
    """Submit STIX from files, folders or stdin. A killed run goes on when repeated.

    Bundles, envelopes, lists of objects, single objects; one a line too.

    Without an address nothing leaves your organisation. Exit code 1 where some objects were refused.
    """  # fmt: skip
    from shieldwall.cli.remote.submitting import Release
    from shieldwall.policy import parse_label

    if audience and collection:
        raise typer.BadParameter("give --audience or --collection, not both")
    if default_marking:
        parse_label(default_marking)
    given = sources(names or [STDIN])
    if others := left_alone(names or []):
        desk.notice(f"left alone, by their names: {counted(others, 'file')} that would not hold STIX")
    release = Release(audience, collection, default_marking, _seconds(hold))
    if dry_run:
        from shieldwall.cli.remote.rehearsing import rehearse

        rehearse(desk, given, release, _SHOWN if not every else None)
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
        try:
            _send(desk, run, given, release)
        except ShieldwallError:
            if run.tally.done:
                desk.notice(f"stopped after {len(run.tally.done)} requests; repeat the command to go on from there")
            else:
                run.finish()
            raise
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
    from shieldwall.cli.remote.submitting import submit_all

    total = sum(source.size for source in given) if all(source.size for source in given) else None
    with desk.progress() as bar:
        task = bar.add_task("sending", total=total, so_far="")

        def told(batch: Batch) -> None:
            bar.update(task, completed=batch.reached, so_far=f"{sum(run.tally.counts.values()):,} objects")

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
    if not any(tally.counts.values()):
        desk.say("there was nothing to send: no object in it")
        return
    desk.table("outcome", "objects", rows=[[word, f"{count}"] for word, count in tally.counts.items()])
    _list_refusals(desk, run, most)
    for kind, count in sorted(tally.warnings.items(), key=lambda pair: -pair[1]):
        desk.say(f"warning, {counted(count, 'time')}: {kind}")
    if tally.audience and any(count for outcome, count in tally.counts.items() if outcome != "refused"):
        desk.say(f"addressed to {readers_in_words(tally.audience)}")
    if tally.unmarked:
        desk.say(tally.advice or f"{counted(tally.unmarked, 'object')} without TLP marking stayed in your organisation")
    for submission in tally.held:
        desk.say(f"held: shieldwall send-now {submission}   or   shieldwall take-back {submission}")


def _list_refusals(desk: Desk, run: Run, most: int | None) -> None:
    count = 0
    for count, one in enumerate(run.refusals(), start=1):
        if most is None or count <= most:
            desk.say(f"refused: {one.text}")
    if most is not None and count > most:
        desk.say(f"and {count - most} more refused; repeat with --all to list them")
