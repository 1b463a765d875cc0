"""Audiences: the grammar, the canonical form, and what is refused with the column and the remedy."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.errors import BadInput, TooLarge
from shieldwall.policy import Audience, home_audience, parse_audience, scope_terms
from tests.policy.reference import holds, token_sets, trees, written
from tests.policy.worlds import TOKENS, addresses, at_rest, audiences

SPELLINGS = """
community                                    community
 community                                   community
nation:no & group:energy                     group:energy&nation:no
group:b|group:a                              group:a|group:b
(group:b|group:a)&nation:no                  (group:a|group:b)&nation:no
group:a|group:b&nation:no                    (group:a|group:b)&(group:a|nation:no)
group:a&nation:no|group:b&nation:no          (group:a|group:b)&nation:no
((community))                                community
community&community|community                community
community&(community|nation:no)              community
community|(community&nation:no)              community
!nation:tr&community                         community&!nation:tr
community&!nation:tr&!nation:de&!nation:tr   community&!nation:de&!nation:tr
(nation:no|nation:tr)&!nation:tr             nation:no&!nation:tr
(public|community)&community                 community
"""


@pytest.mark.parametrize("row", SPELLINGS.strip("\n").splitlines(), ids=lambda row: " ".join(row.split()))
def test_every_spelling_of_an_audience_has_one_text(row: str) -> None:
    given_text, canonical = re.split(r"\s{3,}", row.rstrip())
    audience = parse_audience(given_text)
    assert audience.text == canonical
    assert audience == parse_audience(canonical) and audience.key == parse_audience(canonical).key


def test_what_the_same_tokens_satisfy_is_one_audience_and_nothing_else_is() -> None:
    tokens = ("public", "community", "nation:no", "group:a", "member:acme")
    worlds = token_sets(tokens)
    by_readers: dict[tuple[bool, ...], set[Audience]] = {}
    for tree in chain(*(trees(tokens, leaves) for leaves in (1, 2, 3))):
        readers = tuple(holds(world, tree) for world in worlds)
        by_readers.setdefault(readers, set()).add(parse_audience(written(tree)))
    assert all(len(same) == 1 for same in by_readers.values())
    every = [audience for (audience,) in by_readers.values()]
    assert len({audience.text for audience in every}) == len({audience.key for audience in every}) == len(by_readers)


@given(audiences())
def test_the_canonical_text_reads_back_as_the_same_audience(audience: Audience) -> None:
    assert at_rest(audience.text) == audience
    assert at_rest(audience.text).text == audience.text


@given(st.permutations(["nation:no", "(group:a|group:b)", "community", "!nation:tr", "!nation:de"]), st.data())
def test_order_and_repetition_make_no_difference(parts: list[str], data: st.DataObject) -> None:
    again = parts + data.draw(st.lists(st.sampled_from(parts), max_size=4))
    assert parse_audience("&".join(again)).text == "(group:a|group:b)&community&nation:no&!nation:de&!nation:tr"


@given(audiences())
def test_scope_terms_carry_the_whole_audience(audience: Audience) -> None:
    conjuncts: dict[int, set[str]] = {}
    for number, token, excluded in scope_terms(audience):
        conjuncts.setdefault(number, set()).add(f"!{token}" if excluded else token)
    assert Audience(frozenset(map(frozenset, conjuncts.values()))) == audience
    assert sorted(conjuncts) == list(range(len(audience.conjuncts)))


REFUSED = [
    ("", "audience-grammar", "column 1"),
    ("   ", "audience-grammar", "column 4"),
    ("community&", "audience-grammar", "column 11"),
    ("community||nation:no", "audience-grammar", "column 11"),
    ("community nation:no", "audience-grammar", "column 11"),
    ("(community", "audience-grammar", "column 11"),
    ("community)", "audience-grammar", "column 10"),
    ("()", "audience-grammar", "column 2"),
    ("everyone", "audience-token", "column 1"),
    ("community&Nation:NO", "audience-token", "column 11"),
    ("nation:norway", "audience-token", "column 1"),
    ("nation:", "audience-token", "column 1"),
    ("group:Energy", "audience-token", "column 1"),
    ("group:-energy", "audience-token", "column 1"),
    ("group:" + "a" * 64, "audience-token", "column 1"),
    ("community&\u00a0nation:no", "audience-token", "column 11"),
    ("group:énergie", "audience-token", "column 1"),
    ("person:kari@example.org", "audience-token", "column 1"),
    ("!member:acme&community", "audience-token", "column 1"),
    ("!community", "audience-token", "column 1"),
    ("!!nation:tr&community", "audience-token", "column 1"),
    ("community&group:a#0", "audience-token", "column 11"),
    ("community&group:a#1", "audience-grammar", "column 11"),
    ("member:a#1", "audience-token", "column 1"),
    ("community|!nation:tr", "audience-grammar", "column"),
    ("group:a|(community&!nation:tr)", "audience-grammar", "column"),
    ("!nation:tr", "audience-empty", ""),
    ("nation:tr&!nation:tr", "audience-contradiction", ""),
    ("(nation:tr|nation:no)&!nation:tr&!nation:no", "audience-contradiction", ""),
    ("public&!nation:tr", "audience-exclusion", ""),
    ("(public|group:a)&!nation:tr", "audience-exclusion", ""),
    ("(" * 40 + "community" + ")" * 40, "audience-grammar", "column 33"),
]


@pytest.mark.parametrize(("text", "rule", "where"), REFUSED, ids=[text[:30] or "empty" for text, *_ in REFUSED])
def test_what_is_no_audience_is_refused_with_place_and_remedy(text: str, rule: str, where: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_audience(text)
    assert refusal.value.rule == rule and where in refusal.value.where and refusal.value.remedy


def test_a_misspelt_case_is_told_how_to_be_written() -> None:
    with pytest.raises(BadInput, match="write 'nation:no'"):
        parse_audience("Nation:NO")


TOO_LARGE = {
    "65 conditions": "&".join(f"group:g{i}" for i in range(65)),
    "65 alternatives": "|".join(f"group:g{i}" for i in range(65)),
    "65 alternatives beside one": "community&(" + "|".join(f"group:g{i}" for i in range(65)) + ")",
    "2^7 conditions from few words": "|".join(f"(group:a{i}&group:b{i})" for i in range(7)),
    "2^30 conditions from few words": "|".join(f"(group:a{i}&group:b{i})" for i in range(30)),
    "4 KiB and one byte": "community" + " " * 4088,
}


@pytest.mark.parametrize("text", TOO_LARGE.values(), ids=TOO_LARGE)
def test_an_audience_that_would_blow_up_is_refused(text: str) -> None:
    with pytest.raises(TooLarge) as refusal:
        parse_audience(text)
    assert refusal.value.rule == "audience-size" and refusal.value.remedy


def test_sixty_four_of_each_are_accepted() -> None:
    assert len(parse_audience("&".join(f"group:g{i}" for i in range(64))).conjuncts) == 64
    assert len(parse_audience("|".join(f"group:g{i}" for i in range(64))).tokens()) == 64
    assert parse_audience("community".ljust(4096)).text == "community"


@given(st.text(alphabet="abn:!&|()#1 \n", max_size=40) | st.text(max_size=40))
def test_any_text_is_an_audience_or_a_refusal_that_helps(text: str) -> None:
    try:
        audience = parse_audience(text)
    except BadInput as refusal:
        assert refusal.rule and refusal.remedy
    else:
        assert parse_audience(audience.text) == audience


def test_groups_rest_by_volume_and_are_shown_without() -> None:
    audience = parse_audience("(group:energy|group:water)&nation:no")
    resting = audience.with_volumes({"energy": 3, "water": 1}.__getitem__)
    assert resting.text == "(group:energy#3|group:water#1)&nation:no"
    assert resting.plain() == audience and resting.with_volumes(lambda _: 9) == resting
    assert at_rest("group:energy#2|group:energy#3").plain().text == "group:energy"


@given(addresses())
def test_what_is_written_about_volumes_stays_a_plain_audience_for_people(text: str) -> None:
    assert "#" not in at_rest(text).plain().text
    assert parse_audience(at_rest(text).plain().text) == at_rest(text).plain()


def test_an_audience_made_by_hand_is_canonical_or_refused_too() -> None:
    by_hand = Audience(frozenset({frozenset({"community"}), frozenset({"community", "nation:no"})}))
    assert by_hand == parse_audience("community")
    for wrong in (
        [],
        [[]],
        [["everyone"]],
        [["!nation:tr", "community"]],
        [["community"], ["!nation:tr", "nation:no"]],
    ):
        with pytest.raises(BadInput):
            Audience(frozenset(map(frozenset, wrong)))


def test_those_who_can_be_nobody_are_no_audience() -> None:
    with pytest.raises(BadInput):
        parse_audience("nation:tr").narrowed_by(parse_audience("community&!nation:tr"))


def test_home_is_the_member_alone() -> None:
    assert home_audience("acme") == parse_audience("member:acme")


def test_the_key_of_an_audience_never_changes_for_it_names_a_collection() -> None:
    assert at_rest("(group:a#1|group:b#2)&nation:no").key.hex() == KEY
    assert len({at_rest(token).key for token in TOKENS}) == len(TOKENS)


KEY = "9db18a1d7ad9857ce8d340e8f8a46d4a"
