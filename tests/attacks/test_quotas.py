"""A member that uses what costs itself nothing and everybody else something, again and again."""

from __future__ import annotations

import pytest

from shieldwall.errors import TooMany
from tests.alliance import Alliance
from tests.attacks.conftest import Served


def test_a_member_has_only_so_many_new_addresses_a_day(served: Served) -> None:
    def send(number: int, member: str = "fjord") -> int:
        path = f"/api/v1/objects?audience=community{'%20' * number}"
        return served.ask("POST", path, "Content-Type: application/json", member=member, body=b"[]")[0]

    assert {send(number) for number in range(200)} == {200}
    assert send(200) == 429
    assert (send(7), send(200, "dansk")) == (200, 200)


def test_what_was_refused_today_is_counted_tomorrow(alliance: Alliance) -> None:
    from shieldwall.http.quotas import NEW_ADDRESSES, spend_address

    acme = alliance.viewer("acme")
    for number in range(NEW_ADDRESSES):
        spend_address(acme, f"community{' ' * number}")
    for _ in range(2):
        with pytest.raises(TooMany):
            spend_address(acme, "nation:no")
    assert alliance.clock is not None
    alliance.clock.advance(hours=24)
    spend_address(acme, "nation:no")
