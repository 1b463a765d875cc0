"""Journeys of those who keep a copy: whole, nothing lost, nothing twice, and without what was withdrawn."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shieldwall.cli.remote.shelves import BundleShelf, FolderShelf, LinesShelf
from shieldwall.stix import split
from tests.alliance import AMBER, indicator
from tests.remote.conftest import Desktop, Site


def some(start: int, count: int, **more: Any) -> list[dict[str, Any]]:
    return [indicator(f"198.18.{n // 250}.{n % 250 + 1}", AMBER, **more) for n in range(start, start + count)]


def ids_in(path: Path) -> list[str]:
    if path.is_dir():
        return sorted(json.loads(one.read_bytes())["id"] for one in path.rglob("*.json"))
    if path.suffix == ".ndjson":
        return sorted(json.loads(line)["id"] for line in path.read_bytes().splitlines())
    return sorted(json.loads(raw)["id"] for raw in split(path.read_bytes()))


@pytest.mark.parametrize("name", ["copy.json", "copy.ndjson", "copy"])
def test_a_copy_is_whole_goes_on_where_it_was_and_drops_what_was_withdrawn(
    site: Site, dansk: Desktop, name: str
) -> None:
    start = 10 * ["copy.json", "copy.ndjson", "copy"].index(name)
    mine = some(start, 8)
    collection = site.give(
        "acme", f"member:acme|member:dansk&member:dansk|member:stahl|member:hub|{_fresh(name)}", *mine[:5]
    )
    first = dansk.run("pull", "--collection", collection, "--to", name)
    assert "5 objects pulled" in first.out
    site.give("acme", f"member:acme|member:dansk&member:dansk|member:stahl|member:hub|{_fresh(name)}", *mine[5:])
    second = dansk.run("pull", "--collection", collection, "--to", name, "--json").json
    assert (second["pulled"], second["in_all"]) == (3, 8)
    copy = dansk.home / name
    assert ids_in(copy) == sorted(one["id"] for one in mine)
    site.ask("acme", "POST", "/withdrawals", json={"id": mine[2]["id"], "reason": "not ours to share"})
    third = dansk.run("pull", "--collection", collection, "--to", name)
    assert "0 objects pulled" in third.out and mine[2]["id"] in third.out
    left = [one["id"] for one in mine if one is not mine[2] or name == "copy.ndjson"]
    assert ids_in(copy) == sorted(left)


def _fresh(name: str) -> str:
    """A part of an address that makes a collection of its own for each case."""
    return {"copy.json": "member:kunde", "copy.ndjson": "member:fjord", "copy": "member:centre"}[name]


def test_a_pull_killed_between_pages_loses_and_repeats_nothing(site: Site, dansk: Desktop) -> None:
    everything = some(100, 2500)
    for at in range(0, 2500, 500):
        collection = site.give("acme", "member:dansk", *everything[at : at + 500])
    running = dansk.start("pull", "--collection", collection, "--to", "copy.ndjson")
    kept = dansk.home / ".copy.ndjson.cursor"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (kept.exists() and b'"pulled":0' not in kept.read_bytes()):
        time.sleep(0.002)
    running.send_signal(signal.SIGKILL)
    running.wait()
    with (dansk.home / "copy.ndjson").open("ab") as torn:
        torn.write(b'{"id":"half an obj')
    dansk.run("pull", "--collection", collection, "--to", "copy.ndjson")
    counted = Counter(ids_in(dansk.home / "copy.ndjson"))
    assert set(counted) == {one["id"] for one in everything}
    assert max(counted.values()) == 1


def test_a_copy_that_was_removed_is_made_anew(site: Site, dansk: Desktop) -> None:
    collection = site.give("acme", "member:acme|member:dansk|member:dk-cert", *some(3000, 2))
    dansk.run("pull", "--collection", collection, "--to", "copy.ndjson")
    (dansk.home / "copy.ndjson").unlink()
    told = dansk.run("pull", "--collection", collection, "--to", "copy.ndjson")
    assert "beginning anew" in told.err and len(ids_in(dansk.home / "copy.ndjson")) == 2


@pytest.mark.parametrize("name", ["letter.json", "letter.ndjson", "letter.txt", "letters"])
def test_what_others_put_there_is_never_overwritten(site: Site, dansk: Desktop, name: str) -> None:
    letter = dansk.home / name
    if not letter.suffix:
        letter.mkdir()
        letter = letter / "one.txt"
    letter.write_text("Dear all")
    told = dansk.run("pull", "--to", name, code=6)
    assert name in told.err and "another file or folder" in told.err
    assert letter.read_text() == "Dear all"
    assert not [one for one in dansk.home.iterdir() if "cursor" in one.name]


def test_a_folder_that_is_missing_is_named_and_not_made(dansk: Desktop) -> None:
    told = dansk.run("pull", "--to", "missing/copy.json", code=3)
    assert "missing" in told.err and "make it first" in told.err
    assert not (dansk.home / "missing").exists()


def test_another_collection_is_not_mixed_into_a_copy(site: Site, dansk: Desktop) -> None:
    collection = site.give("acme", "member:acme|member:dansk|member:dk-cert", *some(3010, 1))
    dansk.run("pull", "--collection", collection, "--to", "copy.json")
    told = dansk.run("pull", "--to", "copy.json", code=6)
    assert "another file" in told.err


def test_a_collection_one_may_not_read_is_not_found(site: Site, dansk: Desktop) -> None:
    secret = site.give("acme", "member:acme|member:fjord", *some(3020, 1))
    assert dansk.run("pull", "--collection", secret, "--to", "copy.json", code=5).out == ""


def test_following_brings_what_comes_later(site: Site, dansk: Desktop) -> None:
    collection = site.give("acme", "member:acme|member:dansk|member:no-cert", *some(3030, 1))
    running = dansk.start("pull", "--collection", collection, "--to", "copy.ndjson", "--follow", "--every", "0.5")
    copy = dansk.home / "copy.ndjson"
    try:
        _wait_for(lambda: copy.exists() and len(ids_in(copy)) == 1)
        site.give("acme", "member:acme|member:dansk|member:no-cert", *some(3031, 1))
        _wait_for(lambda: len(ids_in(copy)) == 2)
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    finally:
        running.kill()


def _wait_for(true: Any) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("kind", [LinesShelf, BundleShelf])
def test_what_lies_behind_the_kept_mark_is_cut_off(kind: type[LinesShelf | BundleShelf], tmp_path: Path) -> None:
    path = tmp_path / ("x.ndjson" if kind is LinesShelf else "x.json")
    shelf = kind(path, 0)
    shelf.put(b'{"type":"a",\n"id":"a"}')
    mark = shelf.mark()
    shelf.put(b'{"type":"b","id":"b"}')
    shelf.mark()
    again = kind(path, mark)
    again.put(b'{"type":"c","id":"c"}')
    again.mark()
    again.close()
    assert ids_in(path) == ["a", "c"]


@pytest.mark.parametrize(
    "hostile",
    [
        {"type": "../../x", "id": "../../x--1", "modified": "../up"},
        {"type": "indicator", "id": "indicator--../../../../../../../../etc/passwd0", "modified": "/etc/x"},
        {"type": "", "id": "", "modified": ""},
    ],
)
def test_no_object_is_put_outside_its_folder(hostile: dict[str, str], tmp_path: Path) -> None:
    FolderShelf(tmp_path / "in" / "here", 0).put(json.dumps(hostile).encode())
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) == 1 and files[0].is_relative_to(tmp_path / "in" / "here")


def test_two_owners_of_one_id_and_version_both_keep_their_file(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "copy", 0)
    one = indicator("198.18.9.9", AMBER)
    for _ in range(2):
        shelf.put(json.dumps(one).encode())
        shelf.put(json.dumps(one | {"name": "another's"}).encode())
    assert len(ids_in(tmp_path / "copy")) == 2
