"""How the register changes: in one turn, by somebody who may, with a record of the act and new grant versions.

Authority. Administrators of the hub administer everything; a member's administrator, or a key of it with the scope
`administer`, administers that member. Nobody grants what they do not hold themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db.models import F, Model

from shieldwall.errors import Absent, BadInput, Conflict, Refused
from shieldwall.members.models import Member
from shieldwall.members.roles import SCOPES
from shieldwall.members.viewers import OPERATOR, viewer_as_of_now
from shieldwall.policy import Viewer
from shieldwall.store import WRITER, Turn, writing

_Model = TypeVar("_Model", bound=Model)
_Thing = TypeVar("_Thing")
_CHUNK = 500  # values in one statement, rows named in one recorded act


class Act:
    """One turn in which `actor`, with the rights it has now, changes the register. Made by `acting()` only."""

    def __init__(self, turn: Turn, actor: Viewer) -> None:
        self.turn = turn
        self.actor = actor
        self.now = turn.stamp()
        self.by_hub = administers_all(actor, WRITER)

    def require_hub(self, what: str) -> None:
        """Raises Refused for whoever is no administrator of the hub."""
        if not self.by_hub:
            raise Refused(
                f"only an administrator of the hub may {what}", rule="authority", remedy="ask the hub to do it"
            )

    def administers(self, member: str) -> bool:
        """Whether the actor administers `member`."""
        return self.by_hub or ("administer" in self.actor.scopes and self.actor.member == member)

    def require_administrator(self, member: str, *, what: str) -> None:
        """Raises Refused for whoever does not administer `member`."""
        if not self.administers(member):
            raise Refused(
                f"only an administrator of {member} or of the hub may {what}",
                rule="authority",
                where=member,
                remedy="ask an administrator of that member",
            )

    def require_holding(self, scopes: frozenset[str]) -> None:
        """Nobody grants a scope that they do not hold. Raises Refused."""
        held = SCOPES if self.actor is OPERATOR else self.actor.scopes
        if wider := scopes - held:
            raise Refused(
                f"you do not hold {', '.join(sorted(wider))} yourself",
                rule="nobody grants more than they hold",
                remedy="ask an administrator who does",
            )

    def record(self, act: str, **facts: Any) -> None:
        """Append the act to the register's log. No secrets: auditors read it."""
        self.turn.record_act({"act": act, "by": self.actor.principal, **facts})

    def record_all(self, act: str, rows: Sequence[dict[str, Any]]) -> None:
        """Append one act for many like things."""
        for some in chunks(rows):
            self.record(act, rows=some)

    def regrant(self, members: Iterable[str] | None = None) -> None:
        """Give `members` (all by default) new grant versions: what their principals were known to hold is void."""
        if members is None:
            Member.objects.update(grants_version=F("grants_version") + 1)
            return
        for some in chunks(sorted(set(members))):
            Member.objects.filter(slug__in=some).update(grants_version=F("grants_version") + 1)


def administers_all(actor: Viewer, alias: str) -> bool:
    """Whether `actor` is an administrator of the hub, or whoever holds the data directory."""
    hub = Member.objects.using(alias).filter(slug=actor.member, is_hub=True)
    return actor is OPERATOR or ("administer" in actor.scopes and hub.exists())


@contextmanager
def acting(actor: Viewer) -> Iterator[Act]:
    """A turn for `actor`, whose rights are read anew inside it. Raises Unauthenticated where it has none any more."""
    with writing() as turn:
        yield Act(turn, viewer_as_of_now(actor, WRITER))


def chunks(things: Iterable[_Thing]) -> Iterator[list[_Thing]]:
    """The same things, some hundreds at a time."""
    rest = iter(things)
    while some := list(islice(rest, _CHUNK)):
        yield some


def get_member(slug: str, *, where: str = "member") -> Member:
    """The member, as this turn sees it. Raises Absent."""
    return found(Member.objects.filter(slug=slug).first(), slug, where=where)


def found(thing: _Model | None, name: str, *, where: str) -> _Model:
    """What was looked for. Raises Absent where there is none, or none the actor may know of: the words are the same."""
    if thing is None:
        raise Absent(f"no such {where}: {name[:80]!r}", rule="register", where=where, remedy="check the name")
    return thing


def require_distinct(names: Sequence[str], *, where: str) -> None:
    """Raises BadInput where one batch gives a name twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadInput(f"{name!r} is given twice", rule="register", where=where, remedy="give each name once")
        seen.add(name)


def require_free(model: type[Model], field: str, names: Sequence[str], *, where: str) -> None:
    """Raises Conflict where the register has one of `names` already."""
    for some in chunks(names):
        taken = model._default_manager.filter(**{f"{field}__in": some}).values_list(field, flat=True).first()
        if taken is not None:
            raise Conflict(f"{taken!r} exists already", rule="register", where=where, remedy="choose another name")


def require_known(model: type[Model], names: Iterable[str], *, where: str, **also: Any) -> None:
    """Raises Absent where one of `names` is the key of nothing here."""
    for some in chunks(sorted(set(names))):
        known = set(model._default_manager.filter(pk__in=some, **also).values_list("pk", flat=True))
        for name in some:
            found(None, name, where=where) if name not in known else None
