"""Quotas: requests a minute and objects a day, for each principal, so that nobody slows the others.

Counted in this process and added up across processes in groups: writing at every read would slow all reads. What one
process has not yet added is at most `_GROUP`.
"""

from __future__ import annotations

from shieldwall.errors import StoreError, TooMany
from shieldwall.policy import Viewer
from shieldwall.store import SIDE, node, run

REQUESTS, OBJECTS = "requests", "objects"
_WINDOWS = {REQUESTS: 60, OBJECTS: 86_400}
_GROUP = 50


class _Count:
    """What one principal used in the present window: the known sum of all processes, and ours not yet added."""

    __slots__ = ("known", "ours", "window")

    def __init__(self, window: int) -> None:
        self.window, self.known, self.ours = window, 0, 0


def spend(viewer: Viewer, what: str, amount: int = 1) -> None:
    """Count `amount` against the viewer's quota of `what` (`requests` or `objects`). Raises TooMany when it is over."""
    config = node().config
    most = config.quota_requests if what == REQUESTS else config.quota_objects
    seconds = _WINDOWS[what]
    now = node().clock() // 1_000_000
    counts: dict[tuple[str, str], _Count] = node().cache.setdefault("quotas", {})
    count = counts.get((viewer.principal, what))
    if count is None or count.window != now // seconds:
        count = counts[viewer.principal, what] = _Count(now // seconds)
    count.ours += amount
    if count.ours >= min(_GROUP, most) or what == OBJECTS:
        try:
            count.known, count.ours = _added_up(viewer.principal, what, count), 0
        except StoreError:
            if what == OBJECTS:
                raise
            # A disk that takes nothing more must not end reading: this process goes on counting by itself.
    if count.known + count.ours > most:
        raise TooMany(
            f"over {most} {what} in {seconds} seconds",
            rule="quota",
            remedy="wait as long as Retry-After says",
            retry_after=seconds - now % seconds,
        )


def _added_up(principal: str, what: str, count: _Count) -> int:
    rows = run(SIDE, "use_quota", principal=principal, what=what, window=count.window, amount=count.ours)
    return int(rows[0][0])
