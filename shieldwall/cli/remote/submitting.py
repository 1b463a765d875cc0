"""Sending a run: batch by batch, each answered before the next, so that what is known to be done is done."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from shieldwall.cli.remote.batches import Batch, Item, batches, items
from shieldwall.cli.remote.client import Client
from shieldwall.cli.remote.runs import Refusal, Run, Tally
from shieldwall.cli.remote.sources import Source
from shieldwall.errors import BadInput, StoreError

_POLL = 0.5  # seconds between two questions about a submission that is still worked on
_POLL_MOST = 1800.0
_QUOTED = re.compile(r"'[^']*'|\b(?:extension|type|property|properties of its own, kept as sent:) [^;(]+")


class Release(msgspec.Struct, frozen=True):
    """How a submission is to be released. `hold` is in seconds."""

    audience: str = ""
    collection: str = ""
    default_marking: str = ""
    hold: int = 0

    @property
    def parameters(self) -> dict[str, object]:
        """As the API's query."""
        return {
            "audience": self.audience, "collection": self.collection, "default_marking": self.default_marking,
            "hold": self.hold or None,
        }  # fmt: skip


def submit_all(
    client: Client, run: Run, sources: Sequence[Source], release: Release, told: Callable[[Batch], None]
) -> None:
    """Send every object of `sources` that this run has not sent yet; `told` hears of each batch once it is done.

    Raises BadInput where no source holds anything that could be sent.
    """
    unsound: list[tuple[Source, BadInput]] = []
    sent = False
    for batch in batches(items(sources, lambda source, error: unsound.append((source, error)))):
        key = batch.key(run.tally.run)
        sent = True
        if key not in run.tally.done:
            receipt = _settled(client, client.submit(batch.body, key, **release.parameters))
            run.record(key, run.tally, _added_up(run.tally, batch, receipt))
        told(batch)
    if unsound and not sent and len(unsound) == 1:
        source, error = unsound[0]
        raise BadInput(error.message, rule=error.rule, where=f"{source.shown} {error.where}", remedy=error.remedy)
    for source, error in unsound:
        _file_refused(run, source, error)


def _file_refused(run: Run, source: Source, error: BadInput) -> None:
    key = f"file {source.name}"
    if key not in run.tally.done:
        run.tally.counts["refused"] += 1
        run.record(key, run.tally, [Refusal("", source.shown, error.rule, error.where, error.message, error.remedy)])


def _settled(client: Client, receipt: Mapping[str, Any]) -> Mapping[str, Any]:
    """The receipt once nothing of it is pending. Raises StoreError where that takes longer than half an hour."""
    began = time.monotonic()
    while receipt.get("state") == "pending":
        if time.monotonic() - began > _POLL_MOST:
            raise StoreError(
                "the node still works on this submission", rule="pending", where=str(receipt["id"]),
                remedy=f"ask later: shieldwall status {receipt['id']}",
            )  # fmt: skip
        time.sleep(_POLL)
        receipt = client.get(f"/submissions/{receipt['id']}")
    return receipt


def _added_up(tally: Tally, batch: Batch, receipt: Mapping[str, Any]) -> list[Refusal]:
    """Add a receipt to the tally; what it refused."""
    outcomes: Sequence[Mapping[str, Any]] = receipt.get("outcomes") or ()
    tally.submissions.append(receipt["id"])
    tally.audience = receipt.get("audience") or tally.audience
    tally.unmarked += receipt.get("unmarked_at_home") or 0
    if receipt.get("unmarked_at_home"):
        tally.advice = receipt.get("advice") or tally.advice
    if receipt.get("state") == "held":
        tally.held.append(receipt["id"])
        tally.counts["held"] += 0 if outcomes else len(batch.items)
    if receipt.get("state") == "void":
        tally.counts["refused"] += len(batch.items)
        return [Refusal("", batch.items[0].where, "void", "", receipt.get("advice") or "the node gave it up", "")]
    for outcome in outcomes:
        tally.counts[outcome["outcome"]] = tally.counts.get(outcome["outcome"], 0) + 1
        for warning in outcome.get("warnings") or ():
            kind = kind_of(warning)
            tally.warnings[kind] = tally.warnings.get(kind, 0) + 1
    return list(_refused(batch.items, outcomes))


def _refused(sent: Sequence[Item], outcomes: Sequence[Mapping[str, Any]]) -> Iterable[Refusal]:
    """Outcomes come in the order in which objects were sent; what was derived from them comes behind."""
    for index, outcome in enumerate(outcomes):
        error = outcome.get("error")
        if outcome["outcome"] == "refused" and error:
            source = sent[index].source if index < len(sent) else ""
            yield Refusal(outcome["id"], source, error["rule"], error["where"], error["message"], error["remedy"])


def kind_of(warning: str) -> str:
    """What a warning is about, without the names in it, so that a thousand alike are counted as one."""
    return _QUOTED.sub(lambda found: _generic(found[0]), warning).strip()


def _generic(text: str) -> str:
    return "…" if text.startswith("'") else f"{text.split(' ', 1)[0]} …"
