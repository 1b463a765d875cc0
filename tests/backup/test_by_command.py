"""The operator's commands on a node that serves, and what its readers see of it all from their own machines."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.alliance import AMBER, Alliance, indicator
from tests.cli.conftest import Operator
from tests.node import fresh_node
from tests.remote.conftest import Desktop, Site
from tests.server import serve


def objects(first: int, last: int) -> list[dict[str, object]]:
    return [indicator(f"203.0.113.{n}", AMBER) for n in range(first, last)]


@pytest.fixture
def home(tmp_path: Path) -> Site:
    """A node of the small alliance, not yet served."""
    data = tmp_path / "node"
    fresh_node(data)
    from shieldwall import exchange
    from shieldwall.store import node

    alliance = Alliance()
    keys = {member: alliance.own_key(member) for member in ("acme", "dansk", "fjord")}
    public_key = exchange.public_key()
    node().close()
    return Site("", data, keys, public_key)


def moved(site: Site, to: Path) -> Operator:
    """The operator at a new machine, to which the copies of keys/ and journal/ were brought."""
    to.mkdir(mode=0o700)
    for name in ("keys", "journal"):
        shutil.copytree(site.data / name, to / name)
    return Operator(to)


def test_readers_cross_an_honest_restore_with_a_notice(home: Site, tmp_path: Path) -> None:
    backup, kept, one = tmp_path / "backups" / "today", "kept", "member:acme|member:dansk"
    with serve(home.data) as url:
        site = msgspec.structs.replace(home, url=url)
        dansk = Desktop(site, "dansk", tmp_path / "desk")
        dansk.home.mkdir()
        log = site.give("acme", one, *objects(0, 10))
        dansk.run("pull", "--collection", log, "--to", "copy.jsonl")
        said = Operator(home.data).json("backup", str(backup))
        assert (said["epoch"], said["backup"]) == (1, str(backup))
        site.give("acme", one, *objects(10, 14))
        later = site.give("acme", "member:acme|member:dansk|member:fjord", *objects(50, 53))
        site.ask("acme", "POST", "/withdrawals", json={"id": objects(3, 4)[0]["id"], "reason": "a mistake"})
        dansk.run("verify", "--public-key", site.public_key, "--kept", kept)
        page = site.ask("dansk", "GET", f"/collections/{log}/objects", params={"limit": 12})
        assert page["notice"] == "" and page["next"]
    restored = moved(home, tmp_path / "machine").json("restore", str(backup))
    assert restored["epoch"] == 2 and restored["replayed"] == {"withdrawn": 1}
    with serve(tmp_path / "machine") as url:
        site = msgspec.structs.replace(home, url=url, data=tmp_path / "machine")
        desk = Desktop(site, "dansk", dansk.home)
        site.give("acme", one, *objects(20, 26))
        said = desk.run("verify", "--public-key", site.public_key, "--kept", kept, "--json").json
        notices = {each["collection"]: " ".join(each["notices"]) for each in said["collections"]}
        assert said["verified"]
        assert "first 10 entries are those you kept, 5 that you kept are no longer in it" in notices[log]
        assert "has nothing of this log" in notices[later]
        desk.run("verify", "--public-key", site.public_key, "--kept", kept)
        rest = site.ask("dansk", "GET", f"/collections/{log}/objects", params={"limit": 50, "next": page["next"]})
        assert "epoch 2" in rest["notice"] and len(rest["objects"]) == 6
    assert Operator(tmp_path / "machine").run("check").returncode == 0


def test_what_is_changed_below_the_restored_end_is_named_whatever_the_epoch(home: Site, tmp_path: Path) -> None:
    """An operator who rewrites the past and calls it a restore: the first bad entry is named all the same."""
    one, kept = "member:acme|member:dansk", "kept"
    operator = Operator(home.data)
    with serve(home.data) as url:
        site = msgspec.structs.replace(home, url=url)
        log = site.give("acme", one, *objects(0, 4))
        operator.json("backup", str(tmp_path / "old"))
        site.give("acme", one, *objects(4, 10))
        dansk = Desktop(site, "dansk", tmp_path / "desk")
        dansk.home.mkdir()
        dansk.run("verify", "--public-key", site.public_key, "--kept", kept, "--collection", log)
    forger = tmp_path / "forger"
    shutil.copytree(tmp_path / "old", forger)
    shutil.copytree(home.data / "keys", forger / "keys")
    with serve(forger) as url:  # the old database, put back without the command, and another past written into it
        msgspec.structs.replace(home, url=url).give("acme", one, *objects(30, 36))
    Operator(forger).json("backup", str(tmp_path / "forged"))
    moved(home, tmp_path / "machine").json("restore", str(tmp_path / "forged"))
    with serve(tmp_path / "machine") as url:
        site = msgspec.structs.replace(home, url=url)
        desk = Desktop(site, "dansk", dansk.home)
        arguments = ("verify", "--public-key", site.public_key, "--kept", kept, "--collection", log, "--json")
        [said] = desk.run(*arguments, code=1).json["collections"]
        assert said["first_bad"] == 5 and "not what it was" in said["fault"]


def test_no_process_serves_what_was_restored_by_half(home: Site, tmp_path: Path) -> None:
    (home.data / "restoring").touch()
    for command in (
        ["serve"],
        ["key", "list"],
        ["setup", "--name", "Hub", "--slug", "hub", "--admin", "boss"],
        ["migrate"],
        ["backup", str(tmp_path / "b")],
    ):
        done = Operator(home.data).run(*command, SHIELDWALL_PASSWORD="a shield covers its neighbour")
        assert done.returncode == 9 and "restore" in done.stderr, command
    assert not (tmp_path / "b").exists()
