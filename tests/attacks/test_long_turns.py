"""A member sends what takes long to index, so that everybody else waits for their turn at writing."""

from __future__ import annotations

from collections import Counter

from shieldwall import exchange
from tests.alliance import GREEN, Alliance, indicator
from tests.exchange.doing import collection, send

TERMS = 256
MOST_IN_A_TURN = 4_500


def test_a_turn_takes_only_so_many_values(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    dense = [
        indicator(f"198.51.100.{n}", GREEN)
        | {"pattern": "[" + " OR ".join(f"ipv4-addr:value = '10.{n}.1.{m}'" for m in range(TERMS)) + "]"}
        for n in range(100)
    ]
    send(acme, *dense, to="community")
    logged, size = exchange.walk(acme, collection(acme, "community"), door="api")
    turns = Counter(-(-one.added // 1_000) for one in logged)  # the stamps of each end on a millisecond
    assert size == len(dense)
    assert max(turns.values()) * TERMS <= MOST_IN_A_TURN
