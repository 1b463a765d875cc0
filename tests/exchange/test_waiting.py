"""What waits: held for a chosen time, or too large to do at once; it survives, and is taken back or sent now."""

from __future__ import annotations

from types import ModuleType

import orjson
import pytest

from shieldwall import exchange, members
from shieldwall.errors import Absent, BadInput, Conflict
from shieldwall.store import READERS, WRITER, run, writing
from tests.alliance import GREEN, Alliance, bundle, indicator, observable
from tests.exchange.doing import became, ids, rules, send

HOUR = 3_600_000_000


@pytest.fixture
def turns(alliance: Alliance) -> ModuleType:
    """The module, to make turns short and to come between them."""
    from shieldwall.exchange import turns

    return turns


def held(alliance: Alliance, *objects: dict[str, object], member: str = "acme", **rest: object) -> exchange.Receipt:
    return send(alliance.viewer(member), *objects, to="community", hold_us=HOUR, **rest)


def test_a_held_release_is_unread_until_it_is_due_and_then_goes(alliance: Alliance) -> None:
    receipt = held(alliance, indicator("198.51.100.7", GREEN), indicator("198.51.100.8"))
    assert (receipt.state, became(receipt)) == ("held", ["held", "held"])
    assert receipt.due - receipt.created == HOUR
    assert receipt.audience.address == "community"
    assert exchange.release_due() == 0
    assert ids(alliance.viewer("acme")) == []
    alliance.clock.advance(hours=1)
    assert exchange.release_due() == 1
    assert ids(alliance.viewer("dansk")) == [indicator("198.51.100.7")["id"]]
    done = exchange.submission(alliance.viewer("acme"), receipt.id)
    assert (done.state, became(done), done.unmarked_at_home) == ("complete", ["admitted", "admitted"], 1)
    assert exchange.release_due() == 0


def test_a_held_release_is_taken_back_unread(alliance: Alliance) -> None:
    receipt = held(alliance, indicator("198.51.100.7", GREEN))
    with pytest.raises(Absent):
        exchange.take_back(alliance.viewer("dansk"), receipt.id)
    assert exchange.take_back(alliance.viewer("acme"), receipt.id).state == "void"
    for act in (exchange.take_back, exchange.send_now):
        with pytest.raises(Conflict):
            act(alliance.viewer("acme"), receipt.id)
    alliance.clock.advance(hours=2)
    assert exchange.release_due() == 0
    assert ids(alliance.viewer("acme")) == []
    assert run(READERS, "staged", id=receipt.id) == [(None,)]


def test_a_held_release_is_sent_now(alliance: Alliance) -> None:
    receipt = held(alliance, indicator("198.51.100.7", GREEN))
    done = exchange.send_now(alliance.viewer("acme"), receipt.id)
    assert (done.state, done.id, became(done)) == ("complete", receipt.id, ["admitted"])
    assert ids(alliance.viewer("dansk")) == [indicator("198.51.100.7")["id"]]
    with pytest.raises(Conflict):
        exchange.take_back(alliance.viewer("acme"), receipt.id)


def test_revocations_never_wait(alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    given, gone = (indicator("198.51.100.7", GREEN, minute=minute, revoked=minute == 1) for minute in (0, 1))
    send(acme, given, to="community")
    receipt = held(alliance, gone, indicator("198.51.100.8", GREEN))
    assert became(receipt) == ["admitted", "held"]
    assert exchange.lookup(alliance.viewer("dansk"), ["198.51.100.8"])[0].total == 0
    assert exchange.get(alliance.viewer("dansk"), gone["id"], door="api")[0].revoked
    done = exchange.send_now(acme, receipt.id)
    assert (became(done), next(one.id for one in done.outcomes)) == (["admitted", "admitted"], gone["id"])
    alone = held(alliance, gone | {"modified": "2026-01-01T00:02:00.000Z"}, idempotency="once")
    assert (alone.state, became(alone)) == ("complete", ["admitted"])
    assert exchange.submission(acme, alone.id).state == "complete"


def test_what_is_due_is_void_once_its_key_is_revoked(alliance: Alliance) -> None:
    receipt = held(alliance, indicator("198.51.100.7", GREEN))
    acme = alliance.viewer("acme")
    members.revoke_key(alliance.hub, acme.principal.removeprefix("key:"))
    alliance.clock.advance(hours=1)
    assert exchange.release_due() == 1
    done = exchange.submission(acme, receipt.id)
    assert done.state == "void" and "not good" in done.advice
    assert ids(alliance.viewer("dansk")) == []


def test_what_is_due_goes_with_the_rights_of_that_moment(alliance: Alliance) -> None:
    receipt = send(alliance.viewer("dansk"), indicator("198.51.100.7", GREEN), to="group:energy", hold_us=HOUR)
    members.leave_group(alliance.hub, "energy", "dansk")
    alliance.clock.advance(hours=1)
    assert exchange.release_due() == 1
    done = exchange.submission(alliance.viewer("dansk"), receipt.id)
    assert done.state == "void" and "unknown group" in done.advice
    assert ids(alliance.viewer("acme")) == []


@pytest.mark.parametrize("hold_us", [-1, 91 * 24 * HOUR])
def test_a_hold_has_a_length_that_makes_sense(alliance: Alliance, hold_us: int) -> None:
    with pytest.raises(BadInput):
        send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN), hold_us=hold_us)


def test_ten_thousand_and_one_objects_wait_for_the_worker(alliance: Alliance) -> None:
    from shieldwall.exchange.admission import MOST_AT_ONCE

    acme = alliance.viewer("acme")
    body = orjson.dumps(observable("198.51.100.7", GREEN))
    many = b'{"objects":[' + b",".join([body] * MOST_AT_ONCE + [orjson.dumps(indicator("198.51.100.8", GREEN))]) + b"]}"
    receipt = exchange.admit(acme, many, audience="community", idempotency="many")
    assert (receipt.state, receipt.outcomes) == ("pending", ())
    assert exchange.admit(acme, many, audience="community", idempotency="many").id == receipt.id
    assert ids(alliance.viewer("dansk")) == []
    assert exchange.release_due() == 1
    done = exchange.admit(acme, many, audience="community", idempotency="many")
    assert (done.id, done.state) == (receipt.id, "complete")
    assert done.counts == {"admitted": 2, "present": 9_999, "refused": 0, "held": 0, "total": 10_001}
    assert {one.number for one in done.outcomes} == {1, 2}
    assert len(ids(alliance.viewer("dansk"))) == 2


def test_what_a_killed_worker_left_is_taken_up_after_its_lease(
    alliance: Alliance, turns: ModuleType, monkeypatch
) -> None:
    """It goes on behind the last turn that was written: what went in, and was withdrawn since, does not go in again."""
    monkeypatch.setattr(turns, "_TURN", 2)
    receipt = held(alliance, *(indicator(f"198.51.100.{n}", GREEN) for n in range(5)))
    alliance.clock.advance(hours=1)
    place, lives = turns.Placing.place, iter((True, False))
    monkeypatch.setattr(turns.Placing, "place", lambda self: place(self) if next(lives) else killed())
    with pytest.raises(KeyboardInterrupt):
        exchange.release_due()
    monkeypatch.setattr(turns.Placing, "place", place)
    assert exchange.release_due() == 0
    assert exchange.submission(alliance.viewer("acme"), receipt.id).state == "pending"
    assert len(ids(alliance.viewer("dansk"))) == 2
    exchange.withdraw(alliance.viewer("acme"), str(indicator("198.51.100.0")["id"]), None, "")
    alliance.clock.advance(seconds=121)
    assert exchange.release_due() == 1
    done = exchange.submission(alliance.viewer("acme"), receipt.id)
    assert [(one.outcome, one.number) for one in done.outcomes] == [("admitted", n) for n in (1, 2, 4, 5, 6)]
    assert len(ids(alliance.viewer("dansk"))) == 4
    assert run(READERS, "progress_of", submission=receipt.id) == []


@pytest.mark.parametrize("state", ["held", "pending"])
@pytest.mark.parametrize("killed_between", [False, True])
def test_the_receipt_of_what_ended_with_its_key_lists_what_had_gone_in(
    alliance: Alliance, turns: ModuleType, monkeypatch, state: str, killed_between: bool
) -> None:
    from shieldwall.exchange.staging import stage

    monkeypatch.setattr(turns, "_TURN", 2)
    acme, add, key = alliance.viewer("acme"), turns._Draft.add, alliance.viewer("acme").principal.removeprefix("key:")

    def revoked_after_the_turn(draft, *placed) -> None:
        members.revoke_key(alliance.hub, key)
        if killed_between:
            raise KeyboardInterrupt
        add(draft, *placed)

    monkeypatch.setattr(turns._Draft, "add", revoked_after_the_turn)
    given = [indicator(f"198.51.100.{n}", *([GREEN] * bool(n))) for n in range(4)]
    if state == "held":
        receipt = held(alliance, *given)
        alliance.clock.advance(hours=1)
    else:
        receipt = stage(acme, bundle(*given), turns.Request("community"), "", state=state)
    if killed_between:
        with pytest.raises(KeyboardInterrupt):
            exchange.release_due()
        alliance.clock.advance(seconds=121)
    assert exchange.release_due() == 1
    done = exchange.submission(acme, receipt.id)
    assert (done.state, done.unmarked_at_home) == ("void", 1) and "not good" in done.advice
    expected = ["admitted", "admitted"] + ["held"] * (2 if state == "held" else 0)
    assert [(one.id, one.outcome) for one in done.outcomes] == [
        (one["id"], outcome) for one, outcome in zip(given, expected, strict=False)
    ]
    assert done.counts["admitted"] == 2
    assert ids(alliance.viewer("dansk")) == [given[1]["id"]]


def killed() -> None:
    raise KeyboardInterrupt


def test_of_two_that_send_the_same_at_once_one_answers_for_both(
    alliance: Alliance, turns: ModuleType, monkeypatch
) -> None:
    """The second request came while the first was judged: it finds the first one's receipt when its turn comes."""
    acme = alliance.viewer("acme")
    given = bundle(indicator("198.51.100.7", GREEN))
    judge, raced = turns.judge, []

    def judged(*args: object, **rest: object) -> object:
        if not raced:
            raced.append(None)
            raced[0] = exchange.admit(acme, given, audience="community", idempotency="once")
        return judge(*args, **rest)

    monkeypatch.setattr(turns, "judge", judged)
    assert exchange.admit(acme, given, audience="community", idempotency="once") == raced[0]
    assert became(raced[0]) == ["admitted"]


def test_a_refusal_in_the_last_turn_keeps_no_receipt(alliance: Alliance) -> None:
    with pytest.raises(BadInput):
        exchange.admit(alliance.viewer("acme"), b"{not json", audience="community")
    with writing():
        assert run(WRITER, "due_submissions", now=alliance.clock.moment + HOUR, limit=9) == []
    assert rules(send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN), to="public")) == ["address-public"]
