"""Quotas: requests a minute and objects a day for each principal, new addresses a day for each member, so that nobody
slows the others.

Counted in this process and added up across processes in groups: writing at every read would slow all reads. What one
process has not yet added is at most `_GROUP`.
"""

from __future__ import annotations

from hashlib import blake2b

from shieldwall.errors import StoreError, TooMany
from shieldwall.policy import Viewer
from shieldwall.store import SIDE, node, run

REQUESTS, OBJECTS, ADDRESSES = "requests", "objects", "addresses"
NEW_ADDRESSES = 200
_DAY = 86_400
_WINDOWS = {REQUESTS: 60, OBJECTS: _DAY}
_GROUP = 50
_MOST_KEPT = 10_000


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


def spend_address(viewer: Viewer, address: str) -> None:
    """Count `address` where the viewer's member never used it before. Raises TooMany over `NEW_ADDRESSES` a day.

    Each may be a collection more, in which all its readers look from then on: a member that made thousands would slow
    everybody. What others use plays no part, so that nobody can feel by it which collections there are.
    """
    member = f"member:{viewer.member}"
    used: set[tuple[str, str]] = node().cache.setdefault("addresses", set())
    if not address or (member, address) in used:
        return
    what = f"address {blake2b(address.encode(), digest_size=16).hexdigest()}"
    now = node().clock() // 1_000_000
    if not run(SIDE, "quota_used", principal=member, what=what):
        day = now // _DAY
        if _counted(member, ADDRESSES, day, 0) >= NEW_ADDRESSES:
            raise TooMany(
                f"over {NEW_ADDRESSES} new addresses a day", rule="quota", retry_after=_DAY - now % _DAY,
                remedy="use an address that you used before, or a group",
            )  # fmt: skip
        _counted(member, ADDRESSES, day, 1)
        _counted(member, what, 0, 1)
    if len(used) >= _MOST_KEPT:
        used.clear()
    used.add((member, address))


def _counted(principal: str, what: str, window: int, amount: int) -> int:
    return int(run(SIDE, "use_quota", principal=principal, what=what, window=window, amount=amount)[0][0])


def _added_up(principal: str, what: str, count: _Count) -> int:
    return _counted(principal, what, count.window, count.ours)
