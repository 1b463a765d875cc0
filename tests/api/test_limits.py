"""Where a node says: not so much, or not yet."""

from __future__ import annotations

from pathlib import Path

from tests.alliance import Alliance, bundle, indicator
from tests.api.conftest import Api, World
from tests.api.test_refusals import problem
from tests.node import Clock, Entropy, fresh_node


def test_over_a_quota_one_is_told_how_long_to_wait(tmp_path: Path) -> None:
    fresh_node(
        tmp_path / "few",
        clock=(clock := Clock()),
        entropy=Entropy(),
        SHIELDWALL_QUOTA_REQUESTS="3",
        SHIELDWALL_QUOTA_OBJECTS="2",
    )
    acme = World(Alliance(clock)).api("acme")
    assert problem(acme.post("/objects", bundle(*(indicator(f"10.0.0.{n}") for n in range(3)))), 429)["rule"] == "quota"
    assert [acme.get("/me").status_code for _ in range(2)] == [200, 200]
    answer = acme.get("/me")
    problem(answer, 429)
    clock.advance(seconds=int(answer.headers["Retry-After"]))
    assert acme.get("/me").status_code == 200


def test_a_node_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    fresh_node(tmp_path / "bare", clock=Clock(), entropy=Entropy())
    answer = Api().get("/health")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"
