"""Finding: one object and its versions, words, values, and why somebody may read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from shieldwall import exchange
from shieldwall.api.answers import (
    ExplanationAnswer,
    Hit,
    Known,
    LookupAnswer,
    Match,
    ObjectAnswer,
    SearchAnswer,
    Statement,
)
from shieldwall.api.requests import LookupRequest
from shieldwall.api.route import Reply
from shieldwall.exchange import timestamp
from shieldwall.policy import Viewer

DOOR = "api"


def read_object(viewer: Viewer, stix_id: str) -> Reply:
    """The latest version of an object, for each owner."""
    return _objects(stix_id, exchange.get(viewer, stix_id, door=DOOR))


def read_versions(viewer: Viewer, stix_id: str) -> Reply:
    """All versions of an object."""
    return _objects(stix_id, exchange.versions(viewer, stix_id, door=DOOR))


def _objects(stix_id: str, found: Sequence[exchange.Found]) -> Reply:
    statements = tuple(
        Statement(
            owner=one.owner, submitter=one.submitter, version=one.version, collection=one.collection,
            number=one.number, added=timestamp(one.added), note=one.note, revoked=one.revoked,
            object=msgspec.Raw(one.body),
        )
        for one in found
    )  # fmt: skip
    return Reply(ObjectAnswer(stix_id, statements))


def search_objects(viewer: Viewer, query: str, limit: int) -> Reply:
    """Objects that match words and values."""
    return Reply(
        SearchAnswer(
            tuple(
                Match(
                    id=one.id, version=one.version, owner=one.owner, collection=one.collection, number=one.number,
                    added=timestamp(one.added), name=one.name, snippet=one.snippet, matched=one.matched,
                )
                for one in exchange.search(viewer, query, limit=limit)
            )
        )
    )  # fmt: skip


def look_values_up(viewer: Viewer, body: LookupRequest) -> Reply:
    """What is known of values."""
    return Reply(
        LookupAnswer(
            tuple(
                Known(one.value, one.type, one.normal, tuple(_hit(hit) for hit in one.entries), one.total)
                for one in exchange.lookup(viewer, body.values)
            )
        )
    )


def _hit(hit: exchange.Hit) -> Hit:
    return Hit(hit.id, hit.version, hit.owner, hit.collection, hit.number, timestamp(hit.added))


def explain_object(viewer: Viewer, stix_id: str, whom: str) -> Reply:
    """Why somebody may read it or not."""
    found = exchange.explain(viewer, stix_id, whom)
    return Reply(ExplanationAnswer(found.readable, found.because))
