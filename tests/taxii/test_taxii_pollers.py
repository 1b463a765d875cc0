"""Pollers in the field, replayed: each its own way to ask and to go on; each must see everything exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.alliance import AMBER, GREEN, Alliance, bundle, indicator, observable
from tests.node import Clock, Entropy, fresh_node
from tests.taxii.conftest import ROOT, TAXII, Door, basic

LAST = "x-taxii-date-added-last"


class Poller:
    """A client program: how it asks first, and with what it goes on after each answer."""

    accept = TAXII
    slash = "/"

    def __init__(self, secret: str, collection: str) -> None:
        from django.test import Client

        self.client = Client(headers={"Authorization": basic(secret), "Accept": self.accept})
        self.path = f"{ROOT}collections/{collection}/objects{self.slash}"
        self.seen: list[str] = []
        self.state: dict[str, str] = {}

    def first(self) -> str:
        return ""

    def query(self) -> str:
        """The parameters of the next request, as this program writes them."""
        parts = [f"{name}={value}" for name, value in self.state.items()]
        return "&".join(filter(None, [self.first(), *parts]))

    def go_on(self, answer: Any, said: dict[str, Any]) -> None:
        """By the date of the last object, as the header says it."""
        self.state = {"added_after": answer.headers[LAST]}

    def poll(self) -> None:
        """One scheduled run: until the server says that there is no more."""
        while True:
            answer = self.client.get(f"{self.path}?{self.query()}")
            assert answer.status_code == 200, answer.content
            said = answer.json()
            self.seen += [one["id"] for one in said.get("objects", [])]
            self.go_on(answer, said)
            if not said.get("more"):
                return


class Sentinel(Poller):
    """Basic credentials, one cursor: the header of the last answer."""


class CloudConnector(Poller):
    """Asks for a thousand, and writes microseconds itself."""

    def first(self) -> str:
        return "limit=1000"

    def go_on(self, answer: Any, said: dict[str, Any]) -> None:
        self.state = {"added_after": f"{datetime.fromisoformat(answer.headers[LAST]):%Y-%m-%dT%H:%M:%S.%fZ}"}


def milliseconds(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3]


class OpenCti(Poller):
    """`next` while there is more; then the date, cut to the millisecond."""

    accept = "application/json, text/plain, */*"

    def go_on(self, answer: Any, said: dict[str, Any]) -> None:
        if said.get("more"):
            self.state = {**self.state, "next": said["next"]}
        else:
            self.state = {"added_after": milliseconds(answer.headers[LAST]) + "Z"}


class OldOpenCti(OpenCti):
    """Both at once, the date with a zone whose plus is not escaped."""

    def go_on(self, answer: Any, said: dict[str, Any]) -> None:
        self.state = {"added_after": milliseconds(answer.headers[LAST]) + "+00:00"}
        if said.get("more"):
            self.state["next"] = said["next"]


class Elastic(Poller):
    """No last slash; a limit of its own; `next` alone while there is more."""

    slash = ""

    def first(self) -> str:
        return "limit=3"

    def go_on(self, answer: Any, said: dict[str, Any]) -> None:
        self.state = {"next": said["next"]} if said.get("more") else {"added_after": answer.headers[LAST]}


class Eclectic(Poller):
    """From 1970 on, so many a request, and the first date beside every `next`."""

    def first(self) -> str:
        return "limit=2" if "added_after" in self.state else "limit=2&added_after=1970-01-01T00:00:00Z"

    def go_on(self, answer: Any, said: dict[str, Any]) -> None:
        if said.get("more"):
            self.state["next"] = said["next"]
        else:
            self.state = {"added_after": answer.headers[LAST]}


POLLERS: tuple[Callable[[str, str], Poller], ...] = (Sentinel, CloudConnector, OpenCti, OldOpenCti, Elastic, Eclectic)


def test_every_poller_sees_everything_exactly_once(alliance: Alliance, door) -> None:
    from shieldwall import exchange

    acme, key = alliance.viewer("acme"), alliance.own_key("dansk")
    exchange.admit(acme, bundle(indicator("192.0.2.1", GREEN)), audience="community")
    reader = door("dansk")
    community = reader.collection_of("community")
    pollers = [make(key, collection) for make in POLLERS for collection in (reader.virtual, community)]
    sent, number = [indicator("192.0.2.1")["id"]], 0
    for size in (0, 1, 2, 7, 0, 5):
        batch = [indicator(f"198.51.100.{number + n}", GREEN) for n in range(size)]
        number += size
        if batch:
            exchange.admit(acme, bundle(*batch), audience="community")
        sent += [one["id"] for one in batch]
        for poller in pollers:
            poller.poll()
        alliance.clock.advance(seconds=60)
    assert [(type(poller).__name__, poller.seen) for poller in pollers] == [
        (type(poller).__name__, sent) for poller in pollers
    ]


def test_a_search_too_long_for_one_answer_goes_on_by_next_and_by_date(alliance: Alliance, door, monkeypatch) -> None:
    from shieldwall import exchange
    from shieldwall.exchange import lanes

    many = [indicator(f"198.51.100.{n}", GREEN) for n in range(150)]
    exchange.admit(alliance.viewer("acme"), bundle(*many, observable("198.51.100.1", GREEN)), audience="community")
    monkeypatch.setattr(lanes, "_SCAN_MOST", 40)
    reader = door("dansk")
    for collection in (reader.virtual, reader.collection_of("community")):
        for by_date in (True, False):
            seen, state, pages = [], "", 0
            while True:
                answer = reader.objects(collection, f"limit=5&match[type]=ipv4-addr{state}")
                seen += [one["id"] for one in answer.json().get("objects", [])]
                pages += 1
                if not answer.json().get("more"):
                    break
                assert pages < 20, "it stands still"
                state = f"&added_after={answer.headers[LAST]}" if by_date else f"&next={answer.json()['next']}"
            assert seen == [observable("198.51.100.1")["id"]] and pages > 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["community", "group:energy", "group:later"]), st.integers(1, 4)),
        st.tuples(st.just("join"), st.just(0)),
        st.tuples(st.just("read"), st.integers(1, 6)),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(STEPS, st.booleans())
def test_paging_returns_exactly_the_model(tmp_path_factory, steps: list[tuple[str, int]], by_date: bool) -> None:
    """Whatever is appended where, whichever limits are asked for, and when a group is joined, its past included."""
    from shieldwall import exchange, members

    clock = Clock()
    fresh_node(tmp_path_factory.mktemp("model") / "data", clock=clock, entropy=Entropy())
    alliance = Alliance(clock)
    members.create_group(alliance.hub, "later", "Later", owner="no-cert", members=["acme"])
    reader = Door(alliance.own_key("dansk"))
    model: list[str] = []  # what Dansk may read, in the order in which it became readable
    waiting: list[str] = []  # what lies in a group that Dansk has not joined
    seen: list[str] = []
    joined, number, state = False, 0, ""

    def read(limit: int) -> bool:
        nonlocal state
        answer = reader.objects(query=f"limit={limit}{state}")
        said = answer.json()
        assert len(said.get("objects", [])) <= limit
        seen.extend(one["id"] for one in said.get("objects", []))
        if by_date or not said.get("more"):
            state = f"&added_after={answer.headers[LAST]}" if seen else ""
        else:
            state = f"&next={said['next']}"
        return bool(said.get("more"))

    for what, amount in steps:
        clock.advance(seconds=0.001)
        if what == "read":
            read(amount)
        elif what == "join":
            if not joined:
                members.join_group(alliance.hub, "later", "dansk")
                model += waiting
                joined = True
        else:
            marking = GREEN if what == "community" else AMBER
            batch = [indicator(f"10.0.{number}.{n}", marking) for n in range(amount)]
            number += 1
            exchange.admit(alliance.viewer("acme"), bundle(*batch), audience=what)
            (model if joined or what != "group:later" else waiting).extend(one["id"] for one in batch)
    while read(3):
        pass
    assert seen == model
