"""The collections in a viewer's scope, as doors list them."""

from __future__ import annotations

import re

import msgspec

from shieldwall.exchange.rights import scope_now
from shieldwall.members import display_names
from shieldwall.policy import UNMARKED, Viewer, may_append
from shieldwall.store import Scope, audience_of, snapshot

_PART = re.compile(r"[&|]|[^&|()]+")  # in one pass: a name may hold what looks like a token or a joint
_JOINTS = {"&": " and ", "|": " or "}


class Listed(msgspec.Struct, frozen=True):
    """A collection as its reader sees it. `size` counts its entries; `created` and `added` are µs."""

    id: str
    title: str
    audience: str
    can_read: bool
    can_write: bool
    virtual: bool
    sealed: bool
    size: int
    created: int
    added: int


def collections(viewer: Viewer) -> list[Listed]:
    """The virtual collection first, then one for each audience in scope, in the order in which they were made."""
    with snapshot():
        scope = scope_now(viewer)
        viewer = scope.viewer
        if "read" not in viewer.scopes and "submit" not in viewer.scopes:
            return []
        return [_virtual(viewer, scope), *_plain(viewer, scope)]


def collection(viewer: Viewer, uuid: str) -> Listed | None:
    """One of `collections`, or None."""
    return next((one for one in collections(viewer) if one.id == uuid), None)


def _virtual(viewer: Viewer, scope: Scope) -> Listed:
    return Listed(
        id=scope.facts.virtual_collection,
        title="All I may read",
        audience="",
        can_read="read" in viewer.scopes,
        can_write="submit" in viewer.scopes,
        virtual=True,
        sealed=False,
        size=sum(one.number for one in scope),
        created=scope.facts.created,
        added=max((one.added for one in scope), default=scope.facts.created),
    )


def _plain(viewer: Viewer, scope: Scope) -> list[Listed]:
    audiences = {one.collection.id: audience_of(one.collection.audience) for one in scope}
    names = display_names({token for audience in audiences.values() for part in audience.conjuncts for token in part})
    return [
        Listed(
            id=one.collection.uuid,
            title=_title(one.collection.audience, names),
            audience=audiences[one.collection.id].plain().text,
            can_read=True,
            can_write=bool(may_append(viewer, audiences[one.collection.id], UNMARKED)),
            virtual=False,
            sealed=one.collection.is_sealed,
            size=one.number,
            created=one.collection.created,
            added=one.added,
        )
        for one in scope
    ]


def _title(text: str, names: dict[str, str]) -> str:
    return _PART.sub(lambda part: _JOINTS.get(part[0]) or names.get(part[0], part[0]), text)
