"""Who would read it: the preview that is shown before anything is sent (R56)."""

from __future__ import annotations

import msgspec

from shieldwall.errors import ShieldwallError
from shieldwall.exchange.receipts import AudienceView, Receipt
from shieldwall.members import readers_of, resolve, viewer_as_of_now
from shieldwall.policy import Audience, Viewer
from shieldwall.store import READERS, node, run, snapshot

_MOST_KEPT = 512


def preview(viewer: Viewer, address: str) -> AudienceView:
    """Who would read something addressed so, before it is sent. Raises BadInput for an unknown address."""
    with snapshot():
        current = viewer_as_of_now(viewer, READERS)
        return audience_view(current, resolve(address, current))


def audience_view(viewer: Viewer, audience: Audience) -> AudienceView:
    """The readers of a resolved audience, as far as `viewer` may know them.

    Kept for the same viewer until the register changes: every act of it lengthens its log, read in this snapshot.
    """
    with snapshot():
        key = (viewer.principal, viewer.version, audience.text, run(READERS, "register_length")[0][0])
        kept: dict[tuple[str, int, str, int], AudienceView] = node().cache.setdefault("audience views", {})
        view = kept.get(key)
        if view is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            view = kept[key] = _view(viewer, audience)
    return view


def _view(viewer: Viewer, audience: Audience) -> AudienceView:
    readers = readers_of(viewer, audience)
    return AudienceView(
        address=audience.plain().text,
        members=tuple(msgspec.to_builtins(one) for one in readers.members),
        people=tuple(msgspec.to_builtins(one) for one in readers.people),
        others=readers.others,
        counts=msgspec.to_builtins(readers.counts),
    )


def named_again(viewer: Viewer, receipt: Receipt) -> Receipt:
    """A kept receipt with the readers' names of today, where `viewer` may still address its audience."""
    if receipt.audience is None:
        return receipt
    try:
        return msgspec.structs.replace(receipt, audience=preview(viewer, receipt.audience.address))
    except ShieldwallError:
        return receipt
