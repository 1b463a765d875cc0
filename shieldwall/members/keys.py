"""Service keys: made, shown once, rotated with an overlap, revoked at once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from shieldwall.errors import BadInput, Conflict
from shieldwall.members import credentials
from shieldwall.members.audiences import check_address
from shieldwall.members.models import Member, ServiceKey
from shieldwall.members.names import check_name
from shieldwall.members.register import Act, acting, found, require_known
from shieldwall.members.roles import check_breadth, check_scopes, words
from shieldwall.members.viewers import ACTIVE, tokens_of
from shieldwall.policy import COMMUNITY, Viewer, parse_label
from shieldwall.store import WRITER, node

DAY_US = 86_400_000_000
DEFAULT_LIFE_DAYS, MOST_LIFE_DAYS = 365, 2 * 365
OVERLAP_US = DAY_US


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A service key to be. `default_audience` and `default_marking` are '' for none."""

    member: str
    name: str
    scopes: frozenset[str] = frozenset({"read"})
    life_days: int = DEFAULT_LIFE_DAYS
    default_audience: str = ""
    default_marking: str = ""
    widest: str = COMMUNITY


def create_keys(actor: Viewer, keys: Iterable[NewKey]) -> list[tuple[ServiceKey, str]]:
    """Make keys, all or none; each with its secret, which is kept nowhere. For administrators of their members.

    Raises BadInput, Absent, Refused.
    """
    fresh = [_checked(key) for key in keys]
    with acting(actor) as act:
        for member in {key.member for key in fresh}:
            act.require_administrator(member, what="make keys for it")
        for scopes in {key.scopes for key in fresh}:
            act.require_holding(scopes)
        require_known(Member, {key.member for key in fresh}, where="member", status=ACTIVE)
        _require_addresses(fresh)
        return _make(act, fresh)


def create_key(
    actor: Viewer,
    member: str,
    name: str,
    *,
    scopes: Iterable[str] = ("read",),
    life_days: int = DEFAULT_LIFE_DAYS,
    default_audience: str = "",
    default_marking: str = "",
    widest: str = COMMUNITY,
) -> tuple[ServiceKey, str]:
    """Make one key: see `create_keys`."""
    fresh = NewKey(
        member=member,
        name=name,
        scopes=frozenset(scopes),
        life_days=life_days,
        default_audience=default_audience,
        default_marking=default_marking,
        widest=widest,
    )
    return create_keys(actor, [fresh])[0]


def rotate_key(actor: Viewer, key_id: str, *, overlap_us: int = OVERLAP_US) -> tuple[ServiceKey, str]:
    """A successor with the same rights and life; the old one stays good for `overlap_us`, never longer than before.

    For administrators of its member. Raises Absent; Conflict where the key is revoked or expired; Refused.
    """
    if overlap_us < 0:
        raise BadInput("an overlap is not negative", rule="key", where="overlap", remedy="give 0 or more")
    with acting(actor) as act:
        old = _key(act, key_id)
        act.require_holding(frozenset(old.scopes.split()))
        now = node().clock()
        if old.revoked_us is not None or old.expires_us <= now:
            raise Conflict("this key is over", rule="key", where=key_id, remedy="make a new one")
        made, secret = _minted(old, expires_us=now + (old.expires_us - old.created_us), now=now)
        made.save(force_insert=True)
        old.expires_us = min(old.expires_us, now + overlap_us)
        old.save(update_fields=["expires_us"])
        act.regrant([old.member_id])
        act.record("key-rotated", key=old.id, member=old.member_id, successor=made.id, until=old.expires_us)
        return made, secret


def revoke_key(actor: Viewer, key_id: str) -> None:
    """End a key on the next request, for good. For administrators of its member. Raises Absent."""
    with acting(actor) as act:
        key = _key(act, key_id)
        if key.revoked_us is None:
            key.revoked_us = act.now
            key.save(update_fields=["revoked_us"])
            act.regrant([key.member_id])
            act.record("key-revoked", key=key.id, member=key.member_id)


def _checked(key: NewKey) -> NewKey:
    where = f"key {check_name(key.name)}"
    check_scopes(key.scopes, where=where)
    check_breadth(key.widest, where=where)
    if not 1 <= key.life_days <= MOST_LIFE_DAYS:
        raise BadInput("a key ends", rule="key", where=f"{where}, life", remedy=f"give it 1 to {MOST_LIFE_DAYS} days")
    if not key.default_marking:
        return key
    return msgspec.structs.replace(key, default_marking=parse_label(key.default_marking).label)


def _require_addresses(fresh: list[NewKey]) -> None:
    """A default address is one that the key itself may know."""
    for key in fresh:
        if key.default_audience:
            check_address(key.default_audience, tokens_of(Member.objects.get(slug=key.member), WRITER), WRITER)


def _make(act: Act, fresh: list[NewKey]) -> list[tuple[ServiceKey, str]]:
    now = node().clock()
    made = [
        _minted(
            ServiceKey(
                member_id=key.member,
                name=key.name,
                scopes=words(key.scopes),
                default_audience=key.default_audience,
                default_marking=key.default_marking,
                widest=key.widest,
            ),
            expires_us=now + key.life_days * DAY_US,
            now=now,
        )
        for key in fresh
    ]
    ServiceKey.objects.bulk_create(key for key, _ in made)
    act.record_all(
        "key-created",
        [{"key": key.id, "member": key.member_id, "name": key.name, "scopes": key.scopes} for key, _ in made],
    )
    return made


def _minted(pattern: ServiceKey, *, expires_us: int, now: int) -> tuple[ServiceKey, str]:
    """A key like `pattern` with an id and a secret of its own, not yet written."""
    key_id = credentials.new_key_id(pattern.member_id)
    secret = credentials.new_key(key_id)
    copied = ("member_id", "name", "scopes", "default_audience", "default_marking", "widest")
    same = {field: getattr(pattern, field) for field in copied}
    return ServiceKey(
        id=key_id, digest=credentials.digest(secret), created_us=now, expires_us=expires_us, **same
    ), secret


def _key(act: Act, key_id: str) -> ServiceKey:
    """A key of a member that the actor administers; another's looks like none."""
    key = ServiceKey.objects.filter(id=key_id).first()
    return found(key if key and act.administers(key.member_id) else None, key_id, where="key")
