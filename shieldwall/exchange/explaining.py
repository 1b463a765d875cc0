"""Why somebody may, or may not, read an object: the decision's derivation, for whoever is entitled to it (X25)."""

from __future__ import annotations

import msgspec
import orjson

from shieldwall.errors import Absent
from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.exchange.rights import scope_now
from shieldwall.members import owners_served, readers_of, unknown_viewer, viewer_named
from shieldwall.policy import Audience, Viewer, derivation, may_read
from shieldwall.store import (
    READERS,
    audience_of,
    collection_by_id,
    collection_of,
    id_key,
    number_of,
    run,
    snapshot,
)  # fmt: skip


class Explanation(msgspec.Struct, frozen=True):
    """Whether any of it is readable, and the lines that say why, for each place where it lies."""

    readable: bool
    because: tuple[str, ...]


def explain(asker: Viewer, stix_id: str, whom: str = "") -> Explanation:
    """Why `whom` (`member:…`, `person:…` or `key:…`; the asker by default) may or may not read an object.

    Only the owner, or `whom`'s own member, may ask about another; and only places are explained that the asker reads
    or has put it into, not where others passed it on, nor groups whose members the asker may not know. Raises Absent
    otherwise, as for what does not exist.
    """
    with snapshot():
        subject = _subject(asker, whom) if whom else asker
        scope = scope_now(asker)
        mine = owners_served(asker)
        rows = run(READERS, "family", keys=orjson.dumps([id_key(stix_id).hex()]).decode())
        positions = orjson.dumps([row[1] for row in rows]).decode()
        hidden: dict[int, int] = dict(run(READERS, "hidden_at", positions=positions))
        submitters = {row[0]: row[4] for row in run(READERS, "entries_at", positions=positions)}
        about_own = subject.member == asker.member
        told: list[tuple[str, int, str, list[str]]] = []
        readable = False
        for _, place, owner, _, _, _ in rows:
            withdrawn = hidden.get(place, SUPERSEDED) != SUPERSEDED
            if collection_of(place) not in scope and submitters[place] not in mine:
                continue
            if owner not in mine and (withdrawn or not about_own):
                continue
            collection = collection_by_id(READERS, collection_of(place))
            audience = audience_of(collection.audience)
            if not about_own and not _knows_holders(asker, audience):
                continue
            verdict = may_read(subject, audience)
            readable |= bool(verdict) and not withdrawn and "read" in subject.scopes
            # A number in a log that the asker does not read would count what others put there.
            entry = f"entry {number_of(place)}" if collection_of(place) in scope else "an entry"
            heading = f"{entry} of {collection.uuid}, for {audience.plain().text}, by {owner}:"
            why = [f"  {line}" for line in derivation(subject, audience)]
            told.append((collection.uuid, place, heading, [*why, *_state(hidden.get(place, 0))]))
    if not told:
        raise Absent("no such object")
    # By collection: how unread ones were numbered or stamped beside others depends on what others put there.
    lines = [line for *_, heading, why in sorted(told) for line in (heading, *why)]
    if "read" not in subject.scopes:
        lines.append("this principal has no scope `read`")
    return Explanation(readable, tuple(lines))


def _subject(asker: Viewer, whom: str) -> Viewer:
    """Whom the asker names. Which keys there are is known to their own member alone: another's is nobody. BadInput."""
    named = viewer_named(whom)
    if named.principal.startswith("key:") and named.member != asker.member:
        raise unknown_viewer(whom)
    return named


def _knows_holders(asker: Viewer, audience: Audience) -> bool:
    """Whether the asker may know who belongs to every group in the audience."""
    groups = [token for token in audience.tokens() if token.startswith("group:")]
    return not any(readers_of(asker, Audience(frozenset({frozenset({group})}))).others for group in groups)


def _state(reason: int) -> list[str]:
    if not reason:
        return []
    return ["  a newer version stands in its place"] if reason == SUPERSEDED else ["  it was withdrawn"]
