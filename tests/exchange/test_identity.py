"""Whose an object is, what is the same, what contradicts, and what may be passed on."""

from __future__ import annotations

import itertools
from pathlib import Path

import orjson
import pytest

from shieldwall import exchange, members
from shieldwall.errors import Absent, Conflict
from shieldwall.exchange.receipts import encode_receipt
from tests.alliance import AMBER, GREEN, STRICT, Alliance, bundle, indicator, observable, stix_id
from tests.conftest import close_connections, serve_fresh
from tests.exchange.doing import became, collection, ids, only, places, read, rules, send, versions_of
from tests.node import NOON, Clock, Entropy

ACME = "identity--11111111-1111-4111-8111-111111111111"
HOUR = 3_600_000_000


@pytest.fixture
def bound(alliance: Alliance) -> Alliance:
    """Acme owns what carries its identity."""
    return bind(alliance)


def bind(alliance: Alliance) -> Alliance:
    members.bind_identity(alliance.hub, "acme", ACME)
    members.confirm_identity(alliance.hub, "acme", ACME)
    return alliance


def acmes(value: str = "198.51.100.7", *marks: str, **more: object) -> dict[str, object]:
    return indicator(value, *(marks or (GREEN,)), created_by_ref=ACME, **more)


def test_the_same_again_is_present_and_other_content_of_a_version_a_conflict(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    given = indicator("198.51.100.7", GREEN)
    first = only(send(acme, given, to="community"))
    again = only(send(acme, dict(reversed(given.items())), to="community"))
    assert (again.outcome, again.collection, again.number) == ("present", first.collection, first.number)
    changed = only(send(acme, given | {"name": "Other"}, to="community"))
    assert (changed.outcome, changed.error.rule[:8]) == ("refused", "STIX 2.1")
    assert changed.error.remedy
    assert became(send(acme, given | {"name": "Other"}, to="group:energy")) == ["admitted"]


def test_versions_come_in_any_order_and_the_newest_stands(alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    for minute in (3, 1, 2):
        assert became(send(acme, indicator("198.51.100.7", GREEN, minute=minute), to="community")) == ["admitted"]
    assert [one["modified"][14:16] for one in read(dansk)] == ["03"]
    assert [one[14:16] for one in versions_of(dansk, indicator("198.51.100.7")["id"])] == ["03", "01", "02"]
    assert exchange.lookup(dansk, ["198.51.100.7"])[0].total == 1


def test_one_submission_may_hold_versions_twins_and_conflicts(alliance: Alliance) -> None:
    """And references that come before what they refer to."""
    acme = alliance.viewer("acme")
    one, two = (indicator("198.51.100.7", GREEN, minute=minute) for minute in (1, 2))
    link = relationship(one["id"], indicator("198.51.100.9")["id"])
    receipt = send(acme, link, two, one, two, two | {"name": "Other"}, observable("198.51.100.7", GREEN),
                   observable("198.51.100.7", GREEN), indicator("198.51.100.9", GREEN), to="community")  # fmt: skip
    assert became(receipt) == [
        "admitted",
        "admitted",
        "admitted",
        "present",
        "refused",
        "admitted",
        "present",
        "admitted",
    ]
    numbers = [outcome.number for outcome in receipt.outcomes]
    assert numbers == [1, 2, 3, 2, None, 4, 4, 5]
    assert receipt.counts == {"admitted": 5, "present": 2, "refused": 1, "held": 0, "total": 8}
    assert not any(outcome.warnings for outcome in receipt.outcomes)


def relationship(source: str, target: str, *marks: str, **more: object) -> dict[str, object]:
    return {
        "type": "relationship", "spec_version": "2.1", "id": stix_id("relationship", source + target),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "relationship_type": "related-to",
        "source_ref": source, "target_ref": target, "object_marking_refs": list(marks or (GREEN,)),
    } | more  # fmt: skip


def test_observables_are_never_in_conflict(alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    plain, told = observable("198.51.100.7", GREEN), observable("198.51.100.7", GREEN, x_seen="by us")
    assert became(send(acme, plain, told, to="community")) == ["admitted", "admitted"]
    assert became(send(dansk, plain, to="community")) == ["admitted"]
    assert became(send(acme, told, to="community")) == ["present"]
    assert len(exchange.get(alliance.viewer("fjord"), plain["id"], door="api")) == 3


def test_one_bad_object_stops_no_other(alliance: Alliance) -> None:
    bad = [
        indicator("198.51.100.1") | {"pattern": "[nonsense"},
        {"type": "indicator"},
        indicator("198.51.100.2") | {"modified": 7},
    ]
    raw = b'{"objects":[' + b",".join([*map(orjson.dumps, bad), b'{"type":"x","type":"y"}', b"[1]",
                                        orjson.dumps(indicator("198.51.100.3", GREEN))]) + b"]}"  # fmt: skip
    receipt = exchange.admit(alliance.viewer("acme"), raw, audience="community")
    assert became(receipt) == ["refused"] * 5 + ["admitted"]
    assert all(outcome.error.rule and outcome.error.message for outcome in receipt.outcomes[:5])
    assert receipt.outcomes[0].id == bad[0]["id"]
    assert ids(alliance.viewer("dansk")) == [indicator("198.51.100.3")["id"]]


def test_a_version_from_the_future_is_refused(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    now = alliance.clock.moment
    for ahead, outcome in ((4 * 60, "admitted"), (6 * 60, "refused")):
        moment = exchange.timestamp(now + ahead * 1_000_000)
        given = indicator(f"198.51.100.{ahead // 60}", GREEN, created=moment, modified=moment)
        assert only(send(acme, given, to="community")).outcome == outcome


@pytest.mark.parametrize("engine", ["sqlite"])
def test_hidden_twins_change_no_byte_of_a_receipt(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> None:
    """Same ids, versions, contents, values: whether others hold them where one may not read, nobody can feel."""
    answers = []
    for hidden in ((), ("", "group:quiet", "nation:no")):
        clock = Clock()
        serve_fresh(engine, request, tmp_path / f"{len(hidden)}", clock=clock, entropy=Entropy())
        world = bind(Alliance(clock))
        dansk, acme = world.viewer("dansk"), world.viewer("acme")
        sent = [acmes("198.51.100.1"), indicator("198.51.100.2", GREEN), observable("198.51.100.3", GREEN),
                indicator("198.51.100.4", GREEN), acmes("198.51.100.5", minute=2)]  # fmt: skip
        link = relationship(sent[1]["id"], sent[3]["id"])
        for address in hidden:
            send(acme, *sent, link, sent[3] | {"modified": "2026-01-01T00:09:00.000Z", "revoked": True}, to=address)
            send(world.viewer("fjord"), sent[1] | {"description": "other"}, sent[2], to=address)
        clock.moment = NOON + HOUR
        receipts = [
            send(dansk, *sent, link, to="community"),
            send(dansk, sent[1] | {"description": "b"}, to="community"),
        ]
        answers.append([encode_receipt(one) for one in receipts])
        close_connections()
    assert answers[0] == answers[1]


def test_nobody_squats_an_id(alliance: Alliance) -> None:
    """Whoever uses an id first elsewhere, or beside it, keeps its owner from nothing."""
    fjord, acme, dansk = (alliance.viewer(one) for one in ("fjord", "acme", "dansk"))
    squat = indicator("198.51.100.7", GREEN, minute=59, revoked=True) | {"name": "Mine"}
    for address in ("", "community"):
        send(fjord, squat, to=address)
    for minute in (0, 1):
        assert became(send(acme, indicator("198.51.100.7", GREEN, minute=minute), to="community")) == ["admitted"]
    found = exchange.get(dansk, squat["id"], door="api")
    assert {(one.owner, one.version[14:16], one.revoked) for one in found} == {
        ("fjord", "59", True),
        ("acme", "01", False),
    }
    assert {one["modified"][14:16] for one in read(dansk)} == {"59", "01"}


def test_a_foreign_object_is_its_submitters_statement(alliance: Alliance) -> None:
    acme, dansk, fjord = (alliance.viewer(one) for one in ("acme", "dansk", "fjord"))
    mitre = indicator("198.51.100.7", GREEN, created_by_ref="identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5")
    send(acme, mitre, to="group:energy")
    send(fjord, mitre | {"modified": "2026-02-01T00:00:00.000Z", "name": "Forged", "revoked": True}, to="community")
    assert [one["name"] for one in read(dansk) if not one.get("revoked")] == [mitre["name"]]
    assert {one.owner for one in exchange.get(dansk, mitre["id"], door="api")} == {"acme", "fjord"}


def test_what_carries_anothers_identity_is_passed_on_byte_for_byte_or_refused(bound: Alliance) -> None:
    dansk, acme = bound.viewer("dansk"), bound.viewer("acme")
    assert rules(send(dansk, acmes(), to="community")) == ["STIX 2.1 §3.6: only the object creator makes versions"]
    raw = orjson.dumps(acmes(), option=orjson.OPT_INDENT_2)
    exchange.admit(acme, raw, audience="group:energy")
    assert became(send(dansk, acmes(), to="community")) == ["admitted"]
    assert became(send(dansk, acmes(minute=5), to="community")) == ["refused"]
    assert became(send(dansk, acmes() | {"name": "Forged"}, to="community")) == ["refused"]
    [found] = exchange.get(bound.viewer("fjord"), acmes()["id"], door="api")
    assert (found.body, found.owner, found.submitter) == (raw, "acme", "dansk")


def test_a_claim_that_the_hub_has_not_confirmed_binds_nothing(alliance: Alliance) -> None:
    members.bind_identity(alliance.hub, "acme", ACME)
    assert became(send(alliance.viewer("dansk"), acmes(), to="community")) == ["admitted"]
    assert exchange.get(alliance.viewer("fjord"), acmes()["id"], door="api")[0].owner == "dansk"


def test_amber_is_passed_on_to_clients_alone_and_strict_to_nobody(bound: Alliance) -> None:
    members.join_group(bound.hub, "energy", ["stahl"])
    acme, stahl = bound.viewer("acme"), bound.viewer("stahl")
    send(
        acme,
        acmes("198.51.100.1", AMBER),
        acmes("198.51.100.2", STRICT),
        acmes("198.51.100.3", GREEN),
        to="group:energy",
    )
    amber, strict, green = (acmes(f"198.51.100.{n}", mark) for n, mark in ((1, AMBER), (2, STRICT), (3, GREEN)))
    assert rules(send(stahl, amber, strict, to="member:kunde")) == ["", "tlp-onward"]
    assert rules(send(stahl, amber, to="nation:de")) == rules(send(stahl, amber, to="member:dansk")) == ["tlp-onward"]
    assert rules(send(stahl, amber, strict)) == ["", ""]  # within its own organisation
    assert rules(send(stahl, green, to="community")) == [""]
    assert set(ids(bound.viewer("kunde"))) == {amber["id"], green["id"]}
    assert rules(send(bound.viewer("dansk"), amber, to="member:kunde")) == ["tlp-onward"]


def test_what_was_withdrawn_is_passed_on_no_more(bound: Alliance) -> None:
    dansk = bound.viewer("dansk")
    send(bound.viewer("acme"), acmes(), to="group:energy")
    exchange.withdraw(bound.viewer("acme"), acmes()["id"], None, "")
    assert became(send(dansk, acmes(), to="community")) == ["refused"]


def test_of_a_revoked_object_only_the_revocation_is_passed_on(bound: Alliance) -> None:
    acme, dansk = bound.viewer("acme"), bound.viewer("dansk")
    gone = acmes(minute=1, revoked=True)
    send(acme, acmes(), to="group:energy")
    send(acme, gone, to="group:energy")
    assert became(send(dansk, acmes(), gone, to="community")) == ["refused", "admitted"]


def test_what_the_audience_will_not_see_of_a_relationship_is_told_to_who_sees_it(alliance: Alliance) -> None:
    acme, fjord = alliance.viewer("acme"), alliance.viewer("fjord")
    hidden, shown, unmarked = (
        indicator("198.51.100.1", AMBER),
        indicator("198.51.100.2", GREEN),
        indicator("198.51.100.3"),
    )
    send(acme, hidden, to="group:energy")
    send(acme, shown, to="community")
    link = relationship(hidden["id"], shown["id"])
    [warning] = only(send(acme, link, to="community")).warnings
    assert hidden["id"] in warning and shown["id"] not in warning
    for address in ("group:energy", "group:energy&nation:no", ""):
        assert only(send(acme, link, to=address)).warnings == ()
    assert only(send(fjord, link | {"id": stix_id("relationship", "fjord")}, to="community")).warnings == ()
    together = send(acme, relationship(unmarked["id"], shown["id"]), unmarked, to="community")
    assert unmarked["id"] in together.outcomes[0].warnings[0]


def test_ends_that_lie_where_the_submitter_cannot_read_are_no_warning(alliance: Alliance) -> None:
    """The receipt is the same as for ends that do not exist."""
    send(alliance.viewer("acme"), indicator("198.51.100.1", GREEN), to="group:quiet")
    stahl = alliance.viewer("stahl")
    there = only(
        send(stahl, relationship(indicator("198.51.100.1")["id"], indicator("198.51.100.9")["id"]), to="community")
    )
    assert there.warnings == ()


def test_an_idempotency_key_returns_the_first_receipt(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    given = bundle(indicator("198.51.100.7", GREEN))
    first = exchange.admit(acme, given, audience="community", idempotency="once")
    assert exchange.admit(acme, given, audience="community", idempotency="once") == first
    assert exchange.admit(alliance.viewer("dansk"), given, audience="community", idempotency="once").id != first.id
    with pytest.raises(Conflict):
        exchange.admit(acme, given, audience="group:energy", idempotency="once")
    with pytest.raises(Conflict):
        exchange.admit(acme, bundle(indicator("198.51.100.8", GREEN)), audience="community", idempotency="once")
    assert exchange.submission(acme, first.id) == first
    with pytest.raises(Absent):
        exchange.submission(alliance.viewer("dansk"), first.id)


def test_where_rights_end_while_it_is_judged_the_rest_goes_nowhere(alliance: Alliance, monkeypatch) -> None:
    """Dansk leaves the group between judging and writing: nothing of it lands there, and the receipt says why."""
    from shieldwall.exchange import turns

    dansk = alliance.viewer("dansk")
    judge = turns.judge

    def judged_late(*given: object, **rest: object) -> object:
        found = judge(*given, **rest)
        if "energy" in str(dansk.tokens) and next(left) == 0:
            members.leave_group(alliance.hub, "energy", "dansk")
        return found

    left = itertools.count()
    monkeypatch.setattr(turns, "judge", judged_late)
    receipt = send(dansk, indicator("198.51.100.7", GREEN), indicator("198.51.100.8", GREEN), to="group:energy")
    assert became(receipt) == ["refused", "refused"]
    assert rules(receipt) == ["audience-unknown"] * 2
    assert ids(alliance.viewer("acme")) == []


def test_where_other_rights_change_everything_goes_in_once(alliance: Alliance, monkeypatch) -> None:
    from shieldwall.exchange import turns

    monkeypatch.setattr(turns, "_TURN", 2)
    acme = alliance.viewer("acme")
    placing, taken = turns.Placing, itertools.count()

    class Joining(placing):  # type: ignore[valid-type, misc]
        def place(self):
            if next(taken) == 1:  # the second turn: the first is written
                raise turns._RightsChanged
            return super().place()

    monkeypatch.setattr(turns, "Placing", Joining)
    objects = [indicator(f"198.51.100.{n}", *marks) for n, marks in enumerate([(), (GREEN,), (), (GREEN,), (GREEN,)])]
    receipt = send(acme, *objects, objects[1], to="community")
    assert became(receipt) == ["admitted"] * 5 + ["present"]
    assert places(receipt, acme) == ["member:acme", "community", "member:acme", *["community"] * 3]
    assert receipt.unmarked_at_home == 2
    assert len(read(alliance.viewer("dansk"), collection(alliance.viewer("dansk"), "community"))) == 3
