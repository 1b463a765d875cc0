"""`shieldwall demo`, started as its users start it. docs/reference/demo.md is the contract that is held here."""

from __future__ import annotations

import re
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.alliance import bundle, indicator
from tests.demo.running import COMMAND, Running, environment, is_gone, running, stop

SCALE = ("--scale", "0.05")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "demo.md"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("demo") / "data", *SCALE) as started:
        yield started


def test_the_first_line_has_the_fields_that_were_promised_and_that_the_reference_names(demo: Running) -> None:
    said = demo.said
    assert list(said) == ["url", "taxii", "api", "mail", "public_key", "people", "keys", "groups", "clients"]
    assert said["taxii"] == said["url"] + "/taxii2/" and said["api"] == said["url"] + "/api/v1"
    assert Path(said["mail"]).is_dir()
    assert {tuple(one) for one in said["people"]} == {
        ("member", "nation", "kind", "role", "username", "password", "totp")
    }
    assert {tuple(one) for one in said["keys"]} == {("member", "nation", "kind", "groups", "scopes", "key")}
    assert {tuple(one) for one in said["groups"]} == {("id", "name", "members")}
    assert {tuple(one) for one in said["clients"]} == {("member", "client")}
    documented = set(re.findall(r"^\| `(\w+)`", REFERENCE.read_text(), re.MULTILINE))
    rows = [said, *(said[name][0] for name in ("people", "keys", "groups", "clients"))]
    assert documented == {field for row in rows for field in row}


def test_there_is_one_of_every_kind_role_and_scope(demo: Running) -> None:
    kinds = {"cert", "company", "body", "academic"}
    assert {one["kind"] for one in demo.said["people"]} == kinds == {one["kind"] for one in demo.said["keys"]}
    assert {one["role"] for one in demo.said["people"]} == {
        "reader", "analyst", "release", "administrator", "operator", "secretary", "auditor"
    }  # fmt: skip
    scopes = {"read", "submit", "sight", "alert", "administer"}
    assert {scope for one in demo.said["keys"] for scope in one["scopes"]} == scopes
    assert {one["totp"] for one in demo.said["people"]} == {None}


def test_there_are_keys_for_the_constellations_that_were_promised(demo: Running) -> None:
    companies = {one["member"]: one for one in demo.said["keys"] if one["kind"] == "company"}
    pairs = [(a, b) for a in companies.values() for b in companies.values() if a["member"] < b["member"]]
    assert any(a["nation"] == b["nation"] and set(a["groups"]) & set(b["groups"]) for a, b in pairs)
    assert any(not one["groups"] for one in companies.values())
    holders = {one["member"] for one in demo.said["keys"]}
    assert any({pair["member"], pair["client"]} <= holders for pair in demo.said["clients"])
    of_group = {one["id"]: set(one["members"]) for one in demo.said["groups"]}
    assert all(one["member"] in of_group[group] for one in demo.said["keys"] for group in one["groups"])


def test_people_sign_in_and_are_who_was_said(demo: Running) -> None:
    api = demo.said["api"]
    for person in {(one["kind"], one["role"]): one for one in demo.said["people"]}.values():
        given = {"username": person["username"], "password": person["password"]}
        session = httpx.post(f"{api}/sessions", json=given, timeout=30)
        assert session.is_success, session.text
        me = httpx.get(f"{api}/me", headers=bearer(session.json()["token"]), timeout=30).json()
        assert (me["member"], me["roles"]) == (person["member"], [person["role"]])


def test_every_key_reads_over_taxii(demo: Running) -> None:
    from taxii2client.v21 import Server

    for key in demo.said["keys"]:
        server = Server(demo.said["taxii"], user="any", password=key["key"])
        everything = server.api_roots[0].collections[0]
        page = everything.get_objects(limit=20)
        assert len(page["objects"]) == 20, key


def test_a_key_submits_and_what_was_given_is_found(demo: Running) -> None:
    given = demo.key(member="cert-no", scopes=["read", "sight", "submit"])
    sent = httpx.post(
        f"{demo.said['api']}/objects?audience=community&default_marking=TLP:GREEN",
        content=orjson.dumps(indicator("203.0.113.77")),
        headers={**bearer(given["key"]), "Content-Type": "application/json"}, timeout=30,
    )  # fmt: skip
    assert sent.json()["counts"]["admitted"] == 1
    assert looked_up(demo, "203.0.113[.]77")


def test_what_everyone_may_know_is_found_by_its_words_at_once(demo: Running) -> None:
    key = demo.key(kind="company")
    found = httpx.get(f"{demo.said['api']}/search?q=phishing", headers=bearer(key["key"]), timeout=30)
    assert found.json()["results"]


def test_who_reads_is_counted_and_named_by_twenty_unless_all_are_asked_for(demo: Running) -> None:
    asking = [sys.executable, "-m", "shieldwall.cli.main", "audience", "community"]
    here = environment(demo.data) | {"SHIELDWALL_URL": demo.said["url"], "SHIELDWALL_KEY": demo.key(kind="cert")["key"]}
    few, every = (
        subprocess.run([*asking, *more], env=here, capture_output=True, text=True, check=True).stdout.splitlines()
        for more in ((), ("--all",))
    )
    assert re.match(r"community: 1,\d{3} members \([a-z]{2} \d+, ", few[0]) and every[0] == few[0]
    assert len(few) == 22 and few[1:21] == every[1:21]
    assert few[21] == f"and {len(every) - 21:,} more; --all names them"


def test_passwords_and_keys_lie_in_a_file_for_its_owner_alone(demo: Running) -> None:
    kept = demo.data / "demo.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert demo.said["keys"][0]["key"] in kept.read_text()


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = subprocess.run(
            [*COMMAND, "--port", port], env=environment(tmp_path / "data"), capture_output=True, text=True, timeout=60
        )
    assert told.returncode == 6 and port in told.stderr and "--port" in told.stderr
    assert not (tmp_path / "data").exists()


def test_stopped_it_leaves_no_process_and_started_again_it_is_the_same_demo_with_more(
    demo: Running, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "small.json").write_bytes(bundle(indicator("203.0.113.200")))
    (tmp_path / "corpus" / "package.json").write_text('{"name": "no bundle"}')
    stop(demo.process)
    assert demo.process.returncode == 0
    assert is_gone(demo.process.pid)
    shutil.copytree(demo.data, tmp_path / "data")
    began = time.monotonic()
    with running(tmp_path / "data", *SCALE, "--load", str(tmp_path / "corpus")) as again:
        assert time.monotonic() - began < 30
        unmoved = ("public_key", "people", "keys", "groups", "clients")
        assert [again.said[name] for name in unmoved] == [demo.said[name] for name in unmoved]
        assert looked_up(again, "203.0.113.200")
        assert looked_up(again, "203.0.113.77")
    assert is_gone(again.process.pid)


def looked_up(demo: Running, value: str) -> list[dict[str, Any]]:
    """The entries that a company outside every group finds for `value`."""
    key = demo.key(kind="company", groups=[])
    found = httpx.post(f"{demo.said['api']}/lookup", json={"values": [value]}, headers=bearer(key["key"]), timeout=30)
    return list(found.json()["results"][0]["entries"])


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
