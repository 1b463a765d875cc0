"""What a viewer asks: every route that this node serves, with every method, and values that visible, hidden, made-up
and broken things go by.

The routes come from `shieldwall.urls`, so that a new one is asked from its first day on. A trace is made while the
first world answers (cursors and receipts lead on to further requests) and repeated word for word in the second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
import orjson

from tests.harness.acts import Submit, World, member_of
from tests.harness.addresses import Circle, text_of
from tests.harness.base import MEMBERS, PASSWORD
from tests.harness.pairs import Pair
from tests.harness.things import Thing
from tests.harness.wire import Request

_PRINCIPALS = (
    "/main", "/main", "/main", "/every", "/read", "/submit", "/administer", "/watch", "-ann", "-rob", "-amy", "",
)  # fmt: skip
_WEIGHTS = {
    ("api/v1/objects", "POST"): 6, ("api/v1/audience", "POST"): 5, ("api/v1/objects/<str:id>/explain", "GET"): 4,
    ("api/v1/withdrawals", "POST"): 3, ("api/v1/sessions", "POST"): 0.3, ("api/v1/openapi.json", "GET"): 0.1,
    ("api/v1/key", "GET"): 0.3, ("api/v1/health", "GET"): 0.3, ("taxii2/", "GET"): 0.3, ("taxii2/root/", "GET"): 0.3,
}  # fmt: skip
"""How often a route is asked beside the others, which are asked twice."""
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH")
TAXII = "application/taxii+json;version=2.1"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_NEXT = re.compile(rb'"next":"([^"]+)"')
_RECEIPT = re.compile(rb'^\{"id":"([0-9a-f-]{36})"', re.MULTILINE)
_STATED = re.compile(rb'"version":"([^"]+)"')


def routes() -> list[str]:
    """Every path pattern of the node, such as `api/v1/objects/<str:id>`."""
    from shieldwall.urls import urlpatterns

    return list(_flat(urlpatterns, ""))


def _flat(patterns: Sequence[Any], prefix: str) -> Any:
    for one in patterns:
        text = prefix + str(one.pattern)
        yield from _flat(one.url_patterns, text) if hasattr(one, "url_patterns") else [text]


def deck() -> list[tuple[str, str]]:
    """Every route with every method."""
    return [(route, method) for route in routes() for method in METHODS]


def live() -> list[tuple[str, str]]:
    """Those that are made to be asked."""
    from shieldwall.api.openapi import EVERY
    from shieldwall.taxii.routes import _ROUTES

    api = [(f"api/v1{one.path}".replace("{", "<str:").replace("}", ">"), one.method) for one in EVERY]
    taxii = [(f"taxii2/{where}", method) for where, methods in _ROUTES.items() for method in methods]
    return [*api, *taxii, *taxii]


class Pools(msgspec.Struct):
    """What names can be named in requests, of both worlds together."""

    collections: list[str] = []
    submissions: list[str] = []
    keys: list[str] = []
    groups: list[str] = []
    things: list[Thing] = []
    circles: list[Circle] = []

    def add(self, world: World, pair: Pair) -> None:
        """Add what lies in `world`, which is being served."""
        from shieldwall.store import READERS, node_facts, run, snapshot

        with snapshot():
            rows = run(READERS, "all_collections")
            virtual = node_facts(READERS).virtual_collection
        self.collections = sorted({*self.collections, virtual, *(row[1] for row in rows)})
        self.submissions = sorted({*self.submissions, *world.submissions})
        self.keys = sorted({*self.keys, *world.keys})
        self.groups = sorted({*self.groups, *world.model.groups, "g9"})
        self.things = pair.things()
        self.circles = [step.act.circle for step in pair.hidden() if isinstance(step.act, Submit)]


class Trace:
    """The next request, again and again. `listed` are the collections that the viewer was shown."""

    def __init__(self, pair: Pair, pools: Pools, ids: dict[str, str], plan: Sequence[tuple[str, str]]) -> None:
        self.chance = Random(f"trace {pair.seed}")
        self.pair = pair
        self.pools = pools
        self.ids = ids
        self.plan = list(plan)
        self.own = sorted({
            thing.id for step in (*pair.steps, *pair.later) if isinstance(step.act, Submit)
            for thing in step.act.things if pair.viewer in (member_of(step.act.principal), thing.claim)
        })  # fmt: skip
        self.listed: list[str] = []
        self.cursors: list[tuple[Request, str]] = []
        self.receipts: list[str] = []
        self.versions: list[str] = ["2026-01-01T00:01:00.000Z"]
        self.asked: Counter[tuple[str, str]] = Counter()
        self.count = 0

    def next(self) -> tuple[tuple[str, str], Request]:
        """A route with its method, and a request of it."""
        if self.cursors and self.chance.random() < 0.12:
            before, cursor = self.chance.choice(self.cursors[-6:])
            same = before if self.chance.random() < 0.7 else self._made(*self._route())[1]
            kept = tuple(pair for pair in same.query if pair[0] != "next")
            route = next((one for one in routes() if matches(one, same.path)), "api/v1(?:/|$)")
            return (route, same.method), msgspec.structs.replace(same, query=(*kept, ("next", cursor)))
        return self._made(*self._route())

    def learn(self, request: Request, answer: bytes) -> None:
        """Take from an answer what leads on."""
        if not self.listed:
            self.listed = re.findall(r'"id":"([0-9a-f-]{36})"', answer.decode("latin-1"))
        self.cursors += [(request, found.decode()) for found in _NEXT.findall(answer)[:1]]
        if request.method == "POST":
            self.receipts += [found.decode() for found in _RECEIPT.findall(answer)[:1]]
        self.versions = [*self.versions[-20:], *(found.decode() for found in _STATED.findall(answer)[:3])]

    def _route(self) -> tuple[str, str]:
        if self.plan:
            return self.plan.pop()
        return self.chance.choices(live(), [_WEIGHTS.get(one, 2) for one in live()])[0]

    def _made(self, route: str, method: str) -> tuple[tuple[str, str], Request]:
        self.count += 1
        path = "/" + _PART.sub(lambda part: self._part(route, part[1]), route).removeprefix("^")
        if "(?:" in path:  # the catch-all of the API
            path = self.chance.choice(("/api/v1", "/api/v1/nothing", f"/api/v1/people/{self._id()}"))
        if route.startswith("api/v1/sessions") and method == "DELETE":
            principal = self.chance.choice(("", f"{self.pair.viewer}/main"))
        else:
            principal = self._principal()
        body, headers = self._body(route, method)
        query = tuple(self._query(route, method))
        basic = "/" in principal and self.chance.random() < 0.3
        return (route, method), Request(method, path, query, body, headers, principal, basic)

    # -- who, where ---------------------------------------------------------------------------------------------------

    def _principal(self) -> str:
        name = self.chance.choice(_PRINCIPALS)
        return f"{self.pair.viewer}{name}" if name else ""

    def _part(self, route: str, name: str) -> str:
        if name == "number":
            return self.chance.choice(("1", "2", "3", "4", "7", "0", "-1", "x", "99999999999999"))
        if name == "collection_id" or (name == "id" and "/collections/" in route):
            return self._collection()
        if name == "status_id" or "/submissions/" in route:
            return self.chance.choice((*self.receipts[-5:], *self.chance.choices(self.pools.submissions, k=3), "x"))
        return self._own_id() if route.endswith(("/explain", "/sent")) else self._id()

    def _collection(self) -> str:
        if self.listed and self.chance.random() < 0.75:
            return self.chance.choice((self.listed[0], *self.listed))
        made_up = ("00000000-0000-4000-8000-000000000000", "x", "00000000-0000-0000-0000-00000000000z")
        return self.chance.choice((*self.pools.collections, *made_up))

    def _id(self) -> str:
        made_up = ("indicator--00000000-0000-4000-8000-000000000000", "x", "indicator--x", "grouping--%00")
        return self.chance.choice(made_up) if self.chance.random() < 0.08 else self._thing().id

    def _thing(self) -> Thing:
        return self.chance.choice(self.pools.things)

    # -- what ---------------------------------------------------------------------------------------------------------

    def _query(self, route: str, method: str) -> list[tuple[str, str]]:
        chance, asked = self.chance, []
        if chance.random() < 0.06:
            asked.append((chance.choice(("x", "limit", "next", "q", "since")), chance.choice(("", "x", "-1", "0"))))
        if "taxii2" in route and ("objects" in route or "manifest" in route) and method != "POST":
            options = {
                "limit": ("1", "2", "3", "1000"), "added_after": (self._moment(),),
                "match[type]": ("indicator", "malware,ipv4-addr"),
                "match[id]": (self._id(), f"{self._thing().id},{self._thing().id}"),
                "match[version]": ("all", "first", "last", "first,last", self.chance.choice(self.versions)),
                "match[spec_version]": ("2.1", "2.0"), "next": ("forged",),
            }  # fmt: skip
            weights = (5, 2, 1, 1, 3, 0.3, 0.2)
            for name in set(chance.choices(list(options), weights, k=chance.randint(0, 3))):
                asked.append((name, chance.choice(options[name])))
        if route.endswith("/search"):
            asked += [("q", self._question())]
            asked += [("limit", chance.choice(("1", "5", "0")))] if chance.random() < 0.3 else []
        if route.endswith(("/objects", "/entries")) and "collections" in route and "taxii" not in route:
            asked += [("limit", chance.choice(("1", "2", "5")))] if chance.random() < 0.6 else []
            after = ("added_after", self._moment()) if route.endswith("objects") else ("after", chance.choice("01239"))
            asked += [after] if chance.random() < 0.4 else []
        if route.endswith("/explain"):
            asked += [("viewer", self._whom())] if chance.random() < 0.7 else []
        if route.endswith("/sent"):
            asked += [("version", chance.choice(self.versions))] if chance.random() < 0.3 else []
        if route.endswith("/proof"):
            asked += [("size", chance.choice("12345"))] if chance.random() < 0.4 else []
        if route.endswith("/consistency"):
            asked += [("from", chance.choice("1123")), ("to", chance.choice("123459"))]
        if route.endswith("/withdrawals") and method == "GET":
            asked += [("since", self._moment())] if chance.random() < 0.4 else []
        if route == "api/v1/objects" and method == "POST":
            asked += self._address()
        return asked

    def _address(self) -> list[tuple[str, str]]:
        chance, asked = self.chance, []
        if chance.random() < 0.75:
            asked.append(("audience", self._audience()))
        elif chance.random() < 0.7:
            asked.append(("collection", self._collection()))
        if chance.random() < 0.3:
            asked.append(("default_marking", chance.choice(("TLP:GREEN", "TLP:AMBER", "x"))))
        if chance.random() < 0.12:
            asked.append(("hold", "PT1H"))
        return asked

    def _audience(self) -> str:
        if self.pools.circles and self.chance.random() < 0.5:  # where others have sent something, seen or unseen
            return text_of(self.chance.choice(self.pools.circles))
        other = self.chance.choice(list(MEMBERS))
        group = f"group:{self.chance.choice(self.pools.groups)}"
        circles: tuple[Circle, ...] = (
            (("community",),), ((group,),), ((group,),), ((f"member:{other}",),), (("nation:no",),), (("nation:xx",),),
            ((group, f"member:{other}"),), (("nation:dk",), (group,)), ((f"person:{other}-ann",),),
            ((f"person:{other}-nobody",),), (("community",), ("!nation:de",)),
        )  # fmt: skip
        return text_of(self.chance.choice(circles))

    def _whom(self) -> str:
        other = self.chance.choice([*MEMBERS, "nobody"])
        known = [self.ids[f"{one}/read"] for one in MEMBERS]
        choices = (f"member:{other}", f"member:{other}", f"person:{other}-ann", self.chance.choice(known), "x")
        hidden = [f"key:{one}" for one in self.pools.keys]
        return self.chance.choice(hidden if hidden and self.chance.random() < 0.35 else choices)

    def _moment(self) -> str:
        seconds = self.chance.choice((0, 0.3, 0.7, 1.1, 2))
        from shieldwall.exchange import timestamp
        from tests.node import NOON

        return timestamp(NOON + int((1 + seconds) * 1_000_000))

    def _question(self) -> str:
        one, two = self._thing(), self._thing()
        words = [one.word, one.title, two.value, two.word, two.title.split()[0], "silver", "-"]
        return " ".join(self.chance.sample(words, self.chance.choice((1, 1, 2, 3))))

    def _body(self, route: str, method: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        chance, json = self.chance, (("Content-Type", "application/json"),)
        if method not in ("POST", "PUT", "PATCH"):
            return b"", (("Accept", TAXII),) if "taxii" in route and chance.random() < 0.5 else ()
        if chance.random() < 0.04:
            return chance.choice((b"", b"{", b'{"objects":[]}', b"[[[[", b'{"a":1,"a":2}')), json
        if route.endswith("/lookup"):
            values = [self._thing().value for _ in range(chance.randint(1, 6))]
            return orjson.dumps({"values": [*values, chance.choice(("x", "198[.]51[.]100[.]7"))]}), json
        if route.endswith("/audience"):
            return orjson.dumps({"audience": self._audience()}), json
        if route.endswith("/withdrawals"):
            version = chance.choice((None, None, chance.choice(self.versions)))
            return orjson.dumps({"id": self._own_id(), "version": version, "reason": "sent by mistake"}), json
        if route.endswith("/sessions"):
            name = f"{self.pair.viewer}-ann" if chance.random() < 0.5 else "nobody"
            return orjson.dumps({"username": name, "password": chance.choice((PASSWORD, "wrong" * 4))}), json
        if route.endswith(("/objects", "/objects/")):
            kind = (("Content-Type", TAXII),) if "taxii" in route else json
            again = (("Idempotency-Key", chance.choice("abc")),) if chance.random() < 0.15 else ()
            things = [self._offered() for _ in range(chance.choice((1, 1, 2, 4)))]
            return orjson.dumps({"objects": [orjson.Fragment(thing.body()) for thing in things]}), (*kind, *again)
        return orjson.dumps({"x": self._id()}), json

    def _own_id(self) -> str:
        """Mostly something of the viewer's own: who asks for its readers or takes it back is its owner."""
        return self.chance.choice(self.own) if self.own and self.chance.random() < 0.6 else self._id()

    def _offered(self) -> Thing:
        """Something to send: a thing that somebody sent before, a later version of it, or one of our own."""
        thing, viewer = self._thing(), self.pair.viewer
        fresh = f"q{self.pair.seed}x{self.count}"
        match self.chance.randrange(5):
            case 0:
                return thing
            case 1:
                return msgspec.structs.replace(thing, claim="", silent=fresh, tlp="green")
            case 2 if thing.minute:
                minute = thing.minute + self.chance.randint(1, 3)
                return thing.later(minute, revoked=self.chance.random() < 0.4, claim="", tlp="clear")
            case 3:
                return msgspec.structs.replace(
                    thing, kind="malware", claim=viewer, name=fresh, minute=1, silent=fresh, tlp="green"
                )
        tlp = self.chance.choice(("green", "amber", "", "red"))
        return msgspec.structs.replace(
            thing, kind="indicator", name=fresh, minute=1, silent=fresh, claim="", tlp=tlp, revoked=False
        )


def matches(route: str, path: str) -> bool:
    """Whether a pattern of `routes` is that of a path."""
    return re.fullmatch("/" + _PART.sub("[^/]+", route), path) is not None
