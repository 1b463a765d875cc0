"""Audiences, viewers and markings for the tests of this room, and strategies for them."""

from __future__ import annotations

from hypothesis import strategies as st

from shieldwall.policy import PAP, TLP, Audience, Marking, Viewer, parse_audience
from tests.policy.reference import token_sets, written

TOKENS = (
    "public",
    "community",
    "nation:no",
    "nation:tr",
    "group:energy#1",
    "group:energy#2",
    "member:acme",
    "person:kari",
)
NATIONS = ("nation:no", "nation:tr")
FREE = tuple(token for token in TOKENS if token not in NATIONS)


def viewer(*tokens: str, principal: str = "person:kari", member: str = "acme", widest: str = "public") -> Viewer:
    return Viewer(
        principal=principal,
        member=member,
        nation="",
        tokens=dict.fromkeys(tokens, 0),
        scopes=frozenset({"read", "submit"}),
        widest=widest,
    )


def at_rest(text: str) -> Audience:
    return parse_audience(text, volumes=True)


VIEWERS = [viewer(*held) for held in token_sets(FREE, (NATIONS,))]


def viewers() -> st.SearchStrategy[Viewer]:
    return st.sampled_from(VIEWERS)


def addresses() -> st.SearchStrategy[str]:
    """Texts of audiences, with or without an exclusion."""
    trees = st.recursive(
        st.sampled_from(TOKENS),
        lambda inner: st.tuples(st.sampled_from("&|"), inner, inner),
        max_leaves=8,
    )
    kept_in = st.builds(lambda tree: ("&", "community", tree), trees)
    kept_out = st.builds(lambda tree: ("&", "!nation:de", tree), kept_in)
    return st.one_of(trees, kept_out).map(written)


def audiences() -> st.SearchStrategy[Audience]:
    return addresses().map(at_rest)


def markings() -> st.SearchStrategy[Marking]:
    unknown = st.sampled_from([(), ("marking-definition--00000000-0000-4000-8000-000000000001",)])
    return st.builds(Marking, st.sampled_from([None, *TLP]), st.sampled_from([None, *PAP]), unknown)
