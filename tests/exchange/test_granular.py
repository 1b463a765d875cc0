"""A part that travelled further follows its whole: its versions, its revocation, its withdrawal, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import orjson

from shieldwall import exchange
from shieldwall.exchange.rebuilding import projection_findings
from shieldwall.store import snapshot
from shieldwall.store.journal import journal_lines, journal_path, opened_journal
from tests.alliance import AMBER, GREEN, STRICT, Alliance, indicator, observable
from tests.exchange.doing import became, collection, ids, only, pages, read, rules, send, versions_of

UNREVOKED = "STIX 2.1 §3.6: revoking is permanent"


def whole(minute: int, *selectors: str, mark: str = AMBER, **more: object) -> dict[str, object]:
    """An indicator of Acme's whose description (or `selectors`) is only for those who may have `mark`."""
    parts = [{"marking_ref": mark, "selectors": list(selectors or ("description",))}]
    given = {"description": "Found by our own sensor", "granular_markings": parts} | more
    return indicator("198.51.100.7", GREEN, minute=minute, **given)


def plain(minute: int, **more: object) -> dict[str, object]:
    """The same object without anything that is marked apart."""
    return indicator("198.51.100.7", GREEN, minute=minute, **more)


ID = str(whole(0)["id"])


def part_of(alliance: Alliance, reader: str = "fjord") -> str:
    [stix_id] = {one["id"] for one in read(alliance.viewer(reader)) if one["type"] == "indicator"}
    assert stix_id != ID
    return str(stix_id)


def test_a_later_version_with_the_same_cut_is_a_later_version_of_the_same_part(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    send(acme, whole(1), to="community")
    part = part_of(alliance)
    assert became(send(acme, whole(2, confidence=50), to="community")) == ["admitted"] * 3
    assert [(one["id"], one["confidence"], one["modified"][14:16]) for one in read(fjord)] == [(part, 50, "02")]
    assert versions_of(fjord, part) == [f"2026-01-01T00:0{minute}:00.000Z" for minute in (1, 2)]
    [tie] = [one for one in read(acme) if one["type"] == "relationship"]
    assert (tie["created"], tie["modified"][14:16]) == (whole(0)["created"], "02")


def test_another_cut_of_the_same_whole_is_another_part(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, whole(1), to="community")
    send(acme, whole(1), whole(2, "description", "valid_from", valid_until="2027-01-01T00:00:00Z"), to="community")
    send(acme, whole(3, "description", "indicator_types", indicator_types=["benign"]), to="community")
    assert len(set(ids(alliance.viewer("fjord")))) == 2


def test_a_revocation_reaches_the_parts_in_whatever_way_it_is_sent(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    for number, (gone, to) in enumerate([
        (plain(5, revoked=True), ""), (plain(5, revoked=True), "community"), (plain(5, revoked=True), "member:stahl"),
        (whole(5, revoked=True), ""), (whole(5, revoked=True), "community"), (whole(5, revoked=True), "group:energy"),
        (whole(5, "name", revoked=True), "community"),
    ]):  # fmt: skip
        named = {"id": f"indicator--11111111-1111-4111-8111-{number:012}", "name": f"Relay {number}"}
        before = set(ids(fjord))
        send(acme, whole(1) | named, to="community")
        [part] = set(ids(fjord)) - before
        assert "refused" not in became(send(acme, gone | named, to=to)), (gone, to)
        [found] = exchange.get(fjord, part, door="api")
        body = orjson.loads(found.body)
        assert (found.revoked, body["modified"][14:16], body["name"]) == (True, "05", f"Relay {number}"), (gone, to)
        assert named["id"] not in str(body) and "description" not in body
        assert len(versions_of(fjord, part)) == 2


def test_a_revocation_reaches_the_parts_wherever_they_lie_and_each_place_once(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    for address in ("community", "group:energy", "member:stahl"):
        send(acme, whole(1, mark=STRICT), to=address)
    send(acme, whole(1, mark="marking-definition--11111111-1111-4111-8111-111111111111"), to="group:quiet")
    for _ in range(2):
        send(acme, plain(2, revoked=True), to="group:energy")
    for reader in ("fjord", "dansk", "stahl"):
        viewer = alliance.viewer(reader)
        assert all(one["revoked"] for one in read(viewer) if one["type"] == "indicator"), reader
        for page in pages(viewer, collection(viewer, "community")):
            assert [key.version[14:16] for key in page.keys] == ["02"]


def test_a_revocation_in_the_same_submission_reaches_the_part(alliance: Alliance) -> None:
    send(alliance.viewer("acme"), whole(1), to="community")
    send(alliance.viewer("acme"), whole(2, confidence=50), plain(3, revoked=True), to="community")
    found = [one for one in read(alliance.viewer("fjord")) if one["id"] != ID]
    assert [(one["revoked"], one["confidence"]) for one in found] == [(True, 50)]


def test_no_part_of_a_revoked_whole_stands_again(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    send(acme, plain(5, revoked=True), to="group:energy")
    for version in (whole(9), whole(1)):
        assert set(rules(send(acme, version, to="community"))) == {UNREVOKED}
    send(acme, plain(5, revoked=True))  # home knows of it now, so that an older version is its history there
    assert set(rules(send(acme, whole(1), to="community"))) <= {"", UNREVOKED}
    assert ids(fjord) == []


def test_where_the_whole_is_refused_so_are_its_parts(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    send(acme, plain(1))
    receipt = send(acme, whole(1), to="community")
    assert became(receipt) == ["refused"] * 3 and len(set(rules(receipt))) == 1
    assert ids(fjord) == []


def test_a_revocation_of_a_part_is_in_the_journal(alliance: Alliance, clock, tmp_path: Path) -> None:
    send(alliance.viewer("acme"), whole(1), to="community")
    part = part_of(alliance)
    send(alliance.viewer("acme"), plain(2, revoked=True))
    journal = opened_journal(journal_lines([journal_path(tmp_path / "data")]))
    revoked = [orjson.loads(one["body"])["id"] for one in journal.records if one["act"] == "revoked"]
    assert {ID, part} <= set(revoked)


def test_a_withdrawal_takes_the_parts_along(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    send(acme, whole(1), to="community")
    part = part_of(alliance)
    withdrawal = exchange.withdraw(acme, ID, None, "It names our sensor")
    assert ids(fjord) == ids(acme) == []
    assert {one.id for one in withdrawal.withdrawn} >= {ID, part}
    announced = exchange.withdrawals(fjord)
    assert [(one.id, one.reason) for one in announced] == [(part, "")]  # the reason was given to readers of the whole
    assert became(send(acme, whole(1), to="community")) == ["admitted"] * 3


def test_a_withdrawal_of_one_version_takes_that_version_of_the_parts(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    for minute in (1, 2, 3):
        send(acme, whole(minute), to="community")
    part = part_of(alliance)
    exchange.withdraw(acme, ID, "2026-01-01T00:02:00.000Z", "")
    assert [one[14:16] for one in versions_of(fjord, part)] == ["03"]  # the first is covered, as the whole's is
    assert [one[14:16] for one in versions_of(acme, ID)] == ["03"]


def test_who_had_a_part_is_among_those_to_whom_the_whole_was_sent(alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, whole(1, mark=STRICT), to="community")
    part = part_of(alliance, "dansk")
    exchange.get(dansk, part, door="api")
    named, others = exchange.told(acme, ID)
    assert (["dansk" in {one.member for one in named}], others) in (([True], 0), ([False], 5))
    assert exchange.told(acme, ID) == exchange.told(acme, ID, "2026-01-01T00:01:00.000Z")
    withdrawal = exchange.withdraw(acme, ID, None, "")
    assert (withdrawal.sent_to, withdrawal.others) == (named, others)


def test_a_part_of_an_observable_is_withdrawn_with_it(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    marked = observable("198.51.100.7", GREEN, defanged=False)
    marked["granular_markings"] = [{"marking_ref": AMBER, "selectors": ["defanged"]}]
    assert "refused" not in became(send(acme, marked, to="community"))
    [part] = ids(fjord)
    assert part != marked["id"]
    exchange.withdraw(acme, str(marked["id"]), None, "")
    assert ids(fjord) == []


def test_another_member_moves_nobodys_part(alliance: Alliance) -> None:
    acme, dansk, fjord = (alliance.viewer(one) for one in ("acme", "dansk", "fjord"))
    send(acme, whole(1), to="community")
    part = part_of(alliance)
    send(dansk, plain(1), to="group:energy")
    send(dansk, plain(2, revoked=True), to="group:energy")
    exchange.withdraw(dansk, ID, None, "")
    [found] = exchange.get(fjord, part, door="api")
    assert not found.revoked


def test_a_revocation_that_the_marking_of_a_part_keeps_from_its_readers_says_so(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, whole(1), to="community")
    later = whole(2, mark=STRICT) | {"object_marking_refs": [AMBER]}
    send(acme, later, to="group:energy")
    assert only(send(acme, plain(3, revoked=True))).outcome == "admitted"
    assert part_of(alliance)


def test_the_indexes_hold_after_parts_were_revoked_and_withdrawn(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, whole(1), to="community")
    send(acme, whole(2), to="community")
    send(acme, plain(3, revoked=True), to="group:energy")
    exchange.withdraw(acme, ID, "2026-01-01T00:02:00.000Z", "")
    with snapshot():
        assert list(projection_findings(lambda _: None)) == []
