"""Collections: which there are, their pages, and their logs with what verifies them."""

from __future__ import annotations

from base64 import b64encode

import msgspec

from shieldwall import exchange
from shieldwall.api.answers import (
    CheckpointAnswer,
    CollectionForm,
    CollectionsAnswer,
    ConsistencyAnswer,
    EntriesAnswer,
    EpochForm,
    HealthAnswer,
    KeyAnswer,
    LoggedForm,
    PageAnswer,
    ProofAnswer,
)
from shieldwall.api.finding import DOOR
from shieldwall.api.route import Reply
from shieldwall.exchange import timestamp
from shieldwall.merkle import open_note, parse_public_key
from shieldwall.policy import Viewer
from shieldwall.store import READERS, node_facts


def list_collections(viewer: Viewer) -> Reply:
    """Collections in scope."""
    return Reply(
        CollectionsAnswer(
            tuple(
                CollectionForm(
                    id=one.id, title=one.title, audience=one.audience, can_read=one.can_read,
                    can_write=one.can_write, virtual=one.virtual, sealed=one.sealed, size=one.size,
                    created=timestamp(one.created), added=timestamp(one.added),
                )
                for one in exchange.collections(viewer)
            )
        )
    )  # fmt: skip


def page_objects(viewer: Viewer, collection: str, added_after: int | None, cursor: str | None, limit: int) -> Reply:
    """Objects of a collection."""
    page = exchange.page(viewer, collection, door=DOOR, added_after=added_after, cursor=cursor, limit=limit)
    objects = tuple(msgspec.Raw(body) for body in page.bodies)
    return Reply(PageAnswer(page.next is not None, page.next, objects, page.notice), notice=page.notice)


def walk_entries(viewer: Viewer, collection: str, after: int, limit: int) -> Reply:
    """The log itself."""
    logged, size = exchange.walk(viewer, collection, door=DOOR, after=after, limit=limit)
    last = logged[-1].number if logged else after
    more = last < size
    return Reply(EntriesAnswer(more, last if more else None, size, tuple(map(_logged, logged))))


def _logged(one: exchange.Logged) -> LoggedForm:
    return LoggedForm(
        number=one.number, added=timestamp(one.added), kind=one.kind.name.lower(), header=_base64(one.header),
        salt=_maybe(one.salt), body=_maybe(one.body), leaf=one.leaf.hex(),
    )  # fmt: skip


def read_checkpoint(viewer: Viewer, collection: str) -> Reply:
    """The newest signed checkpoint."""
    note = exchange.checkpoint(viewer, collection)
    said = open_note(note, parse_public_key(exchange.public_key()))
    epochs = tuple(EpochForm(one.number, one.began, one.note.decode()) for one in exchange.epochs(viewer, collection))
    return Reply(CheckpointAnswer(note.decode(), said.size, said.epoch, said.root.hex(), epochs))


def prove_entry(viewer: Viewer, collection: str, number: int, size: int | None) -> Reply:
    """That an entry is in the log."""
    proof = exchange.prove(viewer, collection, number, size, door=DOOR)
    return Reply(
        ProofAnswer(
            number=proof.number, size=proof.size, header=_base64(proof.header), salt=_maybe(proof.salt),
            body=_maybe(proof.body), leaf=proof.leaf.hex(), path=tuple(step.hex() for step in proof.path),
            note=proof.checkpoint.decode(),
        )
    )  # fmt: skip


def prove_consistency(viewer: Viewer, collection: str, old: int, new: int) -> Reply:
    """That a log has only grown."""
    path = exchange.consistency(viewer, collection, old, new)
    return Reply(ConsistencyAnswer(old, new, tuple(step.hex() for step in path)))


def read_health(viewer: Viewer) -> Reply:
    """Whether this node answers from its log."""
    node_facts(READERS)
    return Reply(HealthAnswer("ok"))


def read_key(viewer: Viewer) -> Reply:
    """The key that signs checkpoints."""
    return Reply(KeyAnswer(exchange.public_key()))


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _maybe(value: bytes | None) -> str | None:
    return None if value is None else _base64(value)
