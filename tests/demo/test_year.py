"""The demo's year, replayed: everything comes out as the world expects, and everyone sees exactly what is theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
import orjson
import pytest

from shieldwall.demo.world import Act, Person, Roster, life, roster
from shieldwall.policy import Viewer
from tests.demo import reading
from tests.node import fresh_node

SCALE = 0.15


class Year(msgspec.Struct):
    """A loaded node, and what was loaded."""

    roster: Roster
    acts: list[Act]
    told: list[object]
    enrolled: object


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    fresh_node(tmp_path_factory.mktemp("year") / "data")
    from shieldwall.demo.enrolment import enrol
    from shieldwall.demo.load import replay
    from shieldwall.store import node

    alliance = roster("shieldwall")
    acts = list(life(alliance, "shieldwall", node().clock(), SCALE))
    enrolled = enrol(alliance, {act.member for act in acts})
    yield Year(alliance, acts, replay(acts, enrolled, lambda _: None), enrolled)
    node().close()


def test_every_act_comes_out_as_the_world_expects(year: Year) -> None:
    strange: Counter[str] = Counter()
    for told in year.told:
        if told.receipt is not None:
            for one in told.receipt.outcomes:
                if (one.outcome == "refused") != (told.act.outcome == "refused"):
                    strange[f"{told.act.kind} to {told.act.audience}: {one.outcome} {one.id} {one.error}"] += 1
            if (told.act.outcome == "home") != (told.receipt.unmarked_at_home > 0):
                strange[f"{told.act.kind} to {told.act.audience}: {told.receipt.unmarked_at_home} at home"] += 1
    assert not strange


def test_every_kind_of_act_takes_place(year: Year) -> None:
    assert {told.act.kind for told in year.told} == {"submit", "relay", "update", "revoke", "withdraw"}
    assert {told.act.outcome for told in year.told} == {"admitted", "home", "refused"}


def everything(viewer: Viewer) -> set[reading.Version]:
    """All versions that the virtual collection gives this viewer, page by page."""
    from shieldwall import exchange
    from shieldwall.store import READERS, node_facts

    wanted = exchange.Wanted(versions=frozenset({exchange.ALL}))
    seen, cursor = set(), None
    while True:
        page = exchange.page(
            viewer, node_facts(READERS).virtual_collection, door="api", cursor=cursor, wanted=wanted, limit=1000
        )
        for body in page.bodies:
            thing = orjson.loads(body)
            seen.add((thing["id"], thing.get("modified", "")))
        cursor = page.next
        if cursor is None:
            return seen


def test_every_member_sees_exactly_what_an_independent_reading_of_the_acts_says(year: Year) -> None:
    from shieldwall import members

    lies = reading.year(year.acts)
    wrong = {}
    for member in {person.member for person in year.roster.people}:
        seen = everything(members.viewer_of_key(year.enrolled.keys[member]))
        due = reading.visible(lies, reading.tokens_of_member(year.roster, member))
        if seen != due:
            wrong[member] = {"missing": sorted(due - seen)[:5], "too much": sorted(seen - due)[:5]}
    assert not wrong


def test_every_person_sees_exactly_what_is_theirs_too(year: Year) -> None:
    from shieldwall import members

    lies = reading.year(year.acts)
    wrong = {}
    for person in year.roster.people:
        if _reads(person):
            seen = everything(members.viewer_of_person(year.enrolled.people[person.id]))
            tokens = reading.tokens_of_member(year.roster, person.member) | {f"person:{person.id}"}
            due = reading.visible(lies, tokens)
            if seen != due:
                wrong[person.id] = {"missing": sorted(due - seen)[:5], "too much": sorted(seen - due)[:5]}
    assert not wrong


def _reads(person: Person) -> bool:
    return person.role not in ("operator", "secretary", "auditor")
