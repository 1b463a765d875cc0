"""A disk that is really full: refused, read on, and taken again once there is space."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.alliance import GREEN, bundle, indicator
from tests.crash import oracle
from tests.crash.conftest import make_home
from tests.crash.life import Home
from tests.crash.trial import nursery

MOST_BUNDLES = 400


def _fill(pipe: Connection, home: Home, room: Path | None) -> None:
    """Submit until there is no space, read, make space, submit again; tell what was answered. In its own process."""
    from shieldwall.store import READERS, run
    from tests.api.conftest import Api

    home.open()
    acme, dansk = Api(home.acme), Api(home.dansk)
    make_space = _limited(home) if room is None else room.unlink

    def submit(number: int) -> tuple[int, str]:
        objects = [indicator(f"10.{number // 250}.{number % 250}.{n}", GREEN) for n in range(20)]
        answer = acme.call("POST", "/objects?audience=community", bundle(*objects), Idempotency_Key=f"bundle-{number}")
        return answer.status_code, answer.headers.get("Retry-After", "")

    answers = []
    while len(answers) < MOST_BUNDLES and (not answers or answers[-1][0] == 200):
        answers.append(submit(len(answers)))
    pipe.send(answers)
    pipe.send([dansk.post("/lookup", {"values": ["10.0.0.1"]}).status_code for _ in range(110)])
    make_space()
    pipe.send(submit(len(answers) - 1))
    pipe.send([row[5] for row in run(READERS, "all_collections") if row[2] == "community"])
    pipe.send([*oracle.of_the_node(), *oracle.of_the_entries()])


def _limited(home: Home) -> Callable[[], None]:
    """No file of this process may grow past some hundred kilobytes more; gives what lifts that."""
    most = max(one.stat().st_size for one in home.data.iterdir() if one.is_file()) + 400_000
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of twelve MiB, where we may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "none", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _tell(home: Home, room: Path | None) -> None:
    ours, theirs = nursery().Pipe(duplex=False)
    process = nursery().Process(target=_fill, args=(theirs, home, room), daemon=True)
    process.start()
    theirs.close()
    *taken, refused = ours.recv()
    assert taken and {status for status, _ in taken} == {200} and refused == (503, "5")
    assert set(ours.recv()) == {200}
    assert ours.recv()[0] == 200
    assert ours.recv() == [20 * (len(taken) + 1)]
    assert ours.recv() == []
    process.join()


def test_files_that_may_not_grow(home: Home) -> None:
    _tell(home, None)


def test_a_file_system_without_space(small_disk: Path, request: pytest.FixtureRequest) -> None:
    home = make_home("sqlite", request, small_disk / "node")
    room = small_disk / "room"
    room.write_bytes(bytes(4 << 20))
    _tell(home, room)
