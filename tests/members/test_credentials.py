"""What a credential looks like."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shieldwall.members import credentials

KEY = "swk_0a1b2c3d_0000000000000000000000000000000000000000000"


@given(st.integers(0, 56), st.sampled_from("0aZ_-é"))
def test_one_wrong_character_makes_a_key_unrecognisable(place: int, other: str) -> None:
    key = credentials._sealed(KEY)
    typo = key[:place] + other + key[place + 1 :]
    assert credentials.recognise(key) == (True, "0a1b2c3d")
    assert typo == key or credentials.recognise(typo) is None
