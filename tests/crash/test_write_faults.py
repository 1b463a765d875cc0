"""Every write, cut and sync of an admission fails once: no answer but 503, nothing half-written, reading goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shieldwall.store import READERS, WRITER, run
from shieldwall.store.connector import raw
from tests.alliance import GREEN, STRICT, Alliance, bundle, indicator
from tests.api.conftest import Api
from tests.conftest import close_connections, serve_fresh
from tests.crash.disk import Disk, failing_disk
from tests.crash.oracle import of_the_entries, of_the_node

MOST_CALLS = 250


class Bench:
    """A node on a disk that may fail, a member who submits to it and another who reads."""

    def __init__(self, disk: Disk) -> None:
        alliance = Alliance()
        self.disk = disk
        self.acme, self.dansk = Api(alliance.key("acme")), Api(alliance.key("dansk"))
        self.given = 0

    def submit(self, number: int) -> Any:
        """Bundle `number`, of three objects, under its idempotency key."""
        objects = [indicator(value, GREEN) for value in self._values(number)]
        return self.acme.call(
            "POST", "/objects?audience=community", bundle(*objects), Idempotency_Key=f"bundle-{number}"
        )

    @staticmethod
    def _values(number: int) -> list[str]:
        return [f"10.{number // 250}.{number % 250}.{n}" for n in range(3)]

    def entries(self) -> int:
        """How many lie in the community's log."""
        return sum(row[5] for row in run(READERS, "all_collections") if row[2] == "community")

    def seen(self) -> int:
        """How many of the newest bundle's values the other member finds."""
        answer = self.dansk.post("/lookup", {"values": self._values(self.given)})
        assert answer.status_code == 200
        return sum(one["total"] for one in answer.json()["results"])


@pytest.fixture
def bench(request: pytest.FixtureRequest, tmp_path) -> Iterator[Bench]:
    with failing_disk() as disk:
        serve_fresh("sqlite", request, tmp_path / "node")
        yield Bench(disk)
        disk.heal()
        close_connections()


def _found() -> list[str]:
    return [*of_the_node(), *of_the_entries()]


@pytest.mark.parametrize("full", [True, False], ids=["no space", "I/O error"])
@pytest.mark.parametrize("checkpoint", [1000, 1], ids=["log", "log and checkpoint"])
def test_each_write_of_an_admission_fails_once(bench: Bench, full: bool, checkpoint: int) -> None:
    assert bench.submit(0).status_code == 200
    raw(WRITER).execute(f"PRAGMA wal_autocheckpoint={checkpoint}")
    refused = 0
    for number in range(1, MOST_CALLS):
        before = bench.entries()
        bench.disk.fail_at(number, full=full)
        answer = bench.submit(number)
        bench.disk.heal()
        failed = bench.disk.failed
        if answer.status_code == 503:
            refused += 1
            assert answer["Retry-After"] == "5" and bench.seen() == 3 and bench.entries() == before
        else:  # the commit was on disk already, and only its checkpoint failed, or nothing did
            assert answer.status_code == 200 and (not failed or checkpoint == 1)
        assert bench.submit(number).json()["counts"]["admitted"] == 3
        bench.given = number
        assert (bench.entries(), bench.seen()) == (before + 3, 3)
        raw(WRITER).execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the next begins as this one did
        if number % 8 == 0:
            assert _found() == []
        if not failed:
            break
    assert not failed and refused > 20 and _found() == []


def test_a_disk_that_stays_full_refuses_and_lets_read_and_takes_again(bench: Bench) -> None:
    for number in range(3):
        assert bench.submit(number).status_code == 200
    bench.given = 2
    bench.disk.fail_at(1, full=True, stays=True)
    for number in range(3, 6):
        assert bench.submit(number).status_code == 503
    for _ in range(120):  # past the group by which requests are counted on disk
        assert bench.seen() == 3
    bench.disk.heal()
    assert bench.submit(3).status_code == 200
    bench.given = 3
    assert bench.seen() == 3 and _found() == []


def test_what_is_strict_is_not_given_where_its_delivery_cannot_be_recorded(bench: Bench) -> None:
    strict = bundle(indicator("10.9.9.9", STRICT))
    where = bench.acme.call("POST", "/objects?audience=group:energy", strict).json()["outcomes"][0]["collection"]
    bench.disk.fail_at(1, full=True, stays=True)
    refused = bench.dansk.get(f"/collections/{where}/objects")
    assert refused.status_code == 503 and b"10.9.9.9" not in refused.content
    bench.disk.heal()
    given = bench.dansk.get(f"/collections/{where}/objects")
    assert given.status_code == 200 and b"10.9.9.9" in given.content
