"""Why somebody may, or may not, read an object: the decision's derivation, for whoever is entitled to it (X25)."""

from __future__ import annotations

import msgspec
import orjson

from shieldwall.errors import Absent
from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.members.viewers import viewer_named
from shieldwall.members.wards import owners_served
from shieldwall.policy import Viewer, derivation, may_read
from shieldwall.store import READERS, audience_of, collection_by_id, id_key, number_of, run, scope_of, snapshot


class Explanation(msgspec.Struct, frozen=True):
    """Whether any of it is readable, and the lines that say why, for each place where it lies."""

    readable: bool
    because: tuple[str, ...]


def explain(asker: Viewer, stix_id: str, whom: str = "") -> Explanation:
    """Why `whom` (`member:…`, `person:…` or `key:…`; the asker by default) may or may not read an object.

    Only what the asker itself may read, or owns, is explained; and only the owner, or `whom`'s own member, may ask
    about another. Raises Absent otherwise, as for what does not exist.
    """
    with snapshot():
        subject = viewer_named(whom) if whom else asker
        scope = scope_of(asker)
        mine = owners_served(asker)
        rows = run(READERS, "family", keys=orjson.dumps([id_key(stix_id).hex()]).decode())
        positions = orjson.dumps([row[1] for row in rows]).decode()
        hidden: dict[int, int] = dict(run(READERS, "hidden_at", positions=positions))
        lines: list[str] = []
        readable = False
        for _, place, owner, _, _, _ in sorted(rows, key=lambda row: row[1]):
            if not _may_ask(asker, subject, owner in mine, place >> 40 in scope):
                continue
            collection = collection_by_id(READERS, place >> 40)
            audience = audience_of(collection.audience)
            withdrawn = hidden.get(place, SUPERSEDED) != SUPERSEDED
            if withdrawn and owner not in mine:
                continue
            verdict = may_read(subject, audience)
            readable |= bool(verdict) and not withdrawn and "read" in subject.scopes
            lines.append(f"entry {number_of(place)} of {collection.uuid}, for {audience.plain().text}, by {owner}:")
            lines += [f"  {line}" for line in derivation(subject, audience)]
            lines += _state(hidden.get(place, 0))
    if not lines:
        raise Absent("no such object")
    if "read" not in subject.scopes:
        lines.append("this principal has no scope `read`")
    return Explanation(readable, tuple(lines))


def _may_ask(asker: Viewer, subject: Viewer, owns: bool, reads: bool) -> bool:
    about_own = subject.principal == asker.principal or subject.member == asker.member
    return owns or (reads and about_own)


def _state(reason: int) -> list[str]:
    if not reason:
        return []
    return ["  a newer version stands in its place"] if reason == SUPERSEDED else ["  it was withdrawn"]
