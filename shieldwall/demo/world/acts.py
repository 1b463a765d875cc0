"""What a member does, as a value that can be replayed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.desks import Desk
from shieldwall.demo.world.objects import Thing, bundle, moment


class Act(msgspec.Struct, frozen=True):
    """Something a member does.

    `kind` is submit, relay (another's objects passed on unchanged), update, revoke or withdraw. All but the last give
    `objects`, a bundle of `count` objects; a withdrawal names `target`, a STIX id, all of whose versions go.
    `audience` is '' for home. `person` is set where a person acts, not a key. `outcome` says what is to be expected:
    admitted, refused, or home where unmarked objects without a default stay with the submitter.
    """

    kind: str
    at: int  # µs
    member: str
    audience: str
    default_marking: str = ""
    objects: bytes = b""
    count: int = 0
    target: str = ""
    reason: str = ""
    person: str = ""
    outcome: str = "admitted"


def act(chance: Chance, kind: str, desk: Desk, things: Sequence[Thing], **further: Any) -> Act:
    """`things` given from `desk`, at the time of the latest of them.

    Where nothing is marked and no default is given, they stay at home.
    """
    marked = desk.default_marking or any("object_marking_refs" in thing for thing in things)
    settled: dict[str, Any] = {
        "audience": desk.venue.audience, "default_marking": desk.default_marking, "person": desk.venue.person,
        "outcome": "admitted" if marked or not desk.venue.audience else "home"}
    latest = max(thing.get("modified", "") for thing in things)
    return Act(kind=kind, at=moment(latest), member=desk.member.id,
               objects=bundle(chance, things), count=len(things), **settled | further)
