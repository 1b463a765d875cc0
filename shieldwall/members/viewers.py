"""Viewers: whoever asks, as the tokens, scopes and roles that the register gives them now.

Rights end now. Every request reads the principal's own row, its member's status and grants version in one statement;
the tokens behind them are kept in memory and used only where the version just read is the one they were made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Literal, TypeVar

import msgspec

from shieldwall.errors import BadInput, Unauthenticated
from shieldwall.members import credentials
from shieldwall.members.models import Cap, GroupPeriod, Member, Person, ServiceKey
from shieldwall.members.roles import scopes_of, widest_of_key, widest_of_person
from shieldwall.policy import COMMUNITY, PUBLIC, Viewer
from shieldwall.store import READERS, node, snapshot
from shieldwall.store.connector import fetch

OPERATOR = Viewer(
    principal="operator",
    member="",
    nation="",
    tokens={},
    scopes=frozenset({"administer"}),
    roles=frozenset({"operator"}),
    widest="own",
)
"""Whoever runs the command line on the node's own data directory: administers the register, reads nothing."""

ACTIVE = "active"

_KEY = """
SELECT k.id, m.slug, m.grants_version, m.status, k.revoked_us, k.expires_us, k.digest
  FROM members_servicekey k JOIN members_member m ON m.slug = k.member_id
 WHERE k.id = {id}
"""
_PERSON = """
SELECT p.id, m.slug, m.grants_version, m.status, p.active
  FROM members_person p JOIN members_member m ON m.slug = p.member_id
 WHERE p.id = {id}
"""
_SESSION = """
SELECT p.id, m.slug, m.grants_version, m.status, p.active, s.revoked_us, s.expires_us
  FROM members_session s JOIN members_person p ON p.id = s.person_id JOIN members_member m ON m.slug = p.member_id
 WHERE s.digest = {id}
"""
_BOUND = {"sqlite": ":id", "postgresql": "%(id)s"}
_TEXTS = {
    (engine, text): text.format(id=parameter)
    for engine, parameter in _BOUND.items()
    for text in (_KEY, _PERSON, _SESSION)
}
_NO_DIGEST = bytes(32)
_Found = TypeVar("_Found")


class _Standing(msgspec.Struct, frozen=True):
    """Somebody whose credential is good at this moment."""

    kind: Literal["key", "person"]
    id: str
    version: int

    @property
    def principal(self) -> str:
        return f"{self.kind}:{self.id}"


def authenticate(credential: str) -> Viewer:
    """The viewer behind a service key or a session token, as its rights are now.

    Raises Unauthenticated, in the same words and after the same work, for whatever is not good: unknown, forged,
    expired, revoked, or of a person or member that is not active.
    """
    known = credentials.recognise(credential)
    if known is None:
        raise _nobody()
    is_key, key_id = known
    standing = _key(key_id, credential, READERS) if is_key else _session(credential, READERS)
    return _viewer(standing)


def viewer_of_key(key_id: str) -> Viewer:
    """The viewer of a service key that was authenticated before, as its rights are now. Raises Unauthenticated."""
    return _viewer(_key(key_id, None, READERS))


def viewer_of_person(person_id: str) -> Viewer:
    """The viewer of a person, as their rights are now. Raises Unauthenticated where person or member is not active."""
    return _viewer(_person(person_id, READERS))


def viewer_as_of_now(actor: Viewer, alias: str) -> Viewer:
    """`actor` with the rights that `alias` shows now: a service acts on no right that has ended meanwhile.

    Raises Unauthenticated. The operator's rights come with the data directory and do not end.
    """
    if actor is OPERATOR:
        return actor
    kind, _, identifier = actor.principal.partition(":")
    if kind not in {"key", "person"}:
        raise _nobody()
    standing = _key(identifier, None, alias) if kind == "key" else _person(identifier, alias)
    return actor if standing.version == actor.version else _made(standing, alias)


def tokens_of(member: Member, alias: str) -> dict[str, int]:
    """The tokens that all of a member's principals hold, each with the moment from which on (0: from the beginning)."""
    tokens = {PUBLIC: 0, COMMUNITY: 0, f"member:{member.slug}": 0}
    if member.nation_id:
        tokens[f"nation:{member.nation_id}"] = member.national_since_us
    periods = GroupPeriod.objects.using(alias).filter(member=member, until_us=None)
    for slug, volume, created, hides_past, since, since_volume in periods.values_list(
        "group_id", "group__volume", "group__created_us", "group__hides_past", "since_us", "since_volume"
    ):
        # Whatever is newer than the membership has no past: only what a newcomer is let see does.
        had_a_past = since > created and not hides_past
        for number in range(since_volume, volume + 1):
            tokens[f"group:{slug}#{number}"] = since if had_a_past and number == since_volume else 0
    return tokens


def _viewer(standing: _Standing) -> Viewer:
    kept: dict[str, Viewer] = node().cache.setdefault("viewers", {})
    viewer = kept.get(standing.principal)
    if viewer is None or viewer.version != standing.version:
        with snapshot():
            viewer = kept[standing.principal] = _made(standing, READERS)
    return viewer


def _made(standing: _Standing, alias: str) -> Viewer:
    """The viewer, every part of it read through `alias`: call inside one snapshot or transaction."""
    if standing.kind == "key":
        found = ServiceKey.objects.using(alias).select_related("member").filter(id=standing.id).first()
        return _viewer_of_key(_still(found), alias)
    person = Person.objects.using(alias).select_related("member").filter(id=standing.id).first()
    return _viewer_of_person(_still(person), alias)


def _viewer_of_key(key: ServiceKey, alias: str) -> Viewer:
    member = key.member
    return Viewer(
        principal=f"key:{key.id}",
        member=member.slug,
        nation=member.nation_id or "",
        tokens=tokens_of(member, alias),
        scopes=frozenset(key.scopes.split()),
        version=member.grants_version,
        default_audience=key.default_audience,
        default_marking=key.default_marking,
        widest=widest_of_key(key.widest, member.widest, _caps(alias)),
    )


def _viewer_of_person(person: Person, alias: str) -> Viewer:
    member = person.member
    roles = frozenset(person.roles.split())
    return Viewer(
        principal=f"person:{person.id}",
        member=member.slug,
        nation=member.nation_id or "",
        tokens={**tokens_of(member, alias), f"person:{person.id}": 0},
        scopes=scopes_of(roles),
        roles=roles,
        version=member.grants_version,
        widest=widest_of_person(roles, member.widest, _caps(alias)),
    )


def _caps(alias: str) -> Mapping[str, str]:
    return dict(Cap.objects.using(alias).values_list("holder", "widest"))


def _key(key_id: str, credential: str | None, alias: str) -> _Standing:
    """A key in good standing; its secret is compared where a credential is given."""
    row = _row(_KEY, key_id, alias)
    kept = bytes(row[6]) if row else _NO_DIGEST
    matches = credential is None or compare_digest(credentials.digest(credential), kept)
    if row is None or not matches or row[3] != ACTIVE or _is_over(row[4], row[5]):
        raise _nobody()
    return _Standing("key", row[0], row[2])


def _session(credential: str, alias: str) -> _Standing:
    row = _row(_SESSION, credentials.digest(credential), alias)
    if row is None or row[3] != ACTIVE or not row[4] or _is_over(row[5], row[6]):
        raise _nobody()
    return _Standing("person", row[0], row[2])


def _person(person_id: str, alias: str) -> _Standing:
    row = _row(_PERSON, person_id, alias)
    if row is None or row[3] != ACTIVE or not row[4]:
        raise _nobody()
    return _Standing("person", row[0], row[2])


def _row(text: str, identifier: str | bytes, alias: str) -> tuple[Any, ...] | None:
    rows = fetch(alias, _TEXTS[node().engine, text], {"id": identifier})
    return rows[0] if rows else None


def _is_over(revoked_us: int | None, expires_us: int) -> bool:
    return revoked_us is not None or expires_us <= node().clock()


def _still(found: _Found | None) -> _Found:
    if found is None:
        raise _nobody()
    return found


def _nobody() -> Unauthenticated:
    return Unauthenticated(
        "this credential is not good", rule="authentication", remedy="use a service key or session that is in force"
    )


def viewer_named(whom: str) -> Viewer:
    """The viewer that `whom` names, to explain a decision: `member:…`, `key:…`, `person:…` by id or user name.

    A member stands for any program of it. Raises BadInput.
    """
    kind, _, name = whom.partition(":")
    try:
        if kind == "key":
            return viewer_of_key(name)
        if kind == "person":
            known = Person.objects.using(READERS).filter(username=name).values_list("id", flat=True).first()
            return viewer_of_person(known or name)
    except Unauthenticated as error:
        raise unknown_viewer(whom) from error
    member = Member.objects.using(READERS).filter(slug=name, status=ACTIVE).first() if kind == "member" else None
    if member is None:
        raise unknown_viewer(whom)
    return Viewer(
        principal=whom, member=member.slug, nation=member.nation_id or "", tokens=tokens_of(member, READERS),
        scopes=frozenset({"read"}), version=member.grants_version,
    )  # fmt: skip


def unknown_viewer(whom: str) -> BadInput:
    """The refusal of a name that is nobody's, and of one that the asker may not know."""
    return BadInput(
        f"{whom[:80]!r} is nobody we know", rule="explain", where="viewer",
        remedy="name an active member:…, person:… or key:…",
    )  # fmt: skip
