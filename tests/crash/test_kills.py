"""kill -9 at random instants, of clients' processes and of the worker: what was acknowledged is there exactly once."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Operator
from tests.crash.life import Home
from tests.crash.trial import Trial

CYCLES = 20


@pytest.mark.parametrize(("home", "cycles"), [("sqlite", CYCLES), ("postgresql", 6)], indirect=["home"])
def test_nothing_acknowledged_is_lost_or_doubled_by_kills(home: Home, cycles: int) -> None:
    trial = Trial(home, f"kills {cycles}")
    for number in range(cycles):
        trial.cycle()
        if number % 5 == 4:
            assert trial.wrong() == []
    trial.end_worker()
    assert trial.wrong() == []
    assert len(trial.told) > 5 * cycles and trial.entries > 5 * cycles
    done = Operator(home.data, SHIELDWALL_DATABASE=home.database).run("check")
    assert "postgresql" in home.database or done.returncode == 0, done.stdout
