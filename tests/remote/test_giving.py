"""Journeys of those who give: submit, rehearse, hold, withdraw, and go on after a kill."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.alliance import AMBER, GREEN, bundle, envelope, indicator
from tests.remote.conftest import Desktop, Site

Desk = Callable[[str], Desktop]
FOR_DANSK = "member:acme|member:dansk"


def test_what_is_submitted_is_looked_up_by_its_readers_and_by_nobody_else(desktop: Desk) -> None:
    acme, dansk, fjord = desktop("acme"), desktop("dansk"), desktop("fjord")
    (acme.home / "one.json").write_bytes(bundle(indicator("192.0.2.1", AMBER)))
    given = acme.run("submit", "one.json", "--audience", FOR_DANSK)
    assert "admitted\t1" in given.out
    assert "Dansk" in given.out, "the address comes back as names"
    assert "\t1\tindicator--" in dansk.run("lookup", "192[.]0[.]2[.]1").out
    assert "\t0\t-" in fjord.run("lookup", "192[.]0[.]2[.]1").out


def test_nothing_leaves_the_organisation_without_an_address(site: Site, acme: Desktop) -> None:
    acme.run("submit", "-", stdin=envelope(indicator("192.0.2.2", GREEN)))
    assert (site.total("dansk", "192.0.2.2"), site.total("acme", "192.0.2.2")) == (0, 1)


def test_unmarked_objects_stay_home_and_the_command_that_mends_it_is_shown(acme: Desktop) -> None:
    given = acme.run("submit", "--audience", FOR_DANSK, stdin=envelope(indicator("192.0.2.3")))
    assert "shieldwall submit" in given.out and "--default-marking" in given.out
    mended = acme.run(
        "submit", "--audience", FOR_DANSK, "--default-marking", "TLP:AMBER", "--json",
        stdin=envelope(indicator("192.0.2.3")),
    )  # fmt: skip
    assert mended.json["unmarked_at_home"] == 0 and mended.json["counts"]["admitted"] == 1


def test_a_bad_object_is_named_with_its_rule_and_the_others_go_in(acme: Desktop) -> None:
    bad = indicator("192.0.2.4", AMBER) | {"pattern": "[ipv4-addr:value = "}
    (acme.home / "mixed.json").write_bytes(bundle(bad, indicator("192.0.2.5", AMBER)))
    given = acme.run("submit", "mixed.json", "--audience", FOR_DANSK, code=1)
    assert "admitted\t1" in given.out and "refused\t1" in given.out
    assert re.search(r"refused: mixed\.json indicator--\S+ \$\.pattern.*\[.+\]", given.out)


def test_a_folder_is_sent_whole_and_what_is_no_json_in_it_is_told(acme: Desktop) -> None:
    folder = acme.home / "feed" / "deeper"
    folder.mkdir(parents=True)
    for last in range(20):
        (folder / f"{last:02}.json").write_bytes(orjson.dumps(indicator(f"192.0.2.{20 + last}", AMBER)))
    (folder / "lines.ndjson").write_bytes(b"\n".join(orjson.dumps(indicator(f"192.0.2.{n}", AMBER)) for n in (50, 51)))
    (folder / "notes.txt").write_text("not STIX, by its name")
    (folder / "torn.json").write_text('{"objects": [')
    given = acme.run("submit", "feed", "--audience", FOR_DANSK, "--json", code=1)
    assert given.json["counts"] == {"admitted": 22, "present": 0, "refused": 1, "held": 0}
    assert len(given.json["submissions"]) == 1, "small files go together in one request"
    assert given.json["refused"][0]["source"].endswith("torn.json")
    again = acme.run("submit", "feed", "--audience", FOR_DANSK, "--json", code=1)
    assert again.json["counts"]["present"] == 22, "a later run tells what is there, not what once was admitted"


def test_what_a_folder_holds_besides_stix_is_counted(acme: Desktop) -> None:
    folder = acme.home / "mixed"
    folder.mkdir()
    (folder / "one.json").write_bytes(orjson.dumps(indicator("192.0.2.90", AMBER)))
    for name in ("notes.txt", "scan.pdf", ".hidden"):
        (folder / name).write_text("no STIX, by its name")
    assert "left alone, by their names: 2 files" in acme.run("submit", "mixed").err


def test_nothing_to_send_is_said(acme: Desktop) -> None:
    assert acme.run("submit", "--audience", FOR_DANSK).out == "there was nothing to send: no object in it\n"


def test_no_reader_is_named_of_what_was_refused(acme: Desktop) -> None:
    given = acme.run("submit", "--audience", "community", stdin=envelope(indicator("192.0.2.91", AMBER)), code=1)
    assert "tlp-ceiling" in given.out and "addressed" not in given.out


@pytest.mark.parametrize("sent", [b"%PDF-1.7", b"{torn", b"value,type"])
def test_what_is_no_json_is_told_what_is_wanted(acme: Desktop, sent: bytes) -> None:
    told = acme.run("submit", "--audience", FOR_DANSK, stdin=sent, code=3)
    assert "stdin" in told.err and "send STIX 2.1 as JSON" in told.err


def test_one_file_that_is_no_json_is_bad_input(acme: Desktop) -> None:
    (acme.home / "torn.json").write_text('{"objects": [')
    told = acme.run("submit", "torn.json", code=3)
    assert "torn.json" in told.err and told.err.count("\n") == 1


def test_a_rehearsal_judges_and_names_the_readers_but_sends_nothing(site: Site, acme: Desktop) -> None:
    sent = envelope(
        indicator("192.0.2.60", AMBER), indicator("192.0.2.61"), indicator("192.0.2.62", spec_version="2.0")
    )
    said = acme.run("submit", "--audience", FOR_DANSK, "--dry-run", "--json", stdin=sent, code=1).json
    assert (said["sound"], said["unmarked"], len(said["refused"])) == (2, 1, 1)
    assert {one["name"] for one in said["audience"]["members"]} == {"Acme", "Dansk"}
    assert site.total("acme", "192.0.2.60") == 0


def test_what_is_held_is_sent_now_or_taken_back_unread(site: Site, acme: Desktop) -> None:
    held = [
        acme.run("submit", "--audience", FOR_DANSK, "--hold", "1h", "--json", stdin=envelope(indicator(ip, AMBER))).json
        for ip in ("192.0.2.70", "192.0.2.71")
    ]
    assert all(one["counts"]["held"] == 1 for one in held)
    first, second = (one["held"][0] for one in held)
    assert "held, goes out" in acme.run("status", first).out
    acme.run("send-now", first)
    acme.run("take-back", second)
    assert "was taken back" in acme.run("take-back", second, code=6).err
    assert "nothing went out" in acme.run("send-now", second, code=6).err
    assert "has gone out" in acme.run("take-back", first, code=6).err
    assert [site.total("dansk", value) for value in ("192.0.2.70", "192.0.2.71")] == [1, 0]


def test_a_withdrawal_shows_who_had_it_and_must_be_confirmed(site: Site, desktop: Desk) -> None:
    acme, dansk = desktop("acme"), desktop("dansk")
    made = indicator("192.0.2.80", AMBER)
    site.give("acme", FOR_DANSK, made)
    site.ask("dansk", "GET", f"/objects/{made['id']}")
    asked = acme.run("withdraw", made["id"], "--reason", "sent by mistake", code=4)
    assert "dansk" in asked.out and "revoke" in asked.out and "--yes" in asked.err
    done = acme.run("withdraw", made["id"], "--reason", "sent by mistake", "--yes", "--json").json
    assert len(done["withdrawn"]) == 1
    assert {one["member"] for one in done["sent_to"]} >= {"dansk"}
    assert "sent by mistake" in dansk.run("withdrawals").out
    assert site.total("dansk", "192.0.2.80") == 0
    acme.run("withdraw", made["id"], "--reason", "again", "--yes", code=5)


def large(path: Path, count: int) -> None:
    """A bundle of `count` indicators of 200 KB each: forty to a request."""
    text = "long words " * 18_000
    path.write_bytes(bundle(*(indicator(f"203.0.113.{n}", AMBER, description=text) for n in range(count))))


def state_of(home: Path) -> dict[str, object] | None:
    files = [one for one in (home / "cache").rglob("*.json") if not one.name.startswith(".")]
    return json.loads(files[0].read_bytes()) if files else None


def test_a_run_killed_in_the_middle_goes_on_and_sends_nothing_twice(site: Site, acme: Desktop) -> None:
    large(acme.home / "large.json", 130)
    arguments = ("submit", "large.json", "--audience", "member:acme|member:centre", "--json")
    running = acme.start(*arguments)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (state := state_of(acme.home) or {}).get("done"):
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    answered = len(state["done"])
    assert 1 <= answered < 4, "it was killed between the first request and the last"
    resumed = acme.run(*arguments)
    assert "going on" in resumed.err
    assert resumed.json["counts"]["admitted"] == 130, "what was in flight is admitted once, under its key"
    assert len(resumed.json["submissions"]) == len(set(resumed.json["submissions"])) == 4
    listed = site.ask("acme", "GET", "/collections")["collections"]
    assert [one["size"] for one in listed if "member:centre" in one["audience"]] == [130]
    assert state_of(acme.home) is None, "a run that ended leaves no state"


def test_two_runs_of_the_same_submission_do_not_meet(acme: Desktop) -> None:
    (acme.home / "state.json.lock").touch()
    blocked = acme.start("submit", "-", "--state", "state.json")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (acme.home / "state.json").exists():
        time.sleep(0.01)
    told = acme.run("submit", "-", "--state", "state.json", stdin=envelope(), code=6)
    assert "already sending this" in told.err
    blocked.communicate(envelope(indicator("192.0.2.90", AMBER)), timeout=30)
    assert blocked.returncode == 0


def test_the_key_is_never_shown(site: Site, acme: Desktop) -> None:
    secret = site.keys["acme"]
    for ran in (
        acme.run("whoami"),
        acme.run("submit", "missing.json", code=3),
        acme.run("whoami", SHIELDWALL_URL="http://127.0.0.1:9", code=9),
        acme.run("whoami", SHIELDWALL_KEY=f"{secret}x", code=7),
    ):
        assert secret not in ran.out + ran.err
