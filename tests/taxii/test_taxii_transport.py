"""Negotiation, credentials, methods, errors, resources (TAXII 2.1 §3.1, §3.2, §3.6, §4, §5.1, §5.2)."""

from __future__ import annotations

import re
import uuid
from email.utils import parsedate_to_datetime

import pytest
from django.test import Client

from tests.alliance import AMBER, GREEN, Alliance, bundle, indicator
from tests.taxii.conftest import ROOT, TAXII, basic, reconfigure

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ENDPOINTS = {
    "/taxii2/": "GET", ROOT: "GET", ROOT + "collections/": "GET", ROOT + "status/{id}/": "GET",
    ROOT + "collections/{id}/": "GET", ROOT + "collections/{id}/manifest/": "GET",
    ROOT + "collections/{id}/objects/": "GET POST", ROOT + "collections/{id}/objects/{object}/": "DELETE GET",
    ROOT + "collections/{id}/objects/{object}/versions/": "GET",
}  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def filled(collection: str) -> dict[str, list[str]]:
    object_id = indicator("198.51.100.1")["id"]
    return {path.format(id=collection, object=object_id): methods.split() for path, methods in ENDPOINTS.items()}


def test_discovery_and_root_say_what_is_required_with_public_addresses(alliance: Alliance, door) -> None:
    client = door("dansk").client
    found = client.get("/taxii2/", headers={"Host": "evil.example"}).json()
    assert found["title"] and found["default"] in found["api_roots"]
    assert found["api_roots"] == ["http://127.0.0.1:8000" + ROOT]
    root = client.get(ROOT).json()
    assert root["title"] and root["versions"] == [TAXII] and root["max_content_length"] == 104857600


def test_collections_are_listed_in_one_order_by_version_4_ids(alliance: Alliance, door) -> None:
    from shieldwall import exchange

    reader = door("dansk")
    for n, audience in enumerate(("community", "group:energy", "nation:dk")):
        given = indicator(f"198.51.100.{n}", AMBER if ":" in audience else GREEN)
        exchange.admit(alliance.viewer("acme"), bundle(given), audience=audience)
    listed = reader.get("collections/").json()["collections"]
    assert listed == reader.get("collections").json()["collections"] and len(listed) == 4
    for one in listed:
        assert uuid.UUID(one["id"]).version == 4 and str(uuid.UUID(one["id"])) == one["id"]
        assert one["title"] and one["media_types"] == ["application/stix+json;version=2.1"]
        assert reader.get(f"collections/{one['id']}/").json() == one
        assert all(re.fullmatch(r"[a-z0-9_]{2,250}", name) for name in one)
    rights = {one["description"]: one["can_write"] for one in listed}
    assert rights["Audience: community"] and rights["Audience: nation:dk"]
    others = {one["description"] for one in door("fjord").get("collections/").json()["collections"]}
    assert not others & {"Audience: group:energy", "Audience: nation:dk"}


SERVED = [
    None, "", TAXII, "application/taxii+json", "application/taxii+json; version=2.1", "APPLICATION/TAXII+JSON",
    'application/taxii+json;version="2.1"', "application/taxii+json;version=2.1,application/stix+json;version=2.1",
    "text/html, application/taxii+json;version=2.1;q=0.1", "application/json, text/plain, */*", "*/*", "application/*",
    "application/json", "application/taxii+json;version=2.0, application/taxii+json;version=2.1", "nonsense",
    "*/*;q=0.001",
]  # fmt: skip
NOT_SERVED = [
    "application/taxii+json;version=2.0", "application/taxii+json;version=2.2", "application/vnd.oasis.taxii+json",
    "application/vnd.oasis.taxii+json; version=2.0", "application/vnd.oasis.stix+json; version=2.0",
    "application/taxii+json;version=2.1;q=0", "*/*;q=0.0",
]  # fmt: skip


def test_whoever_accepts_taxii_2_1_or_anything_like_json_is_served(alliance: Alliance, door) -> None:
    key, virtual = alliance.own_key("dansk"), door("dansk").virtual
    for accepts, expected in ((SERVED, {200, 404, 405}), (NOT_SERVED, {406})):
        for accept in accepts:
            client = Client(headers={"Authorization": basic(key)} | ({} if accept is None else {"Accept": accept}))
            for path in filled(virtual):
                answer = client.get(path)
                assert answer.status_code in expected and answer["Content-Type"] == TAXII, (accept, path)
    refusal = client.get("/taxii2/").json()
    assert refusal["http_status"] == "406" and TAXII in refusal["description"]


CREDENTIALS = [
    None, "", "Basic", "Basic !!!", "Basic " + "A" * 9000, "Bearer", "Bearer wrong", "Token abc", "Digest x",
    basic("wrong"), basic(""), "Basic w6Q=",
]  # fmt: skip


def test_nobody_known_gets_401_and_the_schemes_on_any_method(alliance: Alliance, door) -> None:
    virtual = door("dansk").virtual
    for credential in CREDENTIALS:
        client = Client(headers={} if credential is None else {"Authorization": credential})
        for method in METHODS if credential is None else ("GET", "DELETE"):
            for path in filled(virtual):
                answer = client.generic(method, path)
                assert (answer.status_code, answer["Content-Type"]) == (401, TAXII), (credential, method, path)
                assert "Basic" in answer["WWW-Authenticate"] and "Bearer" in answer["WWW-Authenticate"]


def test_a_key_opens_as_basic_password_and_as_bearer(alliance: Alliance, door) -> None:
    key = alliance.own_key("dansk")
    for credential in (basic(key), f"Bearer {key}", f"bearer {key}", basic(key).replace("Basic", "BASIC")):
        assert Client(headers={"Authorization": credential}).get("/taxii2/").status_code == 200
    reader = door("dansk")
    assert reader.client.get("/taxii2/").json() == reader.client.get("/taxii2").json()


def test_every_endpoint_has_its_methods_and_both_spellings(alliance: Alliance, door) -> None:
    from shieldwall import exchange

    exchange.admit(alliance.viewer("acme"), bundle(indicator("198.51.100.1", GREEN)), audience="community")
    reader = door("dansk")
    for path, methods in filled(reader.virtual).items():
        for spelling in (path, path.rstrip("/")):
            for method in METHODS:
                answer = reader.client.generic(method, spelling, headers={"Range": "items=0-1"})
                assert answer["Content-Type"] == TAXII
                if method not in {*methods, "HEAD"}:
                    allowed = {*methods, "HEAD"}
                    assert answer.status_code == 405 and set(answer["Allow"].split(", ")) == allowed, (method, spelling)
                else:
                    assert answer.status_code in {200, 403, 404, 415}, (method, spelling)
        got, head = reader.client.get(path), reader.client.head(path)
        assert head.content == b"" and head["Content-Length"] == got["Content-Length"]


def test_what_is_no_endpoint_answers_in_the_form_of_its_door(alliance: Alliance) -> None:
    for path in ("/taxii2/other/", "/taxii2/root/objects/", "/taxii2/root/collections/a/b/c/d/e/", "/taxii2/root/%00/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, TAXII)
        assert set(answer.json()) >= {"title", "http_status", "error_id"}
    elsewhere = Client().get("/nothing/here")
    assert (elsewhere.status_code, elsewhere["Content-Type"]) == (404, "application/json")
    assert elsewhere.json()["error"]["status"] == 404


def test_dates_come_from_the_nodes_own_clock(alliance: Alliance, door) -> None:
    reader = door("dansk")
    for answer in (reader.get("collections/"), Client().get("/taxii2/")):
        assert parsedate_to_datetime(answer["Date"]).timestamp() == alliance.clock.now() // 1_000_000


def test_our_own_failure_tells_nothing_but_an_id(alliance: Alliance, door) -> None:
    reader = door("dansk")
    reconfigure(quota_requests=None)
    answer = reader.client.get("/taxii2/")
    assert (answer.status_code, answer["Content-Type"]) == (503, TAXII) and answer["Retry-After"]
    assert uuid.UUID(answer.json()["error_id"]) and "TypeError" not in answer.content.decode()


def test_too_many_requests_are_told_how_long_to_wait(alliance: Alliance, door) -> None:
    reader = door("dansk")
    reconfigure(quota_requests=3)
    answers = [reader.get("collections/") for _ in range(6)]
    over = answers[-1]
    assert answers[0].status_code == 200 and (over.status_code, over["Content-Type"]) == (429, TAXII)
    assert 0 < int(over["Retry-After"]) <= 60
