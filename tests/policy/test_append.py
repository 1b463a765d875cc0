"""May this viewer put it there? Against the reference's grids, and the sentences of the design."""

from __future__ import annotations

from itertools import combinations, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.policy import (
    PAP,
    TLP,
    Audience,
    Marking,
    Use,
    Viewer,
    breadth,
    may_append,
    may_pass_on,
    may_use,
    within_ceiling,
)
from tests.policy.reference import CAPS, refusal_of_append
from tests.policy.worlds import at_rest, audiences, markings, viewer, viewers

UNKNOWN = ("marking-definition--00000000-0000-4000-8000-000000000001",)
SENDABLE = (
    "public",
    "community",
    "nation:tr",
    "group:a#1",
    "group:b#1",
    "member:acme",
    "member:other",
    "case:7",
    "seat:no",
    "person:ola",
)
HOLDINGS = (
    ("public",),
    ("public", "community", "member:acme"),
    ("public", "community", "member:acme", "group:a#1", "case:7"),
)


def clauses() -> list[tuple[tuple[str, ...], ...]]:
    """Every token, every pair joined either way, and some of both."""
    pairs = list(combinations(SENDABLE, 2))
    mixed = [(one, (two,)) for one in pairs[::5] for two in SENDABLE[::3] if two not in one]
    return [((t,),) for t in SENDABLE] + [(pair,) for pair in pairs] + [((a,), (b,)) for a, b in pairs] + mixed


def in_text_order(parts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(parts, key=lambda part: "|".join(sorted(part))))


def test_every_sender_audience_and_marking_of_a_small_universe_is_judged_as_the_reference_does() -> None:
    sent = [(in_text_order(parts), at_rest("&".join(f"({'|'.join(part)})" for part in parts))) for parts in clauses()]
    senders = list(product(("key:1", "person:kari"), (True, False), HOLDINGS, CAPS))
    marked = [Marking(tlp, None, unknown) for tlp in (None, *TLP) for unknown in ((), UNKNOWN)]
    cases = 0
    for principal, may_submit, held, cap in senders:
        scopes = frozenset({"submit"} if may_submit else {"read"})
        sender = Viewer(principal, "acme", "no", dict.fromkeys(held, 0), scopes, widest=cap)
        for (parts, audience), marking in product(sent, marked):
            expected = refusal_of_append(
                is_person=principal.startswith("person"), may_submit=may_submit, member="acme", tokens=frozenset(held),
                cap=cap, clauses=parts, tlp=marking.tlp.name if marking.tlp else None, unknown=bool(marking.unknown),
            )  # fmt: skip
            assert may_append(sender, audience, marking).rule == expected, (sender, audience.text, marking)
            cases += 1
    assert cases > 100_000


@given(viewers(), audiences(), markings(), markings())
def test_a_stricter_marking_never_permits_more(one: Viewer, audience: Audience, a: Marking, b: Marking) -> None:
    if a.tlp is not None and b.tlp is not None and may_append(one, audience, a.combined(b)):
        assert may_append(one, audience, a) and may_append(one, audience, b)


@given(viewers(), audiences(), audiences(), markings())
def test_narrowing_an_audience_never_breaks_a_ceiling_nor_a_cap(
    one: Viewer, a: Audience, b: Audience, marking: Marking
) -> None:
    both = a.narrowed_by(b)
    assert within_ceiling(both, marking) or not within_ceiling(a, marking)
    assert CAPS.index(breadth(both, one)) <= min(CAPS.index(breadth(a, one)), CAPS.index(breadth(b, one)))


@given(viewers(), audiences(), markings(), st.sampled_from(list(PAP)))
def test_pap_limits_use_and_never_reach(one: Viewer, audience: Audience, marking: Marking, pap: PAP) -> None:
    assert (
        may_append(one, audience, marking).ok is may_append(one, audience, msgspec.structs.replace(marking, pap=pap)).ok
    )


@given(viewers(), audiences(), markings())
def test_every_refusal_says_what_would_be_accepted(one: Viewer, audience: Audience, marking: Marking) -> None:
    verdict = may_append(one, audience, marking)
    assert verdict.ok or (verdict.rule and verdict.message and verdict.remedy)
    assert "#" not in verdict.message + verdict.remedy, "volumes are not for people"
    assert verdict.reasons


CEILINGS = """
TLP:CLEAR  public                            may
TLP:GREEN  public                            not
TLP:GREEN  public|community                  not
TLP:GREEN  community                         may
TLP:GREEN  group:energy#1                    may
TLP:AMBER  community                         not
TLP:AMBER  community&group:energy#1          may
TLP:AMBER  community|group:energy#1          not
TLP:AMBER  community&!nation:tr              not
TLP:AMBER  nation:no                         may
TLP:AMBER+STRICT  group:energy#1             may
TLP:AMBER+STRICT  member:acme|group:energy#1 may
TLP:AMBER+STRICT  community                  not
TLP:RED    member:acme                       not
TLP:RED    group:energy#1                    not
TLP:RED    person:kari                       may
TLP:RED    person:kari|person:ola            may
TLP:RED    person:kari|member:acme           not
TLP:RED    person:kari&group:energy#1        may
"""


@pytest.mark.parametrize("row", CEILINGS.strip().splitlines(), ids=lambda row: " ".join(row.split()))
def test_a_marking_is_a_ceiling_on_the_audience(row: str) -> None:
    label, text, expected = row.split()
    tlp = next(tlp for tlp in TLP if tlp.label == label)
    sender = viewer("public", "community", "nation:no", "group:energy#1", "person:kari")
    assert may_append(sender, at_rest(text), Marking(tlp)).ok is (expected == "may")
    assert within_ceiling(at_rest(text), Marking(tlp)).ok is (expected == "may")


def test_a_service_key_never_makes_anything_public() -> None:
    key = viewer("public", "community", principal="key:1")
    verdict = may_append(key, at_rest("public"), Marking(TLP.CLEAR))
    assert (verdict.rule, verdict.ok) == ("address-public", False)
    assert may_append(viewer("public", "community"), at_rest("public"), Marking(TLP.CLEAR))


def test_a_group_one_is_not_in_cannot_be_addressed_even_beside_one_that_one_is_in() -> None:
    sender = viewer("public", "community", "group:a#1")
    assert may_append(sender, at_rest("group:a#1"), Marking(TLP.GREEN))
    for text in ("group:b#1", "group:a#1|group:b#1", "group:a#1&group:b#1", "case:9", "seat:no"):
        assert may_append(sender, at_rest(text), Marking(TLP.GREEN)).rule == "address"


def test_one_may_write_to_another_nation_member_or_person_without_reading_what_they_read() -> None:
    for text in ("nation:tr", "member:other", "person:ola"):
        assert may_append(viewer("public", "community"), at_rest(text), Marking(TLP.GREEN))


def test_every_step_of_the_judgement_is_told() -> None:
    sender = viewer("public", "community", "group:a#1", widest="group")
    audience = at_rest("(public|nation:no)&(group:a#1|group:b#2)&!nation:tr")
    assert may_append(sender, audience, Marking(TLP.RED)).reasons == (
        "addressable: group:a, held",
        "not addressable: group:b, group:b can be addressed only by those who belong to it",
        "addressable: nation:no, open to any member's post",
        "addressable: public, released by a named person",
        "excluded: nation:tr",
        "breadth: group, of at most group",
        "marking: TLP:RED may not reach (group:a|group:b)&(nation:no|public)&!nation:tr",
    )
    assert may_append(sender, at_rest("group:a#1"), Marking()).reasons[-1].startswith("marking: no TLP")
    assert may_append(sender, at_rest("group:a#1"), Marking(TLP.GREEN)).reasons[-1] == "marking: TLP:GREEN allows it"


def test_a_cap_holds_whatever_the_marking_allows() -> None:
    capped = viewer("public", "community", "nation:no", "member:acme", widest="named")
    assert may_append(capped, at_rest("nation:tr"), Marking(TLP.CLEAR)).rule == "cap"
    assert may_append(capped, at_rest("member:other"), Marking(TLP.CLEAR))
    assert may_append(capped, at_rest("nation:no&member:acme"), Marking(TLP.CLEAR)), "the narrowest condition counts"


def test_terms_that_cannot_be_read_are_never_taken_for_permission() -> None:
    sender = viewer("public", "community", "group:a#1")
    marking = Marking(TLP.CLEAR, unknown=UNKNOWN)
    assert may_append(sender, at_rest("community"), marking).rule == "marking-unknown"
    assert may_append(sender, at_rest("group:a#1"), marking)


def test_amber_is_passed_on_to_clients_and_amber_strict_is_not() -> None:
    assert [tlp.name for tlp in TLP if may_pass_on(Marking(tlp))] == ["CLEAR", "GREEN", "AMBER"]
    assert not may_pass_on(Marking())
    assert not may_pass_on(Marking(TLP.CLEAR, unknown=UNKNOWN))


USES = """
PAP:RED    hunt
PAP:AMBER  hunt alert ask
PAP:GREEN  hunt alert ask block
PAP:CLEAR  hunt alert ask block
unmarked   hunt alert
"""


@pytest.mark.parametrize("row", USES.strip().splitlines(), ids=lambda row: row.split()[0])
def test_pap_says_what_may_be_done(row: str) -> None:
    label, *expected = row.split()
    marking = Marking(pap=next((pap for pap in PAP if pap.label == label), None))
    assert [use.value for use in Use if may_use(marking, use)] == expected
    assert all(may_use(marking, use).remedy for use in Use if use.value not in expected)
