"""The SQL that finds a scope says what `may_read` says, for any register and any audience."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shieldwall import members
from shieldwall.errors import BadInput
from shieldwall.policy import ANONYMOUS, Audience, Viewer, may_read, since
from shieldwall.store import READERS, Scope, audience_of, run, scope_of, snapshot, writing
from tests.alliance import MEMBERS, Alliance

NATIONS = ("no", "dk", "de")
MOVERS = ("fjord", "stahl", "dk-cert", "centre")
TOKENS = (
    "public", "community", "nation:no", "nation:dk", "nation:de", "member:acme", "member:fjord", "member:stahl",
    "group:energy#1", "group:quiet#1", "group:quiet#2", "group:quiet#3", "case:c-1", "seat:no",
    "person:kari", "person:lars",
)  # fmt: skip


def audiences() -> st.SearchStrategy[tuple[frozenset[frozenset[str]], frozenset[str]]]:
    conjuncts = st.frozensets(st.frozensets(st.sampled_from(TOKENS), min_size=1, max_size=3), min_size=1, max_size=3)
    return st.tuples(conjuncts, st.frozensets(st.sampled_from(NATIONS), max_size=2))


def moves() -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.sampled_from(("energy", "quiet")), st.sampled_from(MOVERS))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moved=st.lists(moves(), max_size=3), wanted=st.lists(audiences(), max_size=6))
def test_the_scope_is_what_the_rules_allow(alliance: Alliance, moved, wanted) -> None:
    people = people_of(alliance)
    for group, member in moved:
        move(alliance, group, member)
    for conjuncts, excluded in wanted:
        make(conjuncts, excluded, people)
    viewers = [
        *(alliance.viewer(member) for member in MEMBERS),
        members.viewer_as_of_now(alliance.hub, READERS),
        ANONYMOUS,
    ]
    viewers += [members.viewer_of_person(one) for one in people.values()]
    for viewer in viewers:
        agree(viewer)


def people_of(alliance: Alliance) -> dict[str, str]:
    """Kari and Lars by user name; made by the first example on this node."""
    if "person:kari" not in alliance.keys:
        for member, name in (("acme", "kari"), ("dansk", "lars")):
            alliance.keys[f"person:{name}"] = alliance.person(member, name).principal.removeprefix("person:")
    return {name: alliance.keys[f"person:{name}"] for name in ("kari", "lars")}


def move(alliance: Alliance, group: str, member: str) -> None:
    """In where it is out, out where it is in."""
    inside = any(token.startswith(f"group:{group}#") for token in alliance.viewer(member).tokens)
    if inside:
        members.leave_group(alliance.hub, group, member)
    else:
        members.join_group(alliance.hub, group, [member])


def make(conjuncts: frozenset[frozenset[str]], excluded: frozenset[str], people: dict[str, str]) -> None:
    named = {f"person:{name}": f"person:{person}" for name, person in people.items()}
    real = frozenset(frozenset(named.get(token, token) for token in conjunct) for conjunct in conjuncts)
    try:
        audience = Audience(real | frozenset(frozenset({f"!nation:{one}"}) for one in excluded))
    except BadInput:
        assume(False)
    with writing() as turn:
        turn.collection(audience)


def agree(viewer: Viewer) -> None:
    with snapshot():
        found: Scope = scope_of(viewer)
        audiences = {row[0]: audience_of(row[2]) for row in run(READERS, "all_collections") if row[3] != "register"}
    readable = {number for number, audience in audiences.items() if may_read(viewer, audience)}
    assert set(found.readable) == (readable if "read" in viewer.scopes else set())
    for one in found:
        assert one.since == since(viewer, audiences[one.collection.id])


def test_an_excluded_nation_reads_nothing_and_everybody_else_does(alliance: Alliance) -> None:
    with writing() as turn:
        made = turn.collection(audience_of("community&!nation:dk"))
    viewers = [alliance.viewer(member) for member in MEMBERS]
    with snapshot():
        readers = {viewer.member for viewer in viewers if made.id in scope_of(viewer)}
    assert readers == set(MEMBERS) - {"dk-cert", "dansk"}


def test_without_the_scope_read_nothing_is_in_scope(alliance: Alliance) -> None:
    viewer = members.authenticate(alliance.key("acme", "submit"))
    with snapshot():
        assert len(scope_of(viewer)) == 0


def test_a_right_that_ends_takes_its_collections_out_of_the_next_scope(alliance: Alliance) -> None:
    def reach() -> set[str]:
        with snapshot():
            return {one.collection.audience for one in scope_of(alliance.viewer("dansk"))}

    before = reach()
    members.leave_group(alliance.hub, "energy", "dansk")
    assert before - reach() == {"group:energy#1"}
