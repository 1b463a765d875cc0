"""On whose behalf a member may act: its own, and that of the departed of its nation where it is the national CERT."""

from __future__ import annotations

from shieldwall.members.models import Client, Member
from shieldwall.policy import Viewer
from shieldwall.store import READERS


def owners_served(viewer: Viewer, alias: str = READERS) -> frozenset[str]:
    """Whose objects `viewer` may withdraw: its own member's; a national CERT also those of its nation's departed."""
    own = frozenset({viewer.member})
    if not viewer.nation:
        return own
    members = Member.objects.using(alias)
    if not members.filter(slug=viewer.member, kind="cert").exists():
        return own
    return own | frozenset(members.filter(nation_id=viewer.nation, status="departed").values_list("slug", flat=True))


def clients_of(member: str, alias: str = READERS) -> frozenset[str]:
    """The members that are declared clients of `member`, to whom it may pass on what is AMBER."""
    return frozenset(Client.objects.using(alias).filter(member_id=member).values_list("client_id", flat=True))
