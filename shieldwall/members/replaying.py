"""Doing again, after a restore, what the journal says was taken back: rights that ended stay ended.

Nothing that was granted after the backup comes back by this; where an act says a whole state anew (roles, a cap, a
member's standing), the newest one holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F

from shieldwall.members.models import Cap, Client, Group, GroupPeriod, Member, Person, ServiceKey, Session
from shieldwall.members.organisations import TRANSITIONS
from shieldwall.members.roles import words
from shieldwall.store import Turn

Facts = Mapping[str, Any]


def replay_act(turn: Turn, act: str, facts: Facts) -> int:
    """Inside a turn: do a journaled act of the register again. How many rows it changed; 0 where nothing is left to do.

    Where it did something, the register's log says so, as done by `restore`.
    """
    changed = _ACTS[act](turn.stamp(), facts)
    if changed and act != "password-kept":
        told = {name: value for name, value in facts.items() if name not in ("stamp", "by")}
        turn.record_act({**told, "act": act, "by": "restore"})
    elif changed:
        turn.journal(act, person=facts["person"], password=facts["password"])
    return changed


def end_sessions(turn: Turn) -> None:
    """Inside a turn: everybody signs in anew, and nothing that was known of anybody's rights still counts."""
    Session.objects.filter(revoked_us=None).update(revoked_us=turn.stamp())
    Member.objects.update(grants_version=F("grants_version") + 1)


def _revoke_key(now: int, facts: Facts) -> int:
    return ServiceKey.objects.filter(id=facts["key"], revoked_us=None).update(revoked_us=now)


def _shorten_key(now: int, facts: Facts) -> int:
    return ServiceKey.objects.filter(id=facts["key"], expires_us__gt=facts["until"]).update(expires_us=facts["until"])


def _set_status(act: str) -> Callable[[int, Facts], int]:
    before, after = TRANSITIONS[act]

    def change(now: int, facts: Facts) -> int:
        return Member.objects.filter(slug=facts["member"], status__in=before).update(status=after)

    return change


def _leave_group(now: int, facts: Facts) -> int:
    periods = GroupPeriod.objects.filter(group=facts["group"], member=facts["member"], until_us=None)
    return periods.update(until_us=now)


def _close_group(now: int, facts: Facts) -> int:
    return Group.objects.filter(slug=facts["group"], closed_us=None).update(closed_us=now)


def _remove_client(now: int, facts: Facts) -> int:
    return Client.objects.filter(member=facts["member"], client=facts["client"]).delete()[0]


def _set_roles(now: int, facts: Facts) -> int:
    roles = words(facts["roles"])
    return Person.objects.filter(id=facts["person"]).exclude(roles=roles).update(roles=roles)


def _keep_password(now: int, facts: Facts) -> int:
    kept = facts["password"]
    return Person.objects.filter(id=facts["person"]).exclude(password=kept).update(password=kept)


def _deactivate(now: int, facts: Facts) -> int:
    return Person.objects.filter(id=facts["person"], active=True).update(active=False)


def _set_cap(now: int, facts: Facts) -> int:
    holder, widest = facts["holder"], facts["widest"]
    if Cap.objects.filter(holder=holder, widest=widest).exists():
        return 0
    Cap.objects.update_or_create(holder=holder, defaults={"widest": widest})
    return 1


_ACTS: Mapping[str, Callable[[int, Facts], int]] = {
    "key-revoked": _revoke_key,
    "key-rotated": _shorten_key,
    "member-suspended": _set_status("suspended"),
    "member-restored": _set_status("restored"),
    "member-departed": _set_status("departed"),
    "group-left": _leave_group,
    "group-closed": _close_group,
    "client-removed": _remove_client,
    "roles-set": _set_roles,
    "password-kept": _keep_password,
    "person-deactivated": _deactivate,
    "cap-set": _set_cap,
}
REPLAYED = frozenset(_ACTS)
