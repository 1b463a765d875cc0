"""What the tests of the exchange do again and again, through its door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from shieldwall import exchange
from shieldwall.exchange import Outcome, Page, Receipt
from shieldwall.policy import Viewer
from tests.alliance import bundle

BRIEF = 1_000_000


def send(viewer: Viewer, *objects: dict[str, Any], to: str = "", **rest: Any) -> Receipt:
    """Submit objects as one bundle, addressed to `to`."""
    return exchange.admit(viewer, bundle(*objects), audience=to, **rest)


def became(receipt: Receipt) -> list[str]:
    """What became of each object, in their order."""
    return [one.outcome for one in receipt.outcomes]


def rules(receipt: Receipt) -> list[str]:
    """By which rule each was refused; '' for what was not."""
    return [one.error.rule if one.error else "" for one in receipt.outcomes]


def only(receipt: Receipt) -> Outcome:
    """The outcome of a submission of one."""
    [outcome] = receipt.outcomes
    return outcome


def virtual(viewer: Viewer) -> str:
    """The public id of the collection of all that one may read."""
    return exchange.collections(viewer)[0].id


def collection(viewer: Viewer, audience: str) -> str:
    """The public id of the newest collection of an audience that the viewer reads."""
    return [one.id for one in exchange.collections(viewer) if one.audience == audience][-1]


def pages(viewer: Viewer, where: str = "", **asked: Any) -> Iterable[Page]:
    """Every page, followed by `next`."""
    cursor = None
    while True:
        page = exchange.page(viewer, where or virtual(viewer), door="api", cursor=cursor, **asked)
        yield page
        cursor = page.next
        if cursor is None:
            return


def read(viewer: Viewer, where: str = "", **asked: Any) -> list[dict[str, Any]]:
    """Every object on every page."""
    return [orjson.loads(body) for page in pages(viewer, where, **asked) for body in page.bodies]


def ids(viewer: Viewer, where: str = "", **asked: Any) -> list[str]:
    """The ids of every object on every page."""
    return [one["id"] for one in read(viewer, where, **asked)]


def versions_of(viewer: Viewer, stix_id: str) -> list[str]:
    """The versions of an object that the viewer may read, as the API lists them."""
    return [one.version for one in exchange.versions(viewer, stix_id, door="api")]


def places(receipt: Receipt, viewer: Viewer) -> list[str]:
    """In which audience each object came to lie, as far as `viewer` reads it."""
    known = {one.id: one.audience for one in exchange.collections(viewer)}
    return [known.get(one.collection or "", "") for one in receipt.outcomes]
