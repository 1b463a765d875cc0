"""What a reader is given, held against what the model says: everything that is visible, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import orjson

from tests.harness.acts import World
from tests.harness.addresses import parts_of, plain, text_of
from tests.harness.model import Entry, is_sealed, newest
from tests.harness.things import Thing
from tests.harness.traces import TAXII
from tests.harness.wire import Request, ask, status_of


class _Envelope(msgspec.Struct):
    objects: list[msgspec.Raw] = []
    next: str | None = None


class Reader:
    """One principal, asking through both doors for all that it may have."""

    def __init__(self, world: World, principal: str, tokens: set[str]) -> None:
        self.world = world
        self.principal = principal
        self.tokens = tokens
        self.model = world.model
        self.faults: list[str] = []

    def check(self, things: Iterable[Thing]) -> list[str]:
        """What was not as the model says, in words."""
        listed = self._json("GET", "/api/v1/collections")["collections"]
        self._collections(listed)
        self._pages(listed[0]["id"], self.model.latest(self.tokens), self._each_version(), limit=3)
        known = {thing.id: thing for thing in things}
        self._by_id(sorted(known))
        self._values(sorted({thing.value for thing in known.values()}))
        self._words(sorted({thing.word for thing in things}))
        return self.faults

    def _expect(self, what: str, found: Iterable[Any], expected: Iterable[Any]) -> None:
        got, wanted = Counter(found), Counter(expected)
        if got != wanted:
            self.faults.append(
                f"{self.principal}, {what}: missing {list((wanted - got).elements())[:3]}, "
                f"too much {list((got - wanted).elements())[:3]}"
            )

    def _json(self, method: str, path: str, query: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> Any:
        kind = (("Content-Type", "application/json"),) if body else ()
        return orjson.loads(body_of(self._ask(Request(method, path, query, body, kind, self.principal))))

    def _ask(self, request: Request) -> bytes:
        self.world.clock.advance(seconds=0.02)  # quotas are by the minute
        return ask(self.world.base, request)

    # -- collections and their pages ----------------------------------------------------------------------------------

    def _collections(self, listed: list[dict[str, Any]]) -> None:
        scope = self.model.scope(self.tokens)
        self._expect(
            "collections and their sizes",
            ((parts_of(one["audience"]), one["size"], one["sealed"]) for one in listed[1:]),
            ((parts_of(text_of(plain(home))), self.model.logs[home].size, is_sealed(home)) for home in scope),
        )
        self._expect("the size of all", [listed[0]["size"]], [sum(self.model.logs[home].size for home in scope)])
        for one in listed[1:]:
            homes = [home for home in scope if parts_of(text_of(plain(home))) == parts_of(one["audience"])]
            if len(homes) == 1:
                here = [entry for entry in self.model.logs[homes[0]].entries if entry.shows]
                self._pages(one["id"], self.model.latest_of(homes[0]), here, limit=2)

    def _each_version(self) -> list[Entry]:
        """Over all collections each version of each object once, and every statement of what has no versions."""
        found: dict[tuple[Any, ...], Entry] = {}
        for place, one in enumerate(self.model.every(self.tokens)):
            found.setdefault((one.family, one.thing.version or place), one)
        return list(found.values())

    def _pages(self, collection: str, latest: list[Entry], every: list[Entry], *, limit: int) -> None:
        path = f"/taxii2/root/collections/{collection}"
        bodies = [one.thing.body() for one in latest]
        self._expect(f"the latest of {collection}", self._walk(f"{path}/objects/", ()), bodies)
        small = (("limit", str(limit)),)
        self._expect(f"{collection} by {limit}", self._walk(f"{path}/objects/", small), bodies)
        whole = (("match[version]", "all"), *small)
        found = self._walk(f"{path}/objects/", whole)
        self._expect(f"all versions of {collection}", found, [one.thing.body() for one in every])
        self._expect(
            f"the manifest of {collection}",
            (_named(record) for record in self._walk(f"{path}/manifest/", small)), (one.thing.id for one in latest),
        )  # fmt: skip

    def _walk(self, path: str, query: tuple[tuple[str, str], ...]) -> list[bytes]:
        found: list[bytes] = []
        cursor: tuple[tuple[str, str], ...] = ()
        while True:
            answer = self._ask(Request("GET", path, (*query, *cursor), b"", (("Accept", TAXII),), self.principal))
            page = msgspec.json.decode(body_of(answer), type=_Envelope)
            found += [bytes(one) for one in page.objects]
            if page.next is None:
                return found
            cursor = (("next", page.next),)

    # -- finding ------------------------------------------------------------------------------------------------------

    def _by_id(self, ids: Iterable[str]) -> None:
        every = self.model.every(self.tokens)
        for one in ids:
            here = [entry for entry in every if entry.thing.id == one]
            latest = {(entry.owner, entry.thing.body()) for entry in newest(here)}
            self._expect(f"get {one}", self._statements(f"/api/v1/objects/{one}"), latest)
            versions = self._statements(f"/api/v1/objects/{one}/versions")
            self._expect(f"versions of {one}", versions, ((entry.owner, entry.thing.body()) for entry in here))

    def _statements(self, path: str) -> list[tuple[str, bytes]]:
        answer = self._ask(Request("GET", path, principal=self.principal))
        if status_of(answer) == 404:
            return []
        return [(one["owner"], orjson.dumps(one["object"])) for one in orjson.loads(body_of(answer))["objects"]]

    def _values(self, values: list[str]) -> None:
        answer = self._json("POST", "/api/v1/lookup", body=orjson.dumps({"values": values}))
        indexed = self.model.indexed(self.tokens)
        for value, result in zip(values, answer["results"], strict=True):
            found = [(hit["owner"], hit["id"]) for hit in result["entries"]]
            expected = [entry.family for entry in indexed if entry.thing.value == value and entry.thing.has_value()]
            self._expect(f"look up {value}", found, expected)
            self._expect(f"total of {value}", [result["total"]], [len(expected)])

    def _words(self, words: list[str]) -> None:
        indexed = self.model.indexed(self.tokens)
        for word in words:
            found = self._json("GET", "/api/v1/search", (("q", word), ("limit", "100")))["results"]
            expected = {entry.family for entry in indexed if entry.thing.word == word and entry.thing.has_words()}
            self._expect(f"search {word}", ((one["owner"], one["id"]) for one in found), expected)


def _named(record: bytes) -> str:
    return str(orjson.loads(record)["id"])


def body_of(answer: bytes) -> bytes:
    """What follows the headers."""
    return answer.partition(b"\r\n\r\n")[2]
