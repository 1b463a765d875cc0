"""A write-ahead log torn or damaged at its end: it opens, and loses at most the turn that was being written."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

from tests.conftest import close_connections
from tests.crash import oracle
from tests.crash.life import Home
from tests.crash.trial import nursery
from tests.node import config_of

BUNDLES = 6
PAGE = 4096


def _write(pipe: Connection, home: Home) -> None:
    """Admit some bundles, telling the size of the write-ahead log after each; then wait for the kill."""
    from shieldwall import exchange, members
    from tests.alliance import GREEN, bundle, indicator

    home.open()
    log = home.data / "log.db-wal"
    for number in range(BUNDLES):
        objects = [indicator(f"10.0.{number}.{n}", GREEN) for n in range(20)]
        exchange.admit(members.authenticate(home.acme), bundle(*objects), audience="community")
        pipe.send(log.stat().st_size)
    pipe.poll(None)


@pytest.fixture
def torn(home: Home) -> tuple[Home, list[int]]:
    """A node whose only process was killed, and the sizes of its write-ahead log after each bundle."""
    context = nursery()
    ours, theirs = multiprocessing.Pipe()
    process = context.Process(target=_write, args=(theirs, home), daemon=True)
    process.start()
    theirs.close()
    sizes = [ours.recv() for _ in range(BUNDLES)]
    os.kill(process.pid or 0, 9)
    process.join()
    assert sizes == sorted(set(sizes)), "the log was checkpointed meanwhile, and shows nothing here"
    return home, sizes


def _bundles(home: Home, data: Path) -> int:
    """How many whole bundles are there after opening a copy; fails where anything of it does not hold together."""
    from shieldwall.store import READERS, open_node, run

    open_node(config_of(data, home.database))
    try:
        assert [*oracle.of_the_node(), *oracle.of_the_entries()] == []
        [entries] = [row[5] for row in run(READERS, "all_collections") if row[2] == "community"] or [0]
        assert entries % 20 == 0
        return entries // 20
    finally:
        close_connections()


def _copy(home: Home, data: Path) -> Path:
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(home.data, data, ignore=shutil.ignore_patterns("*-shm"))
    return data / "log.db-wal"


def test_a_log_cut_in_its_last_turn_loses_that_turn_alone(torn: tuple[Home, list[int]], tmp_path: Path) -> None:
    home, sizes = torn
    before, end = sizes[-2], sizes[-1]
    chance = Random("cut")
    cuts = {end, end - 1, before, before + 1, before + 24, *(chance.randrange(before, end) for _ in range(15))}
    for cut in sorted(cuts):
        os.truncate(_copy(home, tmp_path / "copy"), cut)
        assert _bundles(home, tmp_path / "copy") == (BUNDLES if cut == end else BUNDLES - 1), cut


def test_a_flipped_bit_in_its_last_page_loses_the_last_turn_alone(torn: tuple[Home, list[int]], tmp_path: Path) -> None:
    home, sizes = torn
    chance = Random("flip")
    for _ in range(16):
        log = _copy(home, tmp_path / "copy")
        content = bytearray(log.read_bytes())
        place = sizes[-1] - 1 - chance.randrange(PAGE)
        content[place] ^= 1 << chance.randrange(8)
        log.write_bytes(content)
        assert _bundles(home, tmp_path / "copy") == BUNDLES - 1, place
