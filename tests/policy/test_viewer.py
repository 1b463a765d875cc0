"""Viewers that must not exist cannot be made."""

from __future__ import annotations

import pytest

from shieldwall.policy import ANONYMOUS, MisgrantedViewer, may_read, parse_audience
from tests.policy.worlds import viewer


def test_a_service_key_never_holds_a_persons_token() -> None:
    with pytest.raises(MisgrantedViewer):
        viewer("public", "community", "person:kari", principal="key:1")


def test_the_anonymous_hold_nothing_but_public() -> None:
    assert set(ANONYMOUS.tokens) == {"public"} and ANONYMOUS.scopes == {"read"}
    with pytest.raises(MisgrantedViewer):
        viewer("public", "community", principal="anonymous")


def test_a_cap_is_one_of_the_six_words() -> None:
    with pytest.raises(MisgrantedViewer):
        viewer("public", widest="everything")


def test_a_key_and_a_person_are_told_apart() -> None:
    key, person = viewer("public", principal="key:1"), viewer("public")
    assert (key.key_holder, key.is_person) == (True, False)
    assert (person.key_holder, person.is_person) == (False, True)


def test_what_is_for_named_people_is_out_of_every_keys_reach() -> None:
    key = viewer("public", "community", "nation:no", "member:acme", "group:energy#1", principal="key:1")
    assert not may_read(key, parse_audience("person:kari|person:ola"))
