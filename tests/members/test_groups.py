"""Groups: which volumes their members hold, from when on, and what newcomers see."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shieldwall import members
from shieldwall.errors import Absent, Conflict
from shieldwall.policy import parse_audience
from shieldwall.store import READERS, Draft, Kind, scope_of, snapshot, writing
from tests.members.alliance import BOTH_ENGINES, Alliance

pytestmark = BOTH_ENGINES


def held(alliance: Alliance, member: str, group: str) -> dict[str, int]:
    """The tokens of `group` that `member` holds."""
    tokens = alliance.viewer(member).tokens
    return {token: since for token, since in tokens.items() if token.startswith(f"group:{group}#")}


def test_founders_hold_the_first_volume_from_the_beginning(alliance: Alliance) -> None:
    assert [held(alliance, member, "energy") for member in ("no-cert", "acme", "dansk")] == [{"group:energy#1": 0}] * 3
    assert held(alliance, "fjord", "energy") == {}


def test_a_newcomer_holds_the_past_from_the_moment_of_joining(alliance: Alliance) -> None:
    before = alliance.clock.moment
    members.join_group(alliance.hub, "energy", ["fjord"])
    assert before <= held(alliance, "fjord", "energy")["group:energy#1"] <= alliance.clock.moment
    assert held(alliance, "acme", "energy") == {"group:energy#1": 0}


def test_a_group_that_hides_its_past_opens_a_new_volume_for_newcomers(alliance: Alliance) -> None:
    members.join_group(alliance.hub, "quiet", ["dansk", "academy"])
    assert held(alliance, "dansk", "quiet") == held(alliance, "academy", "quiet") == {"group:quiet#2": 0}
    assert held(alliance, "acme", "quiet") == {"group:quiet#1": 0, "group:quiet#2": 0}


def test_each_volume_is_a_collection_that_its_members_can_list(alliance: Alliance) -> None:
    members.join_group(alliance.hub, "quiet", ["dansk"])
    assert listed(alliance, "dansk") == {"group:energy#1", "group:quiet#2"}
    assert listed(alliance, "fjord") == {"group:quiet#1", "group:quiet#2"}
    assert listed(alliance, "centre") == set()


def listed(alliance: Alliance, member: str) -> set[str]:
    viewer = alliance.viewer(member)
    with snapshot():
        return {readable.collection.audience for readable in scope_of(viewer, READERS)}


def test_the_past_that_newcomers_see_comes_before_whatever_is_appended_next(alliance: Alliance) -> None:
    draft = Draft(kind=Kind.OBJECT, id="x", version="", body=b"{}")
    with writing() as turn:
        turn.append(turn.collection(parse_audience("group:energy#1", volumes=True)), [draft] * 3_000)
    members.join_group(alliance.hub, "energy", ["fjord"])
    since = held(alliance, "fjord", "energy")["group:energy#1"]
    with writing() as turn:
        assert turn.stamp() > since + 3_000


def test_leaving_ends_every_volume_and_coming_back_brings_the_past_once_more(alliance: Alliance) -> None:
    members.leave_group(alliance.hub, "energy", "acme")
    assert held(alliance, "acme", "energy") == {}
    members.join_group(alliance.hub, "energy", ["acme"])
    assert held(alliance, "acme", "energy")["group:energy#1"] > 0


def test_coming_back_to_a_group_that_hides_its_past_is_being_new(alliance: Alliance) -> None:
    members.leave_group(alliance.hub, "quiet", "acme")
    members.join_group(alliance.hub, "quiet", ["acme"])
    assert held(alliance, "acme", "quiet") == {"group:quiet#2": 0}


def test_others_are_not_touched_by_who_joins_an_open_group(alliance: Alliance) -> None:
    key = alliance.key("acme")
    before = members.authenticate(key)
    members.join_group(alliance.hub, "energy", ["fjord"])
    assert members.authenticate(key) is before


def test_the_owner_stays_nobody_joins_twice_and_strangers_do_not_leave(alliance: Alliance) -> None:
    with pytest.raises(Conflict):
        members.leave_group(alliance.hub, "energy", "no-cert")
    with pytest.raises(Conflict):
        members.join_group(alliance.hub, "energy", ["fjord", "acme"])
    with pytest.raises(Absent):
        members.leave_group(alliance.hub, "energy", "fjord")
    with pytest.raises(Absent):
        members.join_group(alliance.hub, "energy", ["nobody"])
    assert held(alliance, "fjord", "energy") == {}


def test_a_closed_group_is_read_but_not_joined(alliance: Alliance) -> None:
    members.close_group(alliance.hub, "energy")
    assert held(alliance, "acme", "energy") == {"group:energy#1": 0}
    with pytest.raises(Conflict):
        members.join_group(alliance.hub, "energy", ["fjord"])
    with pytest.raises(Conflict):
        members.close_group(alliance.hub, "energy")


STEPS = st.lists(st.tuples(st.sampled_from(["acme", "fjord", "dansk", "centre"]), st.booleans()), max_size=12)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hides_past=st.booleans(), steps=STEPS)
def test_whoever_belongs_reads_what_was_opened_since_they_came(
    alliance: Alliance, hides_past: bool, steps: list[tuple[str, bool]]
) -> None:
    """Model: a member holds a volume if it belongs now and has belonged without a break since the volume was opened."""
    slug = f"group-{len(alliance.acts())}"
    members.create_group(alliance.hub, slug, slug, owner="no-cert", hides_past=hides_past)
    inside: dict[str, int] = {}  # member → the first volume it may read
    newest = 1
    for member, joins in steps:
        if joins and member not in inside:
            members.join_group(alliance.hub, slug, [member])
            newest += hides_past
            inside[member] = newest
        elif not joins and member in inside:
            members.leave_group(alliance.hub, slug, member)
            del inside[member]
    for member in ("acme", "fjord", "dansk", "centre"):
        volumes = range(inside[member], newest + 1) if member in inside else ()
        assert held(alliance, member, slug).keys() == {f"group:{slug}#{volume}" for volume in volumes}
