"""People: how they enter, what roles they hold, how they sign in and out, and how they end."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db.models import Q

from shieldwall.errors import BadInput, Conflict, Refused, Unauthenticated
from shieldwall.members import credentials
from shieldwall.members.models import Member, Person, Session
from shieldwall.members.names import check_member_slug, check_name, check_username
from shieldwall.members.organisations import enter_hub
from shieldwall.members.passwords import check_password, hash_password, verify_password
from shieldwall.members.register import Act, acting, found, get_member, require_distinct, require_free, require_known
from shieldwall.members.roles import HUB_ROLES, check_roles, scopes_of, words
from shieldwall.members.viewers import ACTIVE, OPERATOR
from shieldwall.policy import Viewer
from shieldwall.store import READERS, node, writing

SESSION_US = 12 * 3_600_000_000


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be. Without a password they cannot sign in until one is set."""

    member: str
    username: str
    name: str
    roles: frozenset[str] = frozenset({"reader"})
    password: str | None = None


def setup_hub(name: str, slug: str, username: str, password: str, *, person_name: str = "") -> Person:
    """Begin a register: the hub and its first administrator. Raises BadInput; Conflict where there is one already."""
    check_name(name)
    check_member_slug(slug)
    first = NewPerson(
        member=slug,
        username=username,
        name=person_name or username,
        roles=frozenset({"administrator"}),
        password=password,
    )
    [draft] = _drafts([first])
    with acting(OPERATOR) as act:
        if Member.objects.exists():
            raise Conflict("there is a register already", rule="setup", where="hub", remedy="use an empty directory")
        enter_hub(act, slug, name)
        act.record("hub-created", member=slug, name=name)
        return _enter(act, [draft])[0]


def create_people(actor: Viewer, people: Iterable[NewPerson]) -> list[Person]:
    """Enter people, all or none. For administrators of their members; a key sets nobody's password.

    Raises BadInput, Absent, Conflict, Refused.
    """
    drafts = _drafts(list(people))
    with acting(actor) as act:
        for member in {person.member_id for person in drafts}:
            act.require_administrator(member, what="enter its people")
        for roles in {person.roles for person in drafts}:
            act.require_holding(scopes_of(roles.split()))
        if any(person.password for person in drafts):
            _require_not_key(act)
        return _enter(act, drafts)


def create_person(
    actor: Viewer,
    member: str,
    username: str,
    name: str,
    *,
    roles: Iterable[str] = ("reader",),
    password: str | None = None,
) -> Person:
    """Enter one person: see `create_people`."""
    fresh = NewPerson(member=member, username=username, name=name, roles=frozenset(roles), password=password)
    return create_people(actor, [fresh])[0]


def set_roles(actor: Viewer, person: str, roles: Iterable[str]) -> None:
    """Give a person (id or user name) these roles instead of theirs, from the next request on."""
    wanted = check_roles(roles, where="roles")
    with acting(actor) as act:
        changed = _person(act, person)
        _require_hub_for(wanted, {changed.member_id})
        # Whoever may not give a role may not take it either: a narrow key demotes no administrator.
        act.require_holding(scopes_of(wanted) | scopes_of(changed.roles.split()))
        if "administrator" not in wanted:
            _require_other_hub_administrator(changed)
        changed.roles = words(wanted)
        changed.save(update_fields=["roles"])
        act.regrant([changed.member_id])
        act.record("roles-set", person=changed.id, member=changed.member_id, roles=sorted(wanted))


def set_password(actor: Viewer, person: str, password: str) -> None:
    """Set one's own password, or as an administrator that of a person (id or user name); ends their sessions."""
    kept = hash_password(check_password(password, person), person)
    with acting(actor) as act:
        changed = _person(act, person, oneself=True)
        check_password(password, changed.username)
        _require_not_key(act)
        act.require_holding(scopes_of(changed.roles.split()))
        changed.password = kept
        changed.save(update_fields=["password"])
        _end_sessions(act, changed)
        act.record("password-set", person=changed.id, member=changed.member_id)
        act.turn.journal("password-kept", person=changed.id, password=kept)  # a restore must not bring the old one back


def deactivate_person(actor: Viewer, person: str) -> None:
    """End a person's rights and sessions for good. Their user name stays taken."""
    with acting(actor) as act:
        ended = _person(act, person)
        act.require_holding(scopes_of(ended.roles.split()))
        _require_other_hub_administrator(ended)
        ended.active = False
        ended.save(update_fields=["active"])
        _end_sessions(act, ended)
        act.regrant([ended.member_id])
        act.record("person-deactivated", person=ended.id, member=ended.member_id)


def sign_in(username: str, password: str) -> str:
    """A session token, good for twelve hours. Raises Unauthenticated in the same words and after the same work."""
    people = Person.objects.using(READERS)
    known = people.filter(username=username).only("id", "password").first()
    kept = known.password if known else ""
    if not verify_password(password, kept) or known is None:
        raise _unknown()
    token = credentials.new_session(username)
    with writing() as turn:
        person = Person.objects.filter(id=known.id, password=kept, active=True, member__status=ACTIVE).first()
        if person is None:
            raise _unknown()
        now = node().clock()
        Session.objects.filter(person=person, expires_us__lte=now).delete()
        Session.objects.create(
            digest=credentials.digest(token), person=person, created_us=now, expires_us=now + SESSION_US
        )
        turn.record_act({"act": "signed-in", "by": f"person:{person.id}", "member": person.member_id})
    return token


def sign_out(token: str) -> None:
    """End the session of this token; nothing happens where there is none."""
    with writing() as turn:
        session = Session.objects.filter(digest=credentials.digest(token), revoked_us=None).first()
        if session is not None:
            Session.objects.filter(pk=session.pk).update(revoked_us=turn.stamp())
            turn.record_act({"act": "signed-out", "by": f"person:{session.person_id}"})


def find_person(reference: str) -> Person | None:
    """The person of that id or user name, active or not."""
    return Person.objects.using(READERS).filter(Q(id=reference) | Q(username=reference)).first()


def _drafts(people: list[NewPerson]) -> list[Person]:
    """Checked, with ids and hashed passwords: all the slow work, before any turn is taken."""
    require_distinct([person.username for person in people], where="username")
    drafts = []
    for person in people:
        where = f"person {check_username(person.username)}"
        check_name(person.name, where=where)
        roles = words(check_roles(person.roles, where=where))
        if person.password is not None:
            check_password(person.password, person.username)
        drafts.append(
            Person(
                id=node().uuid4(f"person {person.username}"),
                member_id=person.member,
                username=person.username,
                name=person.name,
                roles=roles,
                password="" if person.password is None else hash_password(person.password, person.username),
            )
        )
    return drafts


def _enter(act: Act, drafts: list[Person]) -> list[Person]:
    require_free(Person, "username", [person.username for person in drafts], where="username")
    require_known(Member, {person.member_id for person in drafts}, where="member", status__in=[ACTIVE, "suspended"])
    _require_hub_for(
        frozenset(role for person in drafts for role in person.roles.split()),
        {person.member_id for person in drafts if HUB_ROLES.intersection(person.roles.split())},
    )
    for person in drafts:
        person.created_us = act.now
    Person.objects.bulk_create(drafts)
    act.record_all(
        "person-created",
        [
            {"person": person.id, "member": person.member_id, "username": person.username, "roles": person.roles}
            for person in drafts
        ],
    )
    return drafts


def _person(act: Act, reference: str, *, oneself: bool = False) -> Person:
    """An active person whom the actor administers, or is where `oneself` will do; anybody else looks like nobody."""
    person = Person.objects.filter(Q(id=reference) | Q(username=reference), active=True).first()
    if person is not None and not act.administers(person.member_id):
        person = person if oneself and act.actor.principal == f"person:{person.id}" else None
    return found(person, reference, where="person")


def _require_not_key(act: Act) -> None:
    """A key that could set passwords could sign in as the people it set them for."""
    if act.actor.key_holder:
        raise Refused("a service key sets no passwords", rule="authority", remedy="let a person do it")


def _require_hub_for(roles: frozenset[str], members: set[str]) -> None:
    """The exchange's own roles are for the hub's own people."""
    if HUB_ROLES.intersection(roles) and Member.objects.filter(slug__in=members, is_hub=False).exists():
        raise BadInput(
            f"{', '.join(sorted(HUB_ROLES))} are roles of the hub's own people",
            rule="role",
            where="roles",
            remedy="give them to people of the hub",
        )


def _require_other_hub_administrator(person: Person) -> None:
    """The last administrator of the hub stays: nobody could appoint the next."""
    others = Person.objects.filter(member=person.member_id, active=True).exclude(id=person.id).values_list("roles")
    if "administrator" not in person.roles.split() or not get_member(person.member_id).is_hub:
        return
    if not any("administrator" in roles.split() for (roles,) in others):
        raise Conflict(
            "this is the hub's last administrator", rule="the hub", where="person", remedy="appoint another one first"
        )


def _end_sessions(act: Act, person: Person) -> None:
    Session.objects.filter(person=person, revoked_us=None).update(revoked_us=act.now)


def _unknown() -> Unauthenticated:
    return Unauthenticated(
        "user name or password is not right", rule="authentication", remedy="check both, or ask your administrator"
    )
