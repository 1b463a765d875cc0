"""Who would read it: the preview that is shown before anything is sent (R56)."""

from __future__ import annotations

import msgspec

from shieldwall.exchange.receipts import AudienceView
from shieldwall.members import readers_of, resolve
from shieldwall.policy import Audience, Viewer
from shieldwall.store import snapshot


def preview(viewer: Viewer, address: str) -> AudienceView:
    """Who would read something addressed so, before it is sent. Raises BadInput for an unknown address."""
    with snapshot():
        return audience_view(viewer, resolve(address, viewer))


def audience_view(viewer: Viewer, audience: Audience) -> AudienceView:
    """The readers of a resolved audience, as far as `viewer` may know them."""
    readers = readers_of(viewer, audience)
    return AudienceView(
        address=audience.plain().text,
        members=tuple(msgspec.to_builtins(one) for one in readers.members),
        people=tuple(msgspec.to_builtins(one) for one in readers.people),
        others=readers.others,
        counts=msgspec.to_builtins(readers.counts),
    )
