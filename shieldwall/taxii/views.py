"""The endpoints of TAXII 2.1, each a few lines: read the request, call the exchange, answer."""

from __future__ import annotations

from django.http import HttpRequest

from shieldwall import exchange
from shieldwall.errors import Absent, Refused
from shieldwall.exchange import ALL, Key, Listed, Wanted
from shieldwall.http import Answer, absolute, read_body, viewer_of
from shieldwall.policy import Viewer
from shieldwall.store import node
from shieldwall.taxii import adding, pages
from shieldwall.taxii.answers import resource
from shieldwall.taxii.media import STIX, TAXII, check_content_type
from shieldwall.taxii.queries import Query, query_of

ROOT = "/taxii2/root/"
_EVERY_FIELD = ("id", "type", "version", "spec_version")
_OBJECT_FIELDS = ("version", "spec_version")


def discovery(request: HttpRequest, viewer: Viewer) -> Answer:
    """§4.1."""
    config = node().config
    said = {
        "title": config.title,
        "description": "TAXII 2.1 door of an exchange of cyber threats",
        "default": absolute(ROOT),
        "api_roots": [absolute(ROOT)],
    }
    return resource(said | ({"contact": config.contact} if config.contact else {}))


def api_root(request: HttpRequest, viewer: Viewer) -> Answer:
    """§4.2."""
    config = node().config
    return resource({"title": config.title, "versions": [TAXII], "max_content_length": config.max_body_bytes})


def status(request: HttpRequest, viewer: Viewer, status_id: str) -> Answer:
    """§4.3."""
    return resource(adding.status(exchange.submission(viewer, status_id)))


def collections(request: HttpRequest, viewer: Viewer) -> Answer:
    """§5.1."""
    found = [_collection(one) for one in exchange.collections(viewer)]
    return resource({"collections": found} if found else {})


def collection(request: HttpRequest, viewer: Viewer, collection_id: str) -> Answer:
    """§5.2."""
    return resource(_collection(_listed(viewer, collection_id)))


def _listed(viewer: Viewer, collection_id: str) -> Listed:
    found = exchange.collection(viewer, collection_id)
    if found is None:
        raise Absent("no such collection")
    return found


def _collection(one: Listed) -> dict[str, object]:
    about = f"Audience: {one.audience}" if one.audience else "Everything this account may read, each object once"
    return {
        "id": one.id, "title": one.title, "description": about, "can_read": one.can_read, "can_write": one.can_write,
        "media_types": [STIX],
    }  # fmt: skip


def objects(request: HttpRequest, viewer: Viewer, collection_id: str) -> Answer:
    """§5.4."""
    return pages.envelope(pages.read_page(viewer, collection_id, query_of(request, _EVERY_FIELD)))


def manifest(request: HttpRequest, viewer: Viewer, collection_id: str) -> Answer:
    """§5.3."""
    return pages.manifest(pages.read_page(viewer, collection_id, query_of(request, _EVERY_FIELD), bodies=False))


def add_objects(request: HttpRequest, viewer: Viewer, collection_id: str) -> Answer:
    """§5.5."""
    if not _listed(viewer, collection_id).can_write:
        raise Refused("this account may not write to this collection", rule="TAXII 2.1 §5.5")
    check_content_type(request.headers.get("Content-Type"))
    body = read_body(request, node().config.max_body_bytes, sender=viewer.member)
    receipt = adding.add(viewer_of(request), collection_id, body)  # a body may take its time: rights end meanwhile
    return resource(adding.status(receipt), 202, Location=absolute(f"{ROOT}status/{receipt.id}/"))


def one_object(request: HttpRequest, viewer: Viewer, collection_id: str, object_id: str) -> Answer:
    """§5.6. A version that was deleted is absent, not merely filtered out (§5.7)."""
    query = query_of(request, _OBJECT_FIELDS, object_id)
    found = pages.read_page(viewer, collection_id, query)
    if not found.keys:
        _require_known(viewer, collection_id, object_id)
        if query.wanted.versions & _withdrawn(viewer, collection_id, object_id):
            raise Absent("no such version")
    return pages.envelope(found)


def _withdrawn(viewer: Viewer, collection_id: str, object_id: str) -> frozenset[str]:
    return frozenset(map(str, exchange.withdrawn_versions(viewer, collection_id, object_id)))


def versions(request: HttpRequest, viewer: Viewer, collection_id: str, object_id: str) -> Answer:
    """§5.8."""
    query = query_of(request, ("spec_version",), object_id).of_all_versions()
    found = pages.read_page(viewer, collection_id, query, bodies=False)
    if not found.keys:
        _require_known(viewer, collection_id, object_id)
    return pages.version_list(found)


def _require_known(viewer: Viewer, collection_id: str, object_id: str) -> None:
    """Raises Absent unless something stands under this id in this collection for this viewer."""
    every = Wanted(ids=frozenset({object_id}), versions=frozenset({ALL}))
    if not pages.read_page(viewer, collection_id, Query(every, limit=1), bodies=False).keys:
        raise Absent("no such object")


def delete_object(request: HttpRequest, viewer: Viewer, collection_id: str, object_id: str) -> Answer:
    """§5.7, its table first. Deleting is withdrawing: the object leaves every collection it lies in."""
    listed = _listed(viewer, collection_id)
    if not (listed.can_read and listed.can_write):
        raise Refused("deleting takes reading and writing", rule="TAXII 2.1 §5.7", remedy="use a key with both scopes")
    query = query_of(request, _OBJECT_FIELDS, object_id)
    asked = query if query.names_versions else query.of_all_versions()
    keys = pages.read_page(viewer, collection_id, asked, bodies=False).keys
    if not keys:
        raise Absent("no such object")
    named = dict.fromkeys(map(_modified, keys)) if query.names_versions else {None: None}
    gone = [version for version in named if _withdraw(viewer, object_id, version)]
    if not gone:
        raise Refused(
            "only its owner may delete it", rule="TAXII 2.1 §5.7", where=object_id,
            remedy="say what is wrong with it in a note or an opinion, or ask its owner",
        )  # fmt: skip
    return resource(b"")


def _modified(key: Key) -> str | None:
    """The version as the owner gave it; None for what has no versions."""
    return key.version if key.version and not key.id.startswith("marking-definition--") else None


def _withdraw(viewer: Viewer, object_id: str, version: str | None) -> bool:
    try:
        exchange.withdraw(viewer, object_id, version, "deleted through TAXII")
    except Absent:
        return False
    return True
