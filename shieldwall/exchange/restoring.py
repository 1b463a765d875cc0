"""Restoring: a backup goes into an empty node, its logs go on in a new epoch, and what was taken back stays so.

What was given, granted or delivered after the backup is lost. What was withdrawn, revoked or ended since is in the
journal and is done again, in the new epoch, in the one turn that begins it: no reader sees the node in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from shieldwall.errors import BadInput, ShieldwallError
from shieldwall.exchange.judging import header_of
from shieldwall.exchange.placing import Placing
from shieldwall.exchange.ready import Ready
from shieldwall.exchange.receipts import ADMITTED, WAITING, decode_receipt
from shieldwall.exchange.releases import submitter_of
from shieldwall.exchange.submissions import finish, voided
from shieldwall.exchange.withdrawing import withdraw_again
from shieldwall.members.replaying import REPLAYED, end_sessions, replay_act
from shieldwall.stix import check, split
from shieldwall.store import WRITER, Turn, audience_of, collection_by_uuid, node, one, run, writing
from shieldwall.store.epochs import begin_epoch
from shieldwall.store.journal import Journal, Record, append_lines, journal_lines, journal_path, opened_journal
from shieldwall.store.loading import load, require_empty, require_sound, restoring
from shieldwall.store.manifest import Manifest, read_manifest, require_files, require_fitting

Step = Callable[[str], None]


class Restored(msgspec.Struct, frozen=True):
    """What a restore did. `stamp` (µs) is the newest moment that was backed up; `replayed` counts by act what the
    journal had to take back again; `unreadable` are lines of it that do not open, torn by a crash or changed."""

    epoch: int
    stamp: int
    collections: int
    entries: int
    replayed: Mapping[str, int]
    unreadable: int


def restore(
    folder: Path, *, journals: Sequence[Path] = (), without_journal: bool = False, step: Step = lambda _: None
) -> Restored:
    """Restore the backup in `folder` into the empty node that this process is pointed at, and begin a new epoch.

    Replays the journal that lies in the data directory, and those given. Raises BadInput for what is no backup of
    this version, engine and keys, or is damaged, or where there is no journal and that is not said to be meant;
    Conflict where there is a node already; StoreError where what was restored does not hold.
    """
    manifest = read_manifest(folder)
    require_fitting(manifest, node())
    require_empty()
    lines = _lines(journals, without_journal)
    journal = opened_journal(lines)
    step("hashing the backup's files")
    require_files(folder, manifest)
    with restoring():
        load(folder, manifest, step)
        require_sound(manifest, step)
        append_lines(set(lines) - set(journal_lines(_own_journal())))
        return _begin(manifest, journal, step)


def _own_journal() -> list[Path]:
    path = journal_path(node().config.data)
    return [path] if path.exists() else []


def _lines(journals: Sequence[Path], without_journal: bool) -> list[bytes]:
    every = [*_own_journal(), *journals]
    if not every and not without_journal:
        raise BadInput(
            "there is no journal: what was withdrawn or revoked since the backup would be there again",
            rule="restore", where=str(journal_path(node().config.data)),
            remedy="put its copy there or name it with --journal; if it is lost, say --without-journal",
        )  # fmt: skip
    return journal_lines(every)


def _begin(manifest: Manifest, journal: Journal, step: Step) -> Restored:
    epochs = [manifest.epoch, *(int(one["epoch"]) for one in journal.records if one["act"] == "epoch-begun")]
    epoch = max(epochs) + 1
    since = [record for record in journal.records if record["stamp"] > manifest.stamp]
    newest = max([manifest.stamp, *(int(record["stamp"]) for record in since)])
    run(WRITER, "set_stamp", stamp=newest)  # stamps rise above every one that was ever given
    step(f"taking back again {len(since)} things of the journal")
    with writing() as turn:
        begin_epoch(epoch)
        turn.record_act({"act": "epoch-begun", "by": "restore", "epoch": epoch, "restored": manifest.stamp})
        replayed = _replayed(turn, since)
        end_sessions(turn)
    node().cache.clear()
    return Restored(epoch, manifest.stamp, len(manifest.logs), manifest.entries, replayed, journal.unreadable)


def _replayed(turn: Turn, records: Sequence[Record]) -> Mapping[str, int]:
    done: Counter[str] = Counter()
    for record in records:
        act = str(record["act"])
        facts = {name: value for name, value in record.items() if name not in ("act", "stamp")}
        if act in REPLAYED:
            done[act] += replay_act(turn, act, facts)
        elif act in _HERE:
            done[act] += _HERE[act](turn, facts)
    withdrawn = {(record["owner"], record["id"]) for record in records if record["act"] == "withdrawn"}
    done["held-back"] += _hold_back(turn, withdrawn) if withdrawn else 0
    return {act: count for act, count in sorted(done.items()) if count}


def _withdraw(turn: Turn, facts: Mapping[str, Any]) -> int:
    return withdraw_again(turn, **facts)


def _revoke(turn: Turn, facts: Mapping[str, Any]) -> int:
    """Append a revoked version where it had been appended; not where its collection came after the backup."""
    collection = collection_by_uuid(WRITER, facts["collection"])
    if collection is None:
        return 0
    ready = Ready(
        index=0, checked=check(facts["body"], now=turn.stamp()), body=facts["body"],
        audience=audience_of(collection.audience), owner=facts["owner"], tlp=facts["tlp"], note=facts["note"],
        warnings=(), stayed_home=False,
    )  # fmt: skip
    outcomes = Placing(turn, facts["submitter"], [ready]).place()
    return int(outcomes[0].outcome == ADMITTED)


def _take_back(turn: Turn, facts: Mapping[str, Any]) -> int:
    return _void(turn, facts["submission"], "taken back")


def _hold_back(turn: Turn, withdrawn: set[tuple[str, str]]) -> int:
    """Void what waits to be released and holds what its owner has withdrawn since: it may have been out by then."""
    held = 0
    for submission, principal in run(WRITER, "waiting_submissions"):
        try:
            owner = submitter_of(principal).member
        except ShieldwallError:  # it has no rights any more, so that nothing of it will be released
            continue
        staged = one(WRITER, "staged", id=submission)
        raws = split(bytes(staged[0]), cap=node().config.max_body_bytes) if staged and staged[0] else []
        if any((owner, header_of(raw)[0]) in withdrawn for raw in raws):
            held += _void(turn, submission, "holds what was withdrawn after the backup that was restored")
    return held


def _void(turn: Turn, submission: str, why: str) -> int:
    row = one(WRITER, "submission", id=submission)
    if row is None:
        return 0
    turn.journal("taken-back", submission=submission)
    if row[2] not in WAITING:
        return 0
    finish(submission, voided(submission, decode_receipt(bytes(row[6])), why))
    return 1


_HERE: Mapping[str, Callable[[Turn, Mapping[str, Any]], int]] = {
    "withdrawn": _withdraw,
    "revoked": _revoke,
    "taken-back": _take_back,
}
