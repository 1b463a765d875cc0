"""Pages as envelopes, manifests and lists of versions (§3.7, §5.3.1, §5.8.1). Objects are joined as stored bytes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import orjson

from shieldwall.exchange import ALL, LAST, Key, Page, page, shown_version, timestamp
from shieldwall.http import NOTICE, Answer
from shieldwall.policy import Viewer
from shieldwall.taxii.answers import resource
from shieldwall.taxii.media import STIX
from shieldwall.taxii.queries import Query

_MOST_ROUNDS = 8


def read_page(viewer: Viewer, collection: str, query: Query, *, bodies: bool = True) -> Page:
    """The page that `query` asks for. Raises Absent, and BadInput for a `next` that is not of this query.

    Where versions are chosen, what is left out makes room for more: all that fits the limit is there (§3.4).
    """
    found = _one_page(viewer, collection, query, bodies)
    if query.wanted.versions in ({LAST}, {ALL}):
        return found
    for _ in range(_MOST_ROUNDS):
        if found.next is None or len(found.keys) == query.limit:
            break
        rest = msgspec.structs.replace(query, cursor=found.next, limit=query.limit - len(found.keys))
        found = _joined(found, _one_page(viewer, collection, rest, bodies))
    return found


def _one_page(viewer: Viewer, collection: str, query: Query, bodies: bool) -> Page:
    return page(
        viewer, collection, door="taxii", added_after=query.added_after, cursor=query.cursor, wanted=query.wanted,
        limit=query.limit, bodies=bodies,
    )  # fmt: skip


def _joined(one: Page, two: Page) -> Page:
    return Page(
        keys=one.keys + two.keys, bodies=one.bodies + two.bodies, next=two.next,
        first=one.first if one.keys else two.first, last=two.last if two.keys or not one.keys else one.last,
        notice=one.notice or two.notice,
    )  # fmt: skip


def envelope(found: Page) -> Answer:
    """The objects of a page."""
    return _answer(b"objects", found.joined, found)


def manifest(found: Page) -> Answer:
    """What a page holds, without the objects; the same order and the same `next` as the envelope."""
    return _answer(b"objects", b",".join(orjson.dumps(_record(key)) for key in found.keys), found)


def version_list(found: Page) -> Answer:
    """The versions of a page, each once."""
    versions = b",".join(orjson.dumps(one) for one in dict.fromkeys(map(version_of, found.keys)))
    return _answer(b"versions", versions, found)


def version_of(key: Key) -> str:
    """The version a door names: `modified`, else `created`, else when it was added (§3.4.1)."""
    return shown_version(key.version, key.shown)


def _record(key: Key) -> dict[str, str]:
    return {"id": key.id, "date_added": timestamp(key.shown), "version": version_of(key), "media_type": STIX}


def _answer(name: bytes, items: bytes, found: Page) -> Answer:
    answer = resource(
        b"{" + b",".join(_members(name, items, found.next)) + b"}",
        X_TAXII_Date_Added_First=timestamp(found.first),
        X_TAXII_Date_Added_Last=timestamp(found.last),
    )
    if found.notice:
        answer[NOTICE] = found.notice
    return answer


def _members(name: bytes, items: bytes, following: str | None) -> Iterable[bytes]:
    """`more` is always told beside objects: its absence is legal, and breaks clients. No list is empty (§2)."""
    if following is not None:
        yield b'"more":true,"next":' + orjson.dumps(following)
    elif items:
        yield b'"more":false'
    if items:
        yield b'"' + name + b'":[' + items + b"]"
