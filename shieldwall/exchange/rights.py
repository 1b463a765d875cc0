"""Rights are read in the snapshot whose entries they guard.

A viewer that was authenticated a moment ago may have joined a group since. Were its old tokens used on a newer
snapshot, its cursor would pass the moment of the joining, and the group's past would be shown behind it, unread.
"""

from __future__ import annotations

from shieldwall import members
from shieldwall.policy import ANONYMOUS, Viewer
from shieldwall.store import READERS, Scope, scope_of


def as_of_now(viewer: Viewer) -> Viewer:
    """`viewer` with the rights that this snapshot shows. Raises Unauthenticated where they have ended."""
    return viewer if viewer.principal == ANONYMOUS.principal else members.viewer_as_of_now(viewer, READERS)


def scope_now(viewer: Viewer) -> Scope:
    """What `viewer` may read in this snapshot. Raises Unauthenticated where its rights have ended."""
    return scope_of(as_of_now(viewer))
