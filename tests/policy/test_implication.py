"""Does every reader of one audience read another? Against all viewers of a small universe."""

from __future__ import annotations

from itertools import chain, product

from hypothesis import given

from shieldwall.policy import Audience, implies, may_read, parse_audience
from tests.policy.reference import holds, token_sets, trees, written
from tests.policy.worlds import VIEWERS, at_rest, audiences, viewer

FREE = ("community", "group:a", "case:x")
NATIONS = ("nation:no", "nation:tr", "nation:de")
MEMBERS = ("member:acme", "member:other")


def grantable(tokens: frozenset[str]) -> bool:
    """As the members room grants: whoever has a nation or group is in the community."""
    return "community" in tokens or not any(token.startswith(("nation:", "group:")) for token in tokens)


WORLDS = [tokens | {"public"} for tokens in token_sets(FREE, (NATIONS, MEMBERS)) if grantable(tokens)]


def test_implication_is_sound_and_complete_on_a_small_universe() -> None:
    tokens = ("public", *FREE[:2], *NATIONS[:2], MEMBERS[0])
    plain = {parse_audience(written(tree)): tree for tree in chain(*(trees(tokens, n) for n in (1, 2, 3)))}
    barred = {
        parse_audience(f"({written(tree)})&!nation:tr"): ("&", tree, "!nation:tr")
        for tree in trees(("community", "group:a", "nation:no", "member:acme"), 2)
    }
    readers = {
        audience: sum(holds(world, tree) << place for place, world in enumerate(WORLDS))
        for audience, tree in (plain | barred).items()
    }
    cases = 0
    for (narrow, few), (wide, many) in product(readers.items(), repeat=2):
        assert implies(narrow, wide) is (few & ~many == 0), (narrow.text, wide.text)
        cases += 1
    assert cases > 30_000


@given(audiences(), audiences())
def test_narrowing_implies_both(a: Audience, b: Audience) -> None:
    assert implies(a.narrowed_by(b), a) and implies(a.narrowed_by(b), b)


@given(audiences(), audiences())
def test_whoever_reads_the_narrow_reads_the_wide(a: Audience, b: Audience) -> None:
    if implies(a, b):
        for one in VIEWERS:
            if grantable(frozenset(one.tokens)) and "public" in one.tokens:
                assert may_read(one, b) or not may_read(one, a)


def test_a_group_is_within_the_community_and_an_excluded_nation_is_not_another_one() -> None:
    assert implies(at_rest("group:energy#3"), at_rest("community"))
    assert implies(at_rest("community"), at_rest("public"))
    assert implies(at_rest("nation:no"), at_rest("community&!nation:tr"))
    assert not implies(at_rest("group:energy#3"), at_rest("community&!nation:tr"))
    assert not implies(at_rest("member:acme"), at_rest("nation:no")), "the audience does not say whose acme is"
    assert not implies(at_rest("group:energy#3"), at_rest("group:energy#2"))


def test_the_community_does_not_imply_one_of_its_nations() -> None:
    assert not implies(at_rest("community"), at_rest("nation:no|nation:tr"))
    assert may_read(viewer("public", "community"), at_rest("community"))
