"""Who would read an audience, as far as somebody may know."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shieldwall import members
from shieldwall.errors import BadInput, Refused
from shieldwall.policy import ANONYMOUS, Viewer, may_read, parse_audience
from tests.members.alliance import EVERY_SCOPE, Alliance

ALL = ("academy", "acme", "centre", "dansk", "dk-cert", "fjord", "hub", "no-cert")


def named(alliance: Alliance, asker: Viewer, address: str) -> tuple[str, str]:
    """Who is named, and what is said of the others."""
    readers = members.readers_of(asker, parse_audience(address, volumes=True))
    assert readers.counts.members == len(readers.members)
    return " ".join(sorted(member.id for member in readers.members)), readers.others


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("community", " ".join(ALL)),
        ("public", " ".join(ALL)),
        ("nation:no", "academy acme fjord no-cert"),
        ("community&!nation:no", "centre dansk dk-cert hub"),
        ("member:no-cert", "no-cert"),
        ("member:fjord|nation:dk", "dansk dk-cert fjord"),
        ("group:energy#1", "acme dansk no-cert"),
        ("group:energy#1&nation:dk", "dansk"),
        ("group:energy#1&nation:dk&member:acme", ""),
    ],
)
def test_members_are_named(alliance: Alliance, address: str, who: str) -> None:
    assert named(alliance, alliance.viewer("acme"), address) == (who, "")


def test_only_active_members_read(alliance: Alliance) -> None:
    members.suspend_member(alliance.hub, "fjord")
    members.depart_member(alliance.hub, "academy")
    assert named(alliance, alliance.hub, "nation:no") == ("acme no-cert", "")


def test_people_are_named_where_the_audience_names_them(alliance: Alliance) -> None:
    anna, frida = alliance.person("acme", "anna"), alliance.person("fjord", "frida")
    dora = alliance.person("dansk", "dora")
    everyone = f"({anna.principal}|{frida.principal}|{dora.principal})"

    def people(address: str) -> list[str]:
        readers = members.readers_of(alliance.hub, parse_audience(address, volumes=True))
        assert readers.members == () and readers.counts.people == len(readers.people)
        return [f"{person.name} at {person.member}" for person in readers.people]

    assert people(everyone) == ["Anna at acme", "Dora at dansk", "Frida at fjord"]
    assert people(f"{everyone}&nation:no") == ["Anna at acme", "Frida at fjord"]
    assert people(f"{everyone}&!nation:no") == ["Dora at dansk"]
    assert people(f"{everyone}&group:energy#1&!nation:dk") == ["Anna at acme"]
    members.deactivate_person(alliance.hub, "anna")
    members.suspend_member(alliance.hub, "dansk")
    assert people(everyone) == ["Frida at fjord"]


@pytest.mark.parametrize(
    ("address", "who", "others"),
    [
        ("group:quiet#1", "acme", "fewer than five"),
        ("group:quiet#1|nation:dk", "acme dansk dk-cert", "fewer than five"),
        ("group:quiet#1&nation:no", "acme", "fewer than five"),
        ("group:quiet#1&member:dansk", "", "fewer than five"),  # dansk does not belong to it, and nobody learns that
        ("group:quiet#1&member:fjord", "", "fewer than five"),  # fjord does
        ("group:quiet#1|community", " ".join(ALL), ""),
    ],
)
def test_a_group_that_names_no_members_only_counts_them(
    alliance: Alliance, address: str, who: str, others: str
) -> None:
    assert named(alliance, alliance.viewer("acme"), address) == (who, others)


def test_from_five_up_the_count_is_exact_for_the_whole_group_and_a_bound_for_parts(alliance: Alliance) -> None:
    others = ["acme", "fjord", "dansk", "dk-cert", "academy"]
    members.create_group(alliance.hub, "hushed", "Hushed", owner="no-cert", members=others, members_named=False)
    acme = alliance.viewer("acme")
    assert named(alliance, acme, "group:hushed#1") == ("acme", "5")
    assert named(alliance, acme, "group:hushed#1|member:hub") == ("acme hub", "up to 5")
    assert named(alliance, acme, "group:hushed#1&community") == ("acme", "up to 5")
    assert named(alliance, acme, "group:hushed#1&nation:no") == ("acme", "fewer than five")
    members.leave_group(alliance.hub, "hushed", "academy")
    assert named(alliance, acme, "group:hushed#1") == ("acme", "fewer than five")


def test_its_owner_and_the_hub_see_who_belongs_to_it(alliance: Alliance) -> None:
    for asker in (alliance.viewer("no-cert"), alliance.hub, members.OPERATOR):
        assert named(alliance, asker, "group:quiet#1") == ("acme fjord no-cert", "")


def test_a_group_that_names_its_members_names_them_to_each_other_only(alliance: Alliance) -> None:
    assert named(alliance, alliance.viewer("fjord"), "group:energy#1") == ("", "fewer than five")


def test_newcomers_are_not_among_the_readers_of_an_older_volume(alliance: Alliance) -> None:
    members.join_group(alliance.hub, "quiet", ["dansk"])
    assert named(alliance, alliance.hub, "group:quiet#1") == ("acme fjord no-cert", "")
    assert named(alliance, alliance.hub, "group:quiet#2") == ("acme dansk fjord no-cert", "")


def test_the_directory_is_for_members(alliance: Alliance) -> None:
    with pytest.raises(Refused):
        members.readers_of(ANONYMOUS, parse_audience("public"))


def test_members_are_found_by_id_whatever_their_status(alliance: Alliance) -> None:
    members.depart_member(alliance.hub, "fjord")
    found = members.members_by_id(["fjord", "centre", "nobody"])
    assert {slug: (one.name, one.nation) for slug, one in found.items()} == {
        "fjord": ("Fjord", "no"),
        "centre": ("Centre", ""),
    }


TOKENS = ("community", "nation:no", "nation:dk", "group:energy#1", "group:quiet#1", "group:quiet#2", "member:acme",
          "member:centre", "person:0", "person:1")  # fmt: skip


@pytest.fixture
def everyone(alliance: Alliance) -> dict[str, Viewer]:
    """A key of every member, and two people."""
    members.join_group(alliance.hub, "quiet", ["dansk"])
    people = {
        f"person:{number}": alliance.person(member, f"p-{number}") for number, member in enumerate(("acme", "dansk"))
    }
    return {member: alliance.viewer(member, *EVERY_SCOPE) for member in ALL} | people


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conjuncts=st.lists(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3), min_size=1, max_size=3),
    excluded=st.sampled_from(["", "&!nation:dk", "&!nation:se"]),
)
def test_the_preview_names_exactly_those_who_may_read(
    alliance: Alliance, everyone: dict[str, Viewer], conjuncts: list[list[str]], excluded: str
) -> None:
    try:
        text = "&".join(f"({'|'.join(conjunct)})" for conjunct in conjuncts) + excluded
        for short in ("person:0", "person:1"):
            text = text.replace(short, everyone[short].principal)
        audience = parse_audience(text, volumes=True)
    except BadInput:  # lets in only whom it excludes
        return
    readers = members.readers_of(alliance.hub, audience)
    assert {member.id for member in readers.members} == {name for name in ALL if may_read(everyone[name], audience)}
    named_people = {f"person:{person.id}" for person in readers.people}
    for short in ("person:0", "person:1"):
        person = everyone[short]
        assert (person.principal in named_people) == (
            person.principal in audience.tokens() and bool(may_read(person, audience))
        )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_audience_tells_who_belongs_to_a_group_that_names_nobody(alliance: Alliance, data: st.DataObject) -> None:
    """Two groups of one size that differ in whom they hold answer every question of a common member alike."""
    slugs = [f"g-{len(alliance.acts())}-{number}" for number in (1, 2)]
    pools = [["acme", "fjord", "dansk", "dk-cert", "academy", "centre"][start : start + 5] for start in (0, 1)]
    for slug, pool in zip(slugs, pools, strict=True):
        members.create_group(
            alliance.hub, slug, "Alike", owner="no-cert", members={"fjord", *pool}, members_named=False
        )
    fjord = alliance.viewer("fjord")
    beside = data.draw(st.lists(st.sampled_from([f"member:{name}" for name in ALL] + ["nation:no"]), max_size=4))
    joint = data.draw(st.sampled_from("&|"))
    texts = [f"group:{slug}#1" + "".join(f"{joint}{token}" for token in beside) for slug in slugs]
    answers = [members.readers_of(fjord, parse_audience(text, volumes=True)) for text in texts]
    assert answers[0] == answers[1]
