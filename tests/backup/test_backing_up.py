"""A backup is of one moment, whole or not there at all, closed to others, without keys; and refuses to lie."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connections

from shieldwall import exchange
from shieldwall.errors import BadInput, Conflict, ShieldwallError, StoreError
from shieldwall.store import READERS, node, run, snapshot
from shieldwall.store.backup import back_up
from shieldwall.store.loading import require_whole
from shieldwall.store.walk import log_findings
from tests.alliance import GREEN, Alliance, indicator
from tests.backup.conftest import Machines, manifest_of
from tests.conftest import serve_fresh
from tests.exchange.doing import ids, send


def test_a_backup_is_closed_to_others_and_holds_no_key(machines: Machines, alliance: Alliance) -> None:
    send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN), to="group:energy")
    backup = machines.back_up()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [backup, *backup.iterdir()]}
    assert modes.pop("backup") == 0o700 and set(modes.values()) == {0o600}
    secrets = [path.read_bytes() for path in (machines.data / "keys").iterdir()]
    assert secrets and not any(one in path.read_bytes() for path in backup.iterdir() for one in secrets)
    assert set(modes) == {"manifest.json", *(file.name for file in manifest_of(backup).files)}


def test_a_name_that_is_taken_is_refused_and_left_alone(machines: Machines) -> None:
    backup = machines.back_up()
    before = sorted(path.name for path in backup.iterdir())
    with pytest.raises(Conflict):
        machines.back_up()
    assert sorted(path.name for path in backup.iterdir()) == before
    assert [path.name for path in machines.folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_cannot_be_written_leaves_nothing_behind(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError):
        back_up(machines.folder / "full", lambda _: None)
    monkeypatch.undo()
    assert not (machines.folder / "full").exists() and not list(machines.folder.glob(".full*"))


def test_a_backup_taken_while_others_write_is_of_one_moment(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    serve_fresh(engine, request, tmp_path / "data")
    alliance, ending, failures = Alliance(), threading.Event(), []
    acme = alliance.viewer("acme")

    def write(name: str) -> None:
        count = 0
        try:
            while not ending.is_set():
                count += 1
                objects = [indicator("203.0.113.1", GREEN, name=f"{name} {count} {n}") for n in range(20)]
                send(acme, *objects, to=("group:energy", "nation:no", "community")[count % 3])
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    backups = []
    for number in range(3):
        ending.wait(0.4)
        backups.append(tmp_path / f"backup {number}")
        back_up(backups[-1], lambda _: None)
    ending.set()
    for writer in writers:
        writer.join()
    assert not failures
    sizes = [manifest_of(one).entries for one in backups]
    assert sizes[0] < sizes[1] < sizes[2], "it was written on meanwhile"
    make = (lambda: "sqlite") if engine == "sqlite" else request.getfixturevalue("postgres_url_factory")
    from tests.node import config_of

    fresh = tmp_path / "machine"
    fresh.mkdir()
    for name in ("keys", "journal"):
        shutil.copytree(tmp_path / "data" / name, fresh / name)
    from shieldwall.store import open_node

    open_node(config_of(fresh, make()))
    done = exchange.restore(backups[1])
    assert done.entries == sizes[1]
    from shieldwall.exchange.rebuilding import projection_findings

    with snapshot():
        assert [*log_findings(lambda _: None), *projection_findings(lambda _: None)] == []


def test_a_restore_into_what_is_not_empty_is_refused(machines: Machines, alliance: Alliance) -> None:
    send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN), to="group:energy")
    backup = machines.back_up()
    with pytest.raises(Conflict):
        exchange.restore(backup)
    assert len(ids(alliance.viewer("dansk"))) == 1


def test_without_its_keys_nothing_is_restored(machines: Machines) -> None:
    backup = machines.back_up()
    fresh = machines.move(keys=False)
    with pytest.raises(BadInput, match="keys"):
        exchange.restore(backup)
    assert not (fresh / "log.db").exists() and not (fresh / "restoring").exists()
    (fresh / "keys" / "seal").parent.mkdir(exist_ok=True)
    for name in ("checkpoint", "cuts", "index", "seal"):
        (fresh / "keys" / name).write_bytes(b"x" * 32)
    with pytest.raises(BadInput, match="keys"):
        exchange.restore(backup)


def test_without_its_journal_a_restore_must_be_meant(machines: Machines) -> None:
    backup = machines.back_up()
    machines.move(journal=False)
    with pytest.raises(BadInput, match="journal"):
        exchange.restore(backup)
    assert exchange.restore(backup, without_journal=True).epoch == 2


def test_one_changed_byte_of_a_backup_is_found_before_anything_is_restored(machines: Machines) -> None:
    backup = machines.back_up()
    largest = max((path for path in backup.iterdir() if path.suffix != ".json"), key=lambda path: path.stat().st_size)
    text = bytearray(largest.read_bytes())
    text[len(text) // 2] ^= 1
    largest.write_bytes(text)
    fresh = machines.move()
    with pytest.raises(BadInput, match="not what was backed up"):
        exchange.restore(backup)
    assert not (fresh / "log.db").exists() and not (fresh / "restoring").exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_log_that_was_changed_under_a_new_hash_is_not_served(machines: Machines, alliance: Alliance) -> None:
    """Whoever holds the backups can hash their files anew, but not what was signed."""
    import hashlib

    send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN), to="group:energy")
    backup = machines.back_up()
    log, manifest = backup / "log.db", backup / "manifest.json"
    before = hashlib.sha256(log.read_bytes()).hexdigest()
    with closing(sqlite3.connect(log)) as store:
        store.execute("DROP TRIGGER entry_stays")
        store.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '.100.7', '.100.9') AS BLOB)")
        store.commit()
    after = hashlib.sha256(log.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(before, after))
    fresh = machines.move()
    with pytest.raises(StoreError, match="does not hold"):
        exchange.restore(backup)
    with pytest.raises(StoreError, match="did not end"):
        require_whole(fresh)


def test_a_restore_that_was_cut_off_can_be_run_again(
    machines: Machines, alliance: Alliance, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN), to="group:energy")
    backup = machines.back_up()
    fresh = machines.move()

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("shieldwall.exchange.restoring.begin_epoch", cut_off)
    with pytest.raises(KeyboardInterrupt):
        exchange.restore(backup)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="did not end"):
        require_whole(fresh)
    if engine == "postgresql":
        with pytest.raises(Conflict):
            exchange.restore(backup)
        return
    assert exchange.restore(backup).epoch == 2
    require_whole(node().config.data)
    assert len(ids(alliance.viewer("dansk"))) == 1


def test_a_folder_that_is_no_backup_is_refused(machines: Machines) -> None:
    with pytest.raises(ShieldwallError, match="no backup here"):
        exchange.restore(machines.data)
    assert run(READERS, "node_state")
