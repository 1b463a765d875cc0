"""What the API answers: the contract with every client, field by field. Times are UTC with six digits and `Z`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from shieldwall.exchange import Outcome, Sent, Withdrawn

StixObject = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "object"})]


class Member(msgspec.Struct, frozen=True):
    """A member as the directory shows it; `nation` is empty for alliance bodies."""

    id: str
    name: str
    kind: str
    nation: str


class Person(msgspec.Struct, frozen=True):
    """A person as the directory shows them."""

    id: str
    username: str
    name: str
    member: str


class ReaderCounts(msgspec.Struct, frozen=True):
    """How many readers are named."""

    members: int
    people: int
    nations: int


class Audience(msgspec.Struct, frozen=True):
    """Who reads an address. `others` tells how many members are not named: empty for none, else a number or a bound."""

    address: str
    members: tuple[Member, ...]
    people: tuple[Person, ...]
    others: str
    counts: ReaderCounts


class Receipt(msgspec.Struct, frozen=True):
    """What became of a submission. `state` is complete, pending, held or void; `due` is when a held one goes out.

    `unmarked_at_home` counts objects that stayed in the submitter's organisation because nothing said how far they may
    travel; `advice` then says how to send them.
    """

    id: str
    state: str
    outcomes: tuple[Outcome, ...]
    counts: dict[str, int]
    unmarked_at_home: int
    advice: str
    audience: Audience | None
    created: str
    due: str


class Statement(msgspec.Struct, frozen=True):
    """A version of an object as one member published it; `object` is what was sent, byte for byte."""

    owner: str
    submitter: str
    version: str
    collection: str
    number: int
    added: str
    note: str
    revoked: bool
    object: StixObject


class ObjectAnswer(msgspec.Struct, frozen=True):
    """What the reader may read under one id: for each owner the latest, or every version."""

    id: str
    objects: tuple[Statement, ...]


class Match(msgspec.Struct, frozen=True):
    """An object that matches a search in `matched` of its terms."""

    id: str
    version: str
    owner: str
    collection: str
    number: int
    added: str
    name: str
    snippet: str
    matched: int


class SearchAnswer(msgspec.Struct, frozen=True):
    """Best matches first."""

    results: tuple[Match, ...]


class Hit(msgspec.Struct, frozen=True):
    """An entry in which a value occurs."""

    id: str
    version: str
    owner: str
    collection: str
    number: int
    added: str


class Known(msgspec.Struct, frozen=True):
    """What is known of one value: its type and normal form (empty for no observable), the newest of `total` entries."""

    value: str
    type: str
    normal: str
    entries: tuple[Hit, ...]
    total: int


class LookupAnswer(msgspec.Struct, frozen=True):
    """One result for each value, in their order."""

    results: tuple[Known, ...]


class ExplanationAnswer(msgspec.Struct, frozen=True):
    """Whether the object is readable, and the lines that derive it."""

    readable: bool
    because: tuple[str, ...]


class SentAnswer(msgspec.Struct, frozen=True):
    """To whom an object was given so far; `others` counts readers who may not be named."""

    sent_to: tuple[Sent, ...]
    others: int


class WithdrawalAnswer(msgspec.Struct, frozen=True):
    """The entries that vanished, and to whom they had been given."""

    withdrawn: tuple[Withdrawn, ...]
    sent_to: tuple[Sent, ...]
    others: int
    advice: str


class Announced(msgspec.Struct, frozen=True):
    """A withdrawal as its readers see it; without `version`, of every version."""

    id: str
    version: str | None
    owner: str
    reason: str
    collection: str
    number: int
    added: str


class WithdrawalsAnswer(msgspec.Struct, frozen=True):
    """Withdrawals, oldest first."""

    withdrawals: tuple[Announced, ...]


class CollectionForm(msgspec.Struct, frozen=True):
    """A collection in scope. `size` counts its entries; `audience` is empty for the virtual one, all that one reads."""

    id: str
    title: str
    audience: str
    can_read: bool
    can_write: bool
    virtual: bool
    sealed: bool
    size: int
    created: str
    added: str


class CollectionsAnswer(msgspec.Struct, frozen=True):
    """The virtual collection first, then one for each audience in scope."""

    collections: tuple[CollectionForm, ...]


class PageAnswer(msgspec.Struct, frozen=True):
    """Objects in log order, byte for byte; `next` goes on behind them, null on the last page.

    `notice` says where this node was restored since the `next` of the request was given, and that stood above what was
    restored; empty otherwise. Nothing is to be done about it.
    """

    more: bool
    next: str | None
    objects: tuple[StixObject, ...]
    notice: str


class LoggedForm(msgspec.Struct, frozen=True):
    """An entry as its leaf was made: header, salt and body in base64, `leaf` in hexadecimal.

    Of what was withdrawn or erased only header and leaf remain.
    """

    number: int
    added: str
    kind: str
    header: str
    salt: str | None
    body: str | None
    leaf: str


class EntriesAnswer(msgspec.Struct, frozen=True):
    """Entries in log order; `next` is the `after` of the following request, null at the end of the log of `size`."""

    more: bool
    next: int | None
    size: int
    entries: tuple[LoggedForm, ...]


class EpochForm(msgspec.Struct, frozen=True):
    """An epoch of a log: how many entries the log had when it `began`, and the first `note` that was signed in it.

    Every epoch but the first begins with a restore; what the one before had above `began` entries is lost.
    """

    epoch: int
    began: int
    note: str


class CheckpointAnswer(msgspec.Struct, frozen=True):
    """The newest signed note of a log, and what it says, `root` in hexadecimal; and the epochs of this log."""

    note: str
    size: int
    epoch: int
    root: str
    epochs: tuple[EpochForm, ...]


class ProofAnswer(msgspec.Struct, frozen=True):
    """An entry, the path (hexadecimal) from its leaf to the root of the tree of `size`, and the note of that root."""

    number: int
    size: int
    header: str
    salt: str | None
    body: str | None
    leaf: str
    path: tuple[str, ...]
    note: str


class ConsistencyAnswer(msgspec.Struct, frozen=True, rename={"old": "from", "new": "to"}):
    """Proof (hexadecimal) that the first `from` entries are the beginning of the first `to` (RFC 9162 §2.1.4)."""

    old: int
    new: int
    path: tuple[str, ...]


class HealthAnswer(msgspec.Struct, frozen=True):
    """`ok` where this node answers from its log."""

    status: str


class KeyAnswer(msgspec.Struct, frozen=True):
    """The line that verifies this node's checkpoints: the one thing to trust."""

    key: str


class SessionAnswer(msgspec.Struct, frozen=True):
    """A session: send `token` as Bearer until `expires`."""

    token: str
    expires: str
    person: str
    member: str


class SignedOutAnswer(msgspec.Struct, frozen=True):
    """The session has ended."""

    signed_out: bool


class MeAnswer(msgspec.Struct, frozen=True):
    """Who asks, and with which rights."""

    principal: str
    member: str
    nation: str
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    groups: tuple[str, ...]
