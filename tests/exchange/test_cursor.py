"""A cursor misses nothing and repeats nothing: while others append, join, leave, revise, revoke and withdraw.

A reference reads the logs themselves, entry by entry, and says what each reader must have been given by now.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from shieldwall import exchange, members
from shieldwall.errors import Absent
from shieldwall.policy import Viewer, may_read
from shieldwall.store import READERS, Collection, Kind, audience_of, collection_of, entries_of, run, snapshot
from tests.alliance import GREEN, Alliance, bundle, indicator, observable
from tests.conftest import close_connections, serve_fresh
from tests.node import Clock, Entropy

WRITERS = ("acme", "dansk", "fjord")
ADDRESSES = (
    "community", "group:energy", "group:energy&nation:no", "group:quiet", "nation:no", "member:stahl",
    "community&!nation:de", "",
)  # fmt: skip
MOVERS = ("fjord", "stahl", "dk-cert", "dansk")
MILLISECOND = 1_000
Statement = tuple[str, str, str]  # owner, id, version


class Reader:
    """Somebody who polls: by `next` while there is one, else by the date of the last page, whole or cut."""

    def __init__(self, member: str, where: str, *, cut: bool) -> None:
        self.member = member
        self.where = where
        self.cut = cut
        self.start_anew()

    def start_anew(self) -> None:
        self.cursor: str | None = None
        self.after: int | None = None
        self.behind = (0, 0, 0)
        self.places: set[int] = set()
        self.given: Counter[tuple[Statement, int]] = Counter()


class Reading(RuleBasedStateMachine):
    fresh: Callable[[], tuple[Clock, Alliance]]

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.alliance = self.fresh()
        self.withdrawn: Counter[tuple[str, str]] = Counter()
        for member in (*MOVERS, "acme"):
            self.alliance.own_key(member)
        for address in ("community", "group:energy", "group:energy&nation:no", "community"):
            self.append("acme", address, 1_000, [(0, 0), (1, 0), (2, 0)], "an observable")
        self.readers = [
            Reader("stahl", "", cut=False), Reader("fjord", "", cut=True), Reader("dansk", "", cut=False),
            Reader("dansk", "community", cut=True), Reader("dk-cert", "", cut=False),
        ]  # fmt: skip

    @rule(
        writer=st.sampled_from(WRITERS), to=st.sampled_from(ADDRESSES), passed=st.integers(0, 2_500),
        objects=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=6),
        last=st.sampled_from(("nothing", "an observable", "a revocation", "something unmarked")),
    )  # fmt: skip
    def append(self, writer: str, to: str, passed: int, objects: list[tuple[int, int]], last: str) -> None:
        self.clock.moment += passed
        viewer = self.alliance.viewer(writer)
        if to.startswith("group:") and not any(token.startswith(f"{to}#") for token in viewer.tokens):
            to = "community"
        sent = [indicator(f"198.51.100.{n}", GREEN, minute=minute) for n, minute in objects]
        if last == "an observable":
            sent.append(observable(f"198.51.100.{objects[0][0]}", GREEN, x_minute=objects[0][1]))
        if last == "a revocation" and objects[0][1] == 5:
            sent.append(indicator(f"198.51.100.{objects[0][0]}", GREEN, minute=59, revoked=True))
        if last == "something unmarked":
            sent.append(indicator("203.0.113.1", minute=objects[0][1]))
        exchange.admit(viewer, bundle(*sent), audience=to)

    @rule(writer=st.sampled_from(WRITERS), number=st.integers(0, 3))
    def withdraw(self, writer: str, number: int) -> None:
        stix_id = indicator(f"198.51.100.{number}")["id"]
        try:
            exchange.withdraw(self.alliance.viewer(writer), stix_id, None, "")
        except Absent:
            return
        self.withdrawn[writer, stix_id] += 1

    @rule(group=st.sampled_from(("energy", "quiet")), member=st.sampled_from(MOVERS))
    def join_or_leave(self, group: str, member: str) -> None:
        """Who leaves begins anew: what it has not fetched by then it has no right to."""
        if any(token.startswith(f"group:{group}#") for token in self.alliance.viewer(member).tokens):
            members.leave_group(self.alliance.hub, group, member)
            for reader in self.readers:
                if reader.member == member:
                    reader.start_anew()
        else:
            members.join_group(self.alliance.hub, group, [member])

    @rule(which=st.integers(0, 4), limit=st.integers(1, 12))
    def read_one_page(self, which: int, limit: int) -> None:
        self.read_on(self.readers[which], limit)

    @rule(which=st.integers(0, 4), limit=st.integers(1, 12))
    def read_to_the_end(self, which: int, limit: int) -> None:
        self.drain(self.readers[which], limit)

    def teardown(self) -> None:
        for reader in self.readers:
            self.drain(reader, 7)
        close_connections()

    def drain(self, reader: Reader, limit: int) -> None:
        while self.read_on(reader, limit):
            pass
        viewer = self.alliance.viewer(reader.member)
        due = set(self.due(viewer, reader.where))
        assert due <= reader.given.keys(), f"{reader.member} was never given {due - reader.given.keys()}"

    def read_on(self, reader: Reader, limit: int) -> bool:
        """One more page; whether there is more."""
        viewer = self.alliance.viewer(reader.member)
        where = self.public_id(viewer, reader.where)
        page = exchange.page(viewer, where, door="taxii", added_after=reader.after, cursor=reader.cursor, limit=limit)
        assert len(page.keys) == len(page.bodies) <= limit
        self.judge_order(reader, page)
        with snapshot():
            for key, body in zip(page.keys, page.bodies, strict=True):
                self.judge_given(reader, key, orjson.loads(body))
        reader.cursor = page.next
        if page.next is None:
            reader.after = page.last // MILLISECOND * MILLISECOND if reader.cut else page.last
        return page.next is not None

    def judge_order(self, reader: Reader, page: exchange.Page) -> None:
        order = [key[:3] for key in page.keys]
        assert order == sorted(set(order))
        assert not order or order[-1][0] <= self.clock.moment, "nothing is dated later than now"
        resumed_by_date = reader.cursor is None and reader.cut
        assert not order or resumed_by_date or order[0] > reader.behind
        reader.behind = order[-1] if order else reader.behind

    def judge_given(self, reader: Reader, key: exchange.Key, body: dict[str, object]) -> None:
        [row] = run(READERS, "headers_at", positions=f"[{key.position}]")
        _, _, kind, owner, _, stix_id, version = row
        assert (kind, stix_id, version) == (Kind.OBJECT, body["id"], body.get("modified", ""))
        said = (owner, stix_id, version or str(key.position))
        times = (said, self.withdrawn[owner, stix_id])
        again = key.position in reader.places or times in reader.given
        # A date cut to the millisecond is that of a whole batch, but not that of a past which came by joining.
        assert not again or (reader.cut and key.position in reader.places), f"{reader.member} was given {said} twice"
        reader.places.add(key.position)
        reader.given[times] += 1

    def public_id(self, viewer: Viewer, where: str) -> str:
        listed = exchange.collections(viewer)
        return next(one.id for one in listed if not where or one.audience == where)

    def due(self, viewer: Viewer, where: str) -> Iterator[tuple[Statement, int]]:
        """What stands for this reader by the logs: of each owner's object the newest version, each observable."""
        newest: dict[tuple[str, str], str] = {}
        with snapshot():
            logs = [Collection.of(row[:5]) for row in run(READERS, "all_collections") if row[3] != "register"]
            reached = [one for one in logs if may_read(viewer, audience_of(one.audience))]
            only = [one for one in reached if one.audience == where]
            for log in only or reached:
                for place, owner, stix_id, version in standing(log):
                    if version:
                        newest[owner, stix_id] = max(version, newest.get((owner, stix_id), ""))
                    else:
                        yield (owner, stix_id, str(place)), self.withdrawn[owner, stix_id]
        for (owner, stix_id), version in newest.items():
            yield (owner, stix_id, version), self.withdrawn[owner, stix_id]


def standing(log: Collection) -> Iterator[tuple[int, str, str, str]]:
    entries = list(entries_of(log))
    gone: set[int] = set()
    for one in entries:
        if one.kind == Kind.WITHDRAWAL:
            gone |= set(orjson.loads(one.body or b"")["numbers"])
    for number, one in enumerate(entries, 1):
        if one.kind == Kind.OBJECT and number not in gone:
            assert collection_of(one.position) == log.id
            yield one.position, one.owner, one.id, one.version


def test_readers_are_given_everything_once(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    counter = itertools.count()

    class OnThisEngine(Reading):
        def fresh(self) -> tuple[Clock, Alliance]:
            clock = Clock()
            serve_fresh(engine, request, tmp_path / f"data{next(counter)}", clock=clock, entropy=Entropy())
            return clock, Alliance(clock)

    examples = {"sqlite": 30, "postgresql": 10}[engine]
    generate_only = (Phase.generate,)  # each step costs milliseconds: to shrink a failure would take minutes
    run_state_machine_as_test(
        OnThisEngine,
        settings=settings(max_examples=examples, stateful_step_count=40, database=None, phases=generate_only),
    )
