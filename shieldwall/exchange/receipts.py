"""Receipts: for each object what became of it, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from shieldwall.errors import ShieldwallError

ADMITTED, PRESENT, REFUSED, HELD = "admitted", "present", "refused", "held"
WAITING = frozenset({"pending", "held"})


class Refusal(msgspec.Struct, frozen=True):
    """Why an object was refused: by which rule, where in it, and how to mend it."""

    rule: str
    where: str
    message: str
    remedy: str

    @classmethod
    def of(cls, error: ShieldwallError) -> Refusal:
        """From an error."""
        return cls(error.rule, error.where, error.message, error.remedy)


class Outcome(msgspec.Struct, frozen=True):
    """What became of one object. `collection` is a public id and `number` its place there, where it has one."""

    id: str
    version: str
    outcome: str
    collection: str | None = None
    number: int | None = None
    warnings: tuple[str, ...] = ()
    error: Refusal | None = None


class AudienceView(msgspec.Struct, frozen=True):
    """Who reads an audience, as far as the asker may know it: names, `others` as a band, and counts."""

    address: str
    members: tuple[dict[str, Any], ...] = ()
    people: tuple[dict[str, Any], ...] = ()
    others: str = ""
    counts: dict[str, Any] = {}


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a submission. `state` is pending, held, complete or void.

    `unmarked_at_home` counts the objects that stayed in the submitter's own organisation because nothing said how far
    they may travel; `advice` then says how to send them.
    """

    id: str
    state: str
    outcomes: tuple[Outcome, ...] = ()
    counts: dict[str, int] = {}
    unmarked_at_home: int = 0
    advice: str = ""
    audience: AudienceView | None = None
    created: int = 0
    due: int = 0


def counted(outcomes: tuple[Outcome, ...]) -> dict[str, int]:
    """How many of each outcome, and in total."""
    tally = Counter(one.outcome for one in outcomes)
    return {word: tally[word] for word in (ADMITTED, PRESENT, REFUSED, HELD)} | {"total": len(outcomes)}


def settled(outcomes: Mapping[int, Outcome]) -> tuple[Outcome, ...]:
    """In the order of their index; what was sent twice in one turn takes its number from the first."""
    numbered: dict[tuple[str, str | None], Outcome] = {}
    for outcome in outcomes.values():
        if outcome.number is not None:
            numbered.setdefault((outcome.id, outcome.collection), outcome)
    every = []
    for _, mine in sorted(outcomes.items()):
        first = numbered.get((mine.id, mine.collection)) if mine.outcome == PRESENT and mine.number is None else None
        every.append(msgspec.structs.replace(mine, number=first.number, version=first.version) if first else mine)
    return tuple(every)


def encode_receipt(receipt: Receipt) -> bytes:
    """A receipt to keep: the readers' names, which may be thousands, are found again when it is shown."""
    if receipt.audience is not None:
        nameless = msgspec.structs.replace(receipt.audience, members=(), people=())
        receipt = msgspec.structs.replace(receipt, audience=nameless)
    return msgspec.json.encode(receipt)


def decode_receipt(stored: bytes) -> Receipt:
    """A receipt as it was kept, without the readers' names."""
    return msgspec.json.decode(stored, type=Receipt)
