"""Other people's clients, unmodified, against a real server over HTTP; and what only a real connection shows."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import stix2
from cytaxii2 import cytaxii2
from requests import HTTPError
from taxii2client.v21 import Collection, Server, as_pages

from tests.alliance import GREEN, bundle, envelope, indicator, stix_id
from tests.node import config_of
from tests.taxii.conftest import ROOT, TAXII, Served, basic


def ids(objects: list) -> list[str]:
    return [one["id"] for one in objects]


def collections(served: Served, member: str) -> list[Collection]:
    return Server(served.discovery, user="any", password=served.keys[member]).default.collections


def test_taxii2_client_discovers_and_reads_in_pages(served: Served) -> None:
    server = Server(served.discovery, user="any", password=served.keys["dansk"])
    root = server.default
    assert root.url == served.root and TAXII in root.versions and root.max_content_length == 20_000_000
    virtual, *rest = root.collections
    assert [one.title for one in root.collections] and all(one.can_read for one in rest)
    assert ids(virtual.get_objects()["objects"]) == served.ids
    assert [ids(page["objects"]) for page in as_pages(virtual.get_objects, per_request=5)] == [
        served.ids[:5], served.ids[5:10], served.ids[10:],
    ]  # fmt: skip
    pages = list(as_pages(virtual.get_manifest, per_request=4))
    assert [one["id"] for page in pages for one in page["objects"]] == served.ids
    assert ids(virtual.get_objects(type="ipv4-addr")["objects"]) == served.ids[11:12]
    assert ids(virtual.get_objects(id=served.ids[2:4])["objects"]) == served.ids[2:4]
    assert virtual.get_object(served.ids[0])["objects"][0]["id"] == served.ids[0]
    later = virtual.get_manifest(added_after=pages[0]["objects"][-1]["date_added"])
    assert ids(later["objects"]) == served.ids[4:]
    with pytest.raises(HTTPError, match="404"):
        virtual.get_object(stix_id("indicator", "nowhere"))


def test_taxii2_client_writes_follows_the_status_and_deletes(served: Served) -> None:
    virtual = collections(served, "acme")[0]
    sent = [indicator("192.0.2.77", GREEN, name="kept at home", minute=minute) for minute in range(3)]
    for one in sent:
        status = virtual.add_objects({"objects": [one]})
        assert status.status == "complete" and status.success_count == 1 and not status.failures
    again = virtual.add_objects(envelope(*sent, {"type": "indicator", "id": "wrong"}).decode())
    assert (again.success_count, again.failure_count) == (3, 1) and again.failures[0]["message"]
    versions = [page["versions"] for page in as_pages(virtual.object_versions, 2, obj_id=sent[0]["id"])]
    assert [one for page in versions for one in page] == [one["modified"] for one in sent]
    assert virtual.get_object(sent[0]["id"], version="all")["objects"] == sent
    virtual.delete_object(sent[0]["id"])
    with pytest.raises(HTTPError, match="404"):
        virtual.get_object(sent[0]["id"])
    with pytest.raises(HTTPError, match="422"):
        virtual.add_objects({"objects": [{"type": "indicator", "id": "wrong"}]})
    assert served.ids == ids(collections(served, "dansk")[0].get_objects()["objects"]), "it stayed at home"


def test_a_pending_submission_completes_while_its_sender_polls(served: Served) -> None:
    from shieldwall import exchange
    from shieldwall.store import node, open_node

    virtual = collections(served, "acme")[0]
    sent = [indicator(f"10.9.{n}.1", GREEN, description="x" * 60_000) for n in range(180)]
    status = virtual.add_objects(envelope(*sent), wait_for_completion=False)
    assert status.status == "pending"
    open_node(config_of(served.data))
    exchange.release_due()
    node().close()
    status.wait_until_final(poll_interval=0.1, timeout=20)
    assert (status.status, status.success_count) == ("complete", 180)


def test_cytaxii2_reads(served: Served) -> None:
    client = cytaxii2.cytaxii2(served.discovery, "any", served.keys["dansk"])
    assert client.discovery_request()["response"]["default"] == served.root
    assert client.root_discovery()["response"]["max_content_length"]
    virtual = client.collection_request()["response"]["collections"][0]["id"]
    assert client.collection_data_request(virtual)["response"]["id"] == virtual
    page = client.poll_request(virtual, limit=7)["response"]
    rest = client.poll_request(virtual, limit=7, next=page["next"])["response"]
    assert ids(page["objects"]) + ids(rest["objects"]) == served.ids
    assert ids(client.poll_request(virtual, object_type="ipv4-addr")["response"]["objects"]) == served.ids[11:12]
    refused = client.poll_request(virtual, limit=0)
    assert (refused["status_code"], refused["response"]["http_status"]) == (400, "400")
    writer = cytaxii2.cytaxii2(served.discovery, "any", served.keys["acme"])
    home = writer.collection_request()["response"]["collections"][0]["id"]
    sent = writer.inbox_request(home, bundle(indicator("192.0.2.78", GREEN)))
    assert (sent["status_code"], sent["response"]["success_count"]) == (202, 1)


def test_python_stix2_reads_and_writes_through_its_store(served: Served) -> None:
    source = stix2.TAXIICollectionSource(collections(served, "dansk")[0])
    assert source.get(served.ids[0]).id == served.ids[0] and source.get(stix_id("indicator", "nowhere")) is None
    assert ids(source.all_versions(served.ids[0])) == served.ids[:1]
    found = source.query([stix2.Filter("type", "=", "indicator")])
    assert sorted(ids(found)) == sorted(one for one in served.ids if one.startswith("indicator"))
    store = stix2.TAXIICollectionStore(collections(served, "acme")[0])
    made = stix2.Indicator(pattern="[ipv4-addr:value = '192.0.2.79']", pattern_type="stix", object_marking_refs=[GREEN])
    store.add(made)
    assert store.get(made.id) == made


class Wire:
    """One connection, and what goes over it."""

    def __init__(self, served: Served, member: str = "dansk") -> None:
        where = urlsplit(served.url)
        self.host, self.port, self.key = where.hostname, where.port, served.keys[member]

    def raw(self, head: str, body: bytes = b"") -> list[bytes]:
        """Send bytes as they are; the answer until the server closes."""
        with socket.create_connection((self.host, self.port), timeout=20) as line:
            line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
            parts = []
            with suppress(OSError):  # refused, and closed, before it was sent whole
                line.sendall(body)
            with suppress(OSError):
                while part := line.recv(65536):
                    parts.append(part)
        return b"".join(parts).split(b"\r\n\r\n", 1)


def test_a_bare_request_of_http_1_0_is_served_without_user_agent(served: Served) -> None:
    wire = Wire(served)
    head, body = wire.raw(f"GET {ROOT}collections HTTP/1.0\nauthorization: {basic(wire.key)}")
    assert b" 200 " in head.splitlines()[0] and json.loads(body)["collections"]
    names = [line.split(b":")[0].lower() for line in head.splitlines()[1:]]
    assert names.count(b"date") == names.count(b"content-type") == 1
    assert f"content-type: {TAXII}".encode() in head.lower()


def test_one_connection_serves_many_requests_and_head_has_no_body(served: Served) -> None:
    wire = Wire(served)
    line = HTTPConnection(wire.host, wire.port, timeout=20)
    virtual = collections(served, "dansk")[0].id
    several = ",".join(stix_id("indicator", str(n)) for n in range(300)) + "," + served.ids[0]
    long = f"{ROOT}collections/{virtual}/objects/?match[id]={several}"
    for method, path, length in (("GET", "/taxii2/", 1), ("HEAD", "/taxii2/", 0), ("GET", long, 1)):
        line.request(method, path, headers={"authorization": basic(wire.key), "accept": TAXII, "range": "items=0-0"})
        answer = line.getresponse()
        assert answer.status == 200 and bool(len(answer.read())) == bool(length)
        assert answer.headers["Date"] and answer.headers["Content-Type"] == TAXII
    line.close()


def test_what_is_too_large_is_refused_before_it_is_read_whole(served: Served) -> None:
    wire = Wire(served, "acme")
    path = f"{ROOT}collections/{collections(served, 'acme')[0].id}/objects/"
    start = f"POST {path} HTTP/1.1\nHost: x\nConnection: close\nContent-Type: {TAXII}\n"
    start += f"Authorization: {basic(wire.key)}\n"
    head, body = wire.raw(start + "Content-Length: 20000001")
    assert b" 413 " in head.splitlines()[0] and json.loads(body)["http_status"] == "413"
    assert f"content-type: {TAXII}".encode() in head.lower()
    chunk = b"%x\r\n" % (1 << 20) + b" " * (1 << 20) + b"\r\n"
    answer = wire.raw(start + "Transfer-Encoding: chunked", chunk * 21 + b"0\r\n\r\n")
    assert b" 413 " in answer[0].splitlines()[0]
    sent = envelope(indicator("192.0.2.80", GREEN))
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (sent[:9], sent[9:])) + b"0\r\n\r\n"
    head, body = wire.raw(start + "Transfer-Encoding: chunked", parts)
    assert b" 202 " in head.splitlines()[0] and json.loads(body)["success_count"] == 1
    head, body = wire.raw(start + "Content-Encoding: gzip\nContent-Length: 5", b"abcde")
    assert b" 415 " in head.splitlines()[0] and json.loads(body)["http_status"] == "415"
    head, _ = wire.raw(start + "Content-Length: 0")
    assert b" 422 " in head.splitlines()[0]


def test_what_a_server_refuses_itself_never_ends_in_a_broken_gateway(served: Served) -> None:
    wire = Wire(served)
    endless = wire.raw(f"GET /taxii2/?{'a' * 70_000} HTTP/1.1\nHost: x\nConnection: close")
    assert b" 414 " in endless[0].splitlines()[0]
    unknown = wire.raw("GET /taxii2/none HTTP/1.1\nHost: x\nConnection: close")
    assert b" 404 " in unknown[0].splitlines()[0] and f"content-type: {TAXII}".encode() in unknown[0].lower()
