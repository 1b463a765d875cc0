"""Epochs: a log that was restored goes on in a new one, from the last root that was restored.

Nothing says where an epoch began but the checkpoints themselves: a restored log holds those of earlier epochs up to
the size it was restored at, and none above.
"""

from __future__ import annotations

import msgspec

from shieldwall.merkle import Checkpoint, Frontier, sign
from shieldwall.store.collections import Collection
from shieldwall.store.connector import one, run
from shieldwall.store.entries import SIGNER
from shieldwall.store.layout import WRITER
from shieldwall.store.node import node


class Epoch(msgspec.Struct, frozen=True):
    """An epoch of one log: its number, the size the log had when it began, the first note that was signed in it."""

    number: int
    began: int
    note: bytes


def begin_epoch(number: int) -> None:
    """Inside a turn: go on in epoch `number`, with a checkpoint of every log as it was restored."""
    run(WRITER, "set_epoch", epoch=number)
    for row in run(WRITER, "all_collections"):
        collection, size, added = Collection.of(row[:5]), row[5], row[6]
        head = one(WRITER, "head_of", collection=collection.id)
        if head is None or not size:
            continue
        root = Frontier.from_bytes(bytes(head[2])).root()
        note = sign(Checkpoint(collection.uuid, number, size, root), node().signing_key(), SIGNER)
        run(
            WRITER, "put_checkpoint", collection=collection.id, epoch=number, size=size, root=root, added=added,
            note=note,
        )  # fmt: skip


def end_of_epoch(alias: str, collection: int, epoch: int) -> int:
    """How many entries of a log's epoch `epoch`, and of those before it, are still in it."""
    found = one(alias, "end_of_epoch", collection=collection, epoch=epoch)
    return int(found[0]) if found else 0


def epochs_of(alias: str, collection: int) -> list[Epoch]:
    """The epochs in which a log was appended to or restored, in their order."""
    epochs: list[Epoch] = []
    while first := one(alias, "first_of_epoch", collection=collection, after=epochs[-1].number if epochs else 0):
        epochs.append(Epoch(int(first[0]), end_of_epoch(alias, collection, int(first[0]) - 1), bytes(first[1])))
    return epochs
