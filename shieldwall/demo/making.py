"""From an empty directory to an alliance with a year behind it; and from a demo that is there to its cast."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import django
import orjson

from shieldwall.config import read_config
from shieldwall.demo import corpora, keeping
from shieldwall.demo.announce import Cast, Circle, Client, Key, Someone
from shieldwall.demo.keeping import Kept
from shieldwall.demo.world import EVERYDAY, Act, Roster, knowledge, life, roster

if TYPE_CHECKING:
    from shieldwall.demo.enrolment import Enrolled
    from shieldwall.demo.load import Told

# The same alliance in every demo, so that documents can name its members; passwords and keys are drawn anew each time.
SEED = "shieldwall"
Step = Callable[[str], None]


def open_demo(data: Path, *, fresh: bool, step: Step) -> Kept | None:
    """The demo in `data`, or None where it is still to be made; this process serves its node from then on.

    Raises Conflict where the directory holds something else. The caller holds a `Claim`.
    """
    kept = keeping.prepare(data, fresh=fresh, emptied_by_hand=read_config().is_postgresql)
    django.setup()
    from shieldwall.store.migrate import migrate_all

    step("preparing the databases")
    migrate_all()
    return kept


def make_demo(data: Path, scale: float, step: Step) -> Kept:
    """Invent, enrol and live. Raises Conflict where the database holds a register already."""
    from shieldwall import exchange
    from shieldwall.demo.enrolment import enrol, with_fresh_passwords
    from shieldwall.demo.load import give_knowledge, replay

    step("inventing an alliance and its year")
    now = time.time_ns() // 1000
    alliance = with_fresh_passwords(roster(SEED))
    acts = list(life(alliance, SEED, now, scale))
    step("entering its members")
    enrolled = enrol(alliance, {act.member for act in acts})
    give_knowledge(knowledge(now, _sources(scale)), enrolled, step)
    told = replay(acts, enrolled, step)
    kept = Kept(scale, cast_of(alliance, enrolled, exchange.public_key()), _worth_looking_up(told))
    keeping.keep(data, kept)
    return kept


def add_bundles(folder: Path, cast: Cast, step: Step) -> Counter[str]:
    """Let the hub give everyone the bundles in `folder`; counts outcomes, refusals by their rule."""
    from shieldwall import exchange, members

    hub = members.authenticate(next(key.key for key in cast.keys if key.member == "hub"))

    def admit(raw: bytes) -> Counter[str]:
        receipt = exchange.admit(hub, raw, audience=corpora.AUDIENCE, default_marking=corpora.DEFAULT_MARKING)
        return Counter(f"refused by {one.error.rule}" if one.error else one.outcome for one in receipt.outcomes)

    return corpora.admit_folder(folder, admit, lambda path: step(f"adding {path.name}"))


def finish(step: Step) -> None:
    """Make everything findable by its words, and let go of the node."""
    from shieldwall.demo.load import follow_words
    from shieldwall.store import node

    follow_words(step)
    node().close()


def _sources(scale: float) -> tuple[str, ...]:
    """A small demo leaves out some of the knowledge too."""
    return EVERYDAY[: max(1, round(len(EVERYDAY) * scale))]


def cast_of(alliance: Roster, enrolled: Enrolled, public_key: str) -> Cast:
    """Who takes part, as the demo announces it."""
    from shieldwall.demo.enrolment import kind_of

    found = alliance.by_id()
    groups = {member: tuple(group.id for group in alliance.groups if member in group.members) for member in found}
    return Cast(
        public_key=public_key,
        people=tuple(
            Someone(
                person.member, found[person.member].nation, kind_of(found[person.member]), person.role,
                person.username, person.password,
            )
            for person in alliance.people
        ),
        keys=tuple(
            Key(key.member, found[key.member].nation, kind_of(found[key.member]), groups[key.member], key.scopes,
                key.secret)
            for key in enrolled.shown
        ),
        groups=tuple(Circle(group.id, group.name, group.members) for group in alliance.groups),
        clients=tuple(Client(client.member, client.client) for client in alliance.clients),
    )  # fmt: skip


def _worth_looking_up(told: Iterable[Told]) -> str:
    """A domain that somebody gave to everyone, as it came in."""
    open_acts = (one.act for one in told if one.act.audience == "community" and one.act.outcome == "admitted")
    return next(value for act in open_acts for value in _domains(act))


def _domains(act: Act) -> list[str]:
    objects = orjson.loads(act.objects)["objects"] if act.objects else []
    return [str(one["value"]) for one in objects if one["type"] == "domain-name"]
