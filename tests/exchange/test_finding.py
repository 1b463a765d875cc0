"""Finding: complete against a reference that knows everything, blind to what the reader may not read."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
from pathlib import Path

import msgspec
import pytest

from shieldwall import exchange, members
from shieldwall.errors import Absent, BadInput
from shieldwall.merkle import leaf_hash, open_note, parse_public_key, verify_consistency, verify_inclusion
from shieldwall.policy import Viewer
from tests.alliance import AMBER, GREEN, MEMBERS, Alliance, indicator, observable
from tests.conftest import close_connections, serve_fresh
from tests.exchange.doing import collection, read, send
from tests.node import NOON, Clock, Entropy

ADDRESSES = ("community", "group:energy", "group:quiet", "nation:no", "member:stahl", "")
WORDS = ("sandworm", "turbine", "relay", "phishing")


def fill(alliance: Alliance, rounds: int = 40) -> None:
    """Indicators and observables on few addresses, with versions, revocations and withdrawals."""
    chance = random.Random(7)
    for turn in range(rounds):
        viewer = alliance.viewer(chance.choice(("acme", "dansk", "fjord")))
        to = chance.choice(ADDRESSES)
        if to.startswith("group:") and f"{to}#1" not in viewer.tokens:
            to = "community"
        number, minute = chance.randrange(5), chance.randrange(6)
        told = f"{chance.choice(WORDS)} and {chance.choice(WORDS)} {number}"
        made = indicator(f"198.51.100.{number}", GREEN, minute=minute, description=told, revoked=minute == 5)
        receipt = send(viewer, made, observable(f"198.51.100.{number}", GREEN, x_note=told), to=to)
        if turn % 9 == 8 and receipt.outcomes[0].outcome == "admitted":
            exchange.withdraw(viewer, made["id"], None, "")
    while exchange.follow_words():
        pass


def test_lookup_and_search_find_what_pages_show_and_nothing_else(alliance: Alliance) -> None:
    """Everything a reader's own pages hold of a value or a word is found, each in every collection where it stands."""
    fill(alliance)
    for member in MEMBERS:
        viewer = alliance.viewer(member)
        shown = {one["id"]: one for one in read(viewer)}
        values = [f"198[.]51[.]100[.]{number}" for number in range(6)]
        for number, answer in enumerate(exchange.lookup(viewer, values)):
            expected = {stix_id for stix_id, one in shown.items() if f"198.51.100.{number}" in str(one)}
            assert {hit.id for hit in answer.entries} == expected, (member, number)
            assert (answer.type, answer.normal) == ("ipv4", f"198.51.100.{number}")
            assert answer.total == len(answer.entries)
            assert [hit.added for hit in answer.entries] == sorted((hit.added for hit in answer.entries), reverse=True)
        for word in WORDS:
            expected = {stix_id for stix_id, one in shown.items() if word in str(one.get("description", ""))}
            assert {one.id for one in exchange.search(viewer, word, limit=100)} >= expected, (member, word)


def test_found_versions_are_those_the_reader_would_get(alliance: Alliance) -> None:
    fill(alliance)
    for member in MEMBERS:
        viewer = alliance.viewer(member)
        for answer in exchange.lookup(viewer, [f"198.51.100.{number}" for number in range(5)]):
            for hit in answer.entries:
                got = exchange.get(viewer, hit.id, door="api")
                if not hit.id.startswith("ipv4-addr"):  # each statement about an observable is shown where it lies
                    assert (hit.owner, hit.version) in {(one.owner, one.version) for one in got}


def test_the_newest_hundred_of_many_hits_are_shown(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    many = [indicator("198.51.100.7", GREEN, name=f"n {number}") for number in range(130)]
    send(acme, *many[:120], to="group:energy")
    send(acme, *many[120:], to="community")  # few numbers, but the newest
    [answer] = exchange.lookup(alliance.viewer("dansk"), ["198.51.100.7"])
    assert (answer.total, len(answer.entries)) == (130, 100)
    assert {hit.id for hit in answer.entries} == {one["id"] for one in many[30:]}
    assert [hit.id for hit in answer.entries[:10]] == [one["id"] for one in reversed(many[120:])]


def test_search_ranks_by_terms_matched_then_by_recency_and_shows_each_once(alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    texts = ("relay", "relay turbine", "relay turbine sandworm", "turbine relay")
    for number, text in enumerate(texts):
        given = indicator(f"198.51.100.{number}", GREEN, name=f"No {number}", description=text)
        send(acme, given, to="community")
        send(acme, given, to="group:energy")
    exchange.follow_words()
    found = exchange.search(dansk, "relay turbine sandworm")
    assert [(one.name, one.matched) for one in found] == [("No 2", 3), ("No 3", 2), ("No 1", 2), ("No 0", 1)]
    assert exchange.search(dansk, "relay turbine sandworm") == found
    assert next(one.name for one in exchange.search(dansk, "relay 198.51.100.1")) == "No 1"
    assert len(exchange.search(dansk, "relay", limit=2)) == 2
    for nothing in ("", "a", "!?"):
        with pytest.raises(BadInput):
            exchange.search(dansk, nothing)


def test_what_is_no_value_is_answered_as_such_in_its_place(alliance: Alliance) -> None:
    viewer = alliance.viewer("acme")
    send(viewer, observable("198.51.100.7", GREEN))
    answers = exchange.lookup(viewer, ["nothing at all", "198.51.100.7", "203.0.113.9"])
    assert [(one.type, one.total) for one in answers] == [("", 0), ("ipv4", 1), ("ipv4", 0)]
    with pytest.raises(BadInput):
        exchange.lookup(viewer, ["198.51.100.7"] * 100_001)


def test_hidden_twins_change_no_byte_of_any_answer(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Two worlds that differ only in what Stahl may not read, ids, values and words the same."""
    answers = []
    for number, hides in enumerate((False, True)):
        clock = Clock()
        serve_fresh(engine, request, tmp_path / f"world{number}", clock=clock, entropy=Entropy())
        if hides:
            shutil.copytree(tmp_path / "world0" / "keys", tmp_path / "world1" / "keys", dirs_exist_ok=True)
        alliance = Alliance(clock)
        stahl, *_ = (alliance.viewer(member) for member in ("stahl", "acme", "dansk"))
        given = [indicator(f"198.51.100.{n}", GREEN, description="relay of sandworm") for n in range(3)]
        for step, one in enumerate(given):
            if hides:
                for member, to in (("acme", "group:quiet"), ("dansk", "group:energy"), ("acme", "")):
                    send(alliance.viewer(member), one | {"modified": f"2026-02-0{step + 1}T00:00:00.000Z"}, to=to)
                    send(alliance.viewer(member), observable(f"198.51.100.{step}", AMBER), to=to or "member:dansk")
            clock.moment = NOON + 1_000_000 * (step + 1)
            send(alliance.viewer("acme"), one, to="community")
        if hides:
            exchange.withdraw(alliance.viewer("dansk"), given[0]["id"], None, "")
        exchange.follow_words()
        clock.moment = NOON + 60_000_000
        answers.append(everything(stahl, [str(one["id"]) for one in given]))
        close_connections()
    assert answers[0] == answers[1]


def everything(viewer: Viewer, known: list[str]) -> list[bytes]:
    where = collection(viewer, "community")
    page = exchange.page(viewer, exchange.collections(viewer)[0].id, door="api", limit=2)
    said: list[object] = [
        exchange.collections(viewer), (page.bodies, page.next, page.first, page.last),
        exchange.lookup(viewer, [f"198.51.100.{n}" for n in range(4)]), exchange.search(viewer, "relay sandworm"),
        *(exchange.versions(viewer, one, door="api") for one in known), exchange.withdrawals(viewer),
        *(exchange.explain(viewer, one) for one in known), exchange.checkpoint(viewer, where),
        exchange.prove(viewer, where, 1, door="api"), exchange.consistency(viewer, where, 1, 3),
        exchange.preview(viewer, "community"),
    ]  # fmt: skip
    texts = [msgspec.json.encode(one) for one in said]
    return [one.replace(b'"position":', b"") if b"position" not in one else without_positions(one) for one in texts]


def without_positions(text: bytes) -> bytes:
    """Internal numbers never leave a door."""
    found = msgspec.json.decode(text)
    return msgspec.json.encode([{name: one for name, one in entry.items() if name != "position"} for entry in found])


def test_explaining_says_what_was_decided(alliance: Alliance) -> None:
    fill(alliance, 12)
    kari = alliance.person("acme", "kari")
    acme = alliance.viewer("acme")
    for number, member in itertools.product(range(5), MEMBERS):
        stix_id = str(indicator(f"198.51.100.{number}")["id"])
        viewer = alliance.viewer(member)
        try:
            readable = {one.owner for one in exchange.versions(viewer, stix_id, door="api")}
        except Absent:
            readable = set()
        try:
            said = exchange.explain(viewer, stix_id)
            assert said.readable == bool(readable)
            assert said.because
        except Absent:
            assert not readable
    send(acme, indicator("203.0.113.1", GREEN), to="group:energy")
    stix_id = str(indicator("203.0.113.1")["id"])
    for member in MEMBERS:
        said = exchange.explain(acme, stix_id, f"member:{member}")
        assert said.readable == (member in ("acme", "dansk", "no-cert"))
        assert any("group:energy" in line for line in said.because)
    assert exchange.explain(acme, stix_id, "person:kari").readable
    assert exchange.explain(alliance.viewer("dansk"), stix_id).readable
    assert kari.member == "acme"


def test_only_the_owner_asks_about_others_and_not_about_who_is_in_an_unnamed_group(alliance: Alliance) -> None:
    send(alliance.viewer("acme"), indicator("203.0.113.1", GREEN), to="group:energy")
    send(alliance.viewer("fjord"), indicator("203.0.113.2", GREEN), to="group:quiet")
    first, second = (str(indicator(f"203.0.113.{n}")["id"]) for n in (1, 2))
    with pytest.raises(Absent):
        exchange.explain(alliance.viewer("dansk"), first, "member:fjord")
    with pytest.raises(Absent):
        exchange.explain(alliance.viewer("stahl"), first)
    for member in ("acme", "dansk"):
        with pytest.raises(Absent):
            exchange.explain(alliance.viewer("fjord"), second, f"member:{member}")
    assert exchange.explain(alliance.viewer("fjord"), second).readable


def test_where_others_passed_it_on_its_owner_is_not_told(alliance: Alliance) -> None:
    who = "identity--11111111-1111-4111-8111-111111111111"
    members.bind_identity(alliance.hub, "dansk", who)
    members.confirm_identity(alliance.hub, "dansk", who)
    given = indicator("203.0.113.1", GREEN, created_by_ref=who)
    send(alliance.viewer("dansk"), given, to="group:energy")
    send(alliance.viewer("acme"), given, to="group:quiet")
    said = exchange.explain(alliance.viewer("dansk"), str(given["id"]))
    assert not any("quiet" in line for line in said.because)


def test_a_title_is_made_of_names_whatever_the_names_hold(alliance: Alliance) -> None:
    members.create_member(alliance.hub, "att", "AT&T community | group:energy", kind="company", nation="no")
    viewer = alliance.viewer("acme")
    send(viewer, indicator("203.0.113.1", GREEN), to="member:att|member:acme|community&nation:no")
    send(viewer, indicator("203.0.113.1", GREEN), to="(member:att|member:acme)&community&!nation:dk")
    titles = [one.title for one in exchange.collections(viewer)]
    assert "(Acme or AT&T community | group:energy) and all members and all but Denmark" in titles


def test_proofs_verify_with_the_public_key_alone(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    for number in range(5):
        send(acme, *(indicator(f"198.51.{number}.{n}", GREEN) for n in range(number + 1)), to="community")
    key = parse_public_key(exchange.public_key())
    reader = alliance.viewer("stahl")
    where = collection(reader, "community")
    newest = open_note(exchange.checkpoint(reader, where), key)
    assert (newest.size, newest.origin) == (15, where)
    for size, number in ((15, 1), (15, 15), (10, 7), (1, 1)):
        proof = exchange.prove(reader, where, number, size, door="api")
        said = open_note(proof.checkpoint, key)
        assert proof.leaf == leaf_hash(proof.salt, proof.header, proof.body)
        assert verify_inclusion(proof.leaf, number - 1, size, list(proof.path), said.root)
        path = exchange.consistency(reader, where, size, 15)
        assert verify_consistency(size, said.root, 15, newest.root, list(path))
    for number, size in ((16, None), (0, None), (11, 10), (1, 2), (1, 16)):
        with pytest.raises(Absent):
            exchange.prove(reader, where, number, size, door="api")
    for old, new in ((0, 5), (6, 5), (1, 16)):
        with pytest.raises(BadInput):
            exchange.consistency(reader, where, old, new)
    home = collection(acme, "community").replace(where, "00000000-0000-4000-8000-000000000000")
    for ask in (exchange.checkpoint, exchange.collection):
        assert_absent(ask, reader, home)


def assert_absent(ask, viewer, where: str) -> None:
    with contextlib.suppress(Absent):
        assert ask(viewer, where) is None
