"""Adding, its status, deleting (TAXII 2.1 §4.3, §5.5, §5.7)."""

from __future__ import annotations

import json
import uuid

import orjson
import pytest

from tests.alliance import AMBER, GREEN, bundle, envelope, indicator, observable, stix_id
from tests.taxii.conftest import TAXII, Door, reconfigure

SEEN = "198.51.100.7"
COUNTS = ("success", "failure", "pending")
PLURALS = {"success": "successes", "failure": "failures", "pending": "pendings"}


def assert_adds_up(status: dict) -> None:
    assert uuid.UUID(status["id"]).version == 4 and status["status"] in {"complete", "pending"}
    assert status["total_count"] == sum(status[f"{name}_count"] for name in COUNTS)
    for name in COUNTS:
        details = status.get(PLURALS[name])
        assert details != [] and len(details or []) == status[f"{name}_count"]
        assert all(one["id"] and one["version"] for one in details or [])


def test_a_mixture_is_accepted_with_the_failures_explained(alliance, door) -> None:
    writer, reader = door("acme", "read", "submit", default_audience="community"), door("dansk")
    good, bad, sco = indicator("198.51.100.1", GREEN), indicator("198.51.100.2", GREEN), observable(SEEN, GREEN)
    del bad["valid_from"]
    answer = writer.post(writer.virtual, envelope(good, bad, sco, {"type": "nothing", "id": 7}))
    assert (answer.status_code, answer["Content-Type"]) == (202, TAXII)
    status = answer.json()
    assert_adds_up(status)
    assert [status[f"{name}_count"] for name in COUNTS] == [2, 2, 0] and status["status"] == "complete"
    assert "valid_from" in status["failures"][0]["message"] and status["failures"][0]["id"] == bad["id"]
    assert status["successes"][0]["version"] == good["modified"]
    assert reader.ids() == [good["id"], sco["id"]]
    records = {one["id"]: one["version"] for one in reader.objects(kind="manifest").json()["objects"]}
    assert [one["version"] for one in status["successes"]] == [records[good["id"]], records[sco["id"]]]
    assert answer["Location"].endswith(f"/taxii2/root/status/{status['id']}/")
    where = f"status/{status['id']}/"
    alliance.clock.advance(hours=24)
    assert writer.get(where).json() == writer.get(where[:-1]).json() == status
    for other in (door("acme"), reader):
        assert other.get(where).status_code == other.get("status/not-an-id/").status_code == 404


def test_a_repeated_request_succeeds_and_adds_nothing(alliance, door) -> None:
    writer = door("acme", "read", "submit", default_audience="community")
    body = envelope(indicator("198.51.100.1", GREEN), observable(SEEN, GREEN))
    first = writer.post(writer.virtual, body)
    seen = writer.objects(kind="manifest").content
    again = writer.post(writer.virtual, body)
    assert [one.status_code for one in (first, again)] == [202, 202]
    assert again.json()["success_count"] == 2 and "failures" not in again.json()
    assert_adds_up(again.json())
    assert writer.objects(kind="manifest").content == seen
    other = envelope(indicator("198.51.100.1", GREEN, confidence=3), indicator("198.51.100.9", GREEN))
    contradiction = writer.post(writer.virtual, other).json()
    assert contradiction["failure_count"] == 1 and "other content" in contradiction["failures"][0]["message"]
    assert "confidence" not in writer.objects(query="match[id]=" + indicator("198.51.100.1")["id"]).json()["objects"][0]


def test_a_collection_takes_what_its_audience_may_have(alliance, door) -> None:
    writer = door("acme", "read", "submit", default_audience="group:energy", default_marking="TLP:AMBER")
    assert writer.post(writer.virtual, envelope(indicator("198.51.100.1"))).status_code == 202
    group = writer.collection_of("group:energy")
    assert writer.post(group, envelope(indicator("198.51.100.2", AMBER))).status_code == 202
    assert len(door("dansk").ids(group)) == 2 and door("fjord").ids() == []
    capped = door("dansk", "read", "submit", widest="own").post(group, envelope(indicator("198.51.100.3", AMBER)))
    assert (capped.status_code, capped.json()["http_status"]) == (403, "403")
    assert door("dansk", "read").post(group, envelope(indicator("198.51.100.3", AMBER))).status_code == 403
    assert door("dansk", "submit").post(group, envelope(indicator("198.51.100.3", AMBER))).status_code == 404
    for collection in (group, str(uuid.uuid4())):
        refused = door("fjord").post(collection, envelope(indicator("198.51.100.3", AMBER)))
        assert (refused.status_code, refused["Content-Type"]) == (404, TAXII)
    seen = door("dansk", "read").get(f"collections/{group}/").json()
    assert (seen["can_read"], seen["can_write"]) == (True, False)


UNUSABLE = {
    "not JSON": b"{", "nothing": b" ", "a list": b"[]", "a number": b"7",
    "an empty envelope": b'{"objects":[]}', "no objects": b'{"more":false}',
    "objects that are no list": b'{"objects":{}}', "not UTF-8": b'{"objects":["\xff"]}',
    "a bare object": orjson.dumps(indicator()),
    "a bare object that has objects": orjson.dumps(
        {**indicator(), "type": "x-case", "id": stix_id("x-case", "1"), "objects": [7]}
    ),
    "a key twice": b'{"objects":[' + orjson.dumps(indicator()) + b'],"objects":[]}',
    "a number that is none": b'{"objects":[NaN]}',
    "half a surrogate": b'{"objects":[{"type":"x-a","id":"\\ud800"}]}',
    "depth": b'{"objects":' + b"[" * 100_000,
    "depth inside": b'{"objects":[' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"]}",
    "only what is refused": envelope(indicator() | {"spec_version": "2.0"}),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_no_envelope_or_holds_nothing_usable_is_unprocessable(alliance, door) -> None:
    writer = door("acme")
    for what, body in UNUSABLE.items():
        answer = writer.post(writer.virtual, body)
        assert (answer.status_code, answer["Content-Type"]) == (422, TAXII), what
        assert answer.json()["title"] == "Unprocessable Entity" and answer.json()["description"], what
    told = answer.json()
    assert told["details"]["failures"][0]["id"] == indicator()["id"] and "spec_version" in told["description"]
    assert writer.ids() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_bundle_passes_because_the_usual_library_sends_one(alliance, door) -> None:
    writer = door("acme")
    assert writer.post(writer.virtual, bundle(indicator("198.51.100.1", GREEN))).status_code == 202
    unknown = envelope(indicator("198.51.100.2", GREEN))[:-1] + b',"x_acme_note":{"a":1},"more":true}'
    assert writer.post(writer.virtual, unknown).json()["success_count"] == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_markings_and_extensions_that_are_not_here_are_accepted(alliance, door) -> None:
    writer = door("acme")
    absent = stix_id("marking-definition", "elsewhere")
    extended = indicator("198.51.100.1", GREEN, absent, extensions={stix_id("extension-definition", "elsewhere"): {
        "extension_type": "property-extension", "level": 3,
    }})  # fmt: skip
    assert writer.post(writer.virtual, envelope(extended)).json()["success_count"] == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_large_body_is_pending_until_the_worker_comes(alliance, door) -> None:
    from shieldwall import exchange

    writer = door("acme")
    sent = [indicator(f"10.{n >> 8}.{n & 255}.1", GREEN, description="x" * 50_000) for n in range(220)]
    answer = writer.post(writer.virtual, envelope(*sent))
    status = answer.json()
    assert (answer.status_code, status["status"], status["total_count"]) == (202, "pending", 0)
    assert_adds_up(status)
    exchange.release_due()
    done = writer.get(f"status/{status['id']}/").json()
    assert (done["status"], done["success_count"], done["total_count"]) == ("complete", 220, 220)
    assert_adds_up(done)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_declared_taxii_is_taken(alliance, door) -> None:
    writer = door("acme")
    body = envelope(indicator("198.51.100.1", GREEN))
    taken = [
        TAXII, "application/taxii+json", "application/taxii+json; version=2.1", 'Application/TAXII+json;version="2.1"',
        "application/taxii+json;version=2.1;charset=utf-8",
    ]  # fmt: skip
    refused = [
        "application/json", "text/plain", "", "application/taxii+json;version=2.0", ";;;", "taxii",
        "application/stix+json;version=2.1", "application/vnd.oasis.stix+json; version=2.0",
    ]  # fmt: skip
    assert {writer.post(writer.virtual, body, kind).status_code for kind in taken} == {202}
    answers = [writer.post(writer.virtual, body, kind) for kind in refused]
    assert {(answer.status_code, answer["Content-Type"]) for answer in answers} == {(415, TAXII)}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_quota_of_objects_answers_429_with_the_time_to_wait(alliance, door) -> None:
    writer = door("acme")
    reconfigure(quota_objects=2)
    both = envelope(indicator("198.51.100.1"), indicator("198.51.100.2"))
    assert writer.post(writer.virtual, both).status_code == 202
    over = writer.post(writer.virtual, envelope(indicator("198.51.100.3")))
    assert (over.status_code, over["Content-Type"]) == (429, TAXII) and int(over["Retry-After"]) > 0
    assert len(writer.ids()) == 2


def test_deleting_follows_the_table(alliance, door) -> None:
    owner, reader = door("acme", "read", "submit", default_audience="group:energy"), door("dansk")
    ours, absent = indicator("198.51.100.1", AMBER), stix_id("indicator", "nowhere")
    assert owner.post(owner.virtual, envelope(ours, indicator("198.51.100.2", AMBER))).status_code == 202
    group = owner.collection_of("group:energy")

    def status(client: Door, object_id: str, collection: str = group, query: str = "") -> int:
        answer = client.delete(f"collections/{collection}/objects/{object_id}/{query}")
        assert answer["Content-Type"] == TAXII
        told = json.loads(answer.content)["http_status"] if answer.content else "200"
        assert told == str(answer.status_code)
        return answer.status_code

    read_only, write_only, outsider = door("acme", "read"), door("acme", "submit"), door("fjord")
    for object_id in (ours["id"], absent):
        assert status(outsider, object_id) == 404
        assert status(read_only, object_id) == 403
        assert status(write_only, object_id, write_only.virtual) == 403
    assert status(reader, ours["id"]) == 403 and status(reader, absent) == 404
    assert status(owner, absent) == status(owner, ours["id"], query="?match[spec_version]=2.0") == 404
    assert status(owner, ours["id"], query="?match[version]=all,last") == 400
    assert reader.ids() == [ours["id"], indicator("198.51.100.2")["id"]]
    assert status(owner, ours["id"]) == 200
    assert status(owner, ours["id"]) == 404


def test_what_was_deleted_is_gone_everywhere_for_everyone(alliance, door) -> None:
    owner, reader = door("acme", "read", "submit", default_audience="community"), door("dansk")
    three = [indicator("198.51.100.1", GREEN, minute=minute) for minute in range(3)]
    for one in three:
        owner.post(owner.virtual, envelope(one))
    sco = observable(SEEN, GREEN)
    owner.post(owner.virtual, envelope(sco))
    community = owner.collection_of("community")
    here = f"collections/{community}/objects/{three[0]['id']}/"
    assert owner.delete(here + f"?match[version]={three[1]['modified']}").status_code == 200
    assert reader.get(here + f"?match[version]={three[1]['modified']}").status_code == 404
    assert reader.get(here + "?match[version]=2020-01-01T00:00:00Z").content == b"{}"
    assert reader.get(here + "versions/").json()["versions"] == [three[2]["modified"]]
    assert reader.get(here).json()["objects"] == [three[2]]
    assert owner.delete(here + "?match[version]=last").status_code == 200
    for collection in (community, reader.virtual):
        there = f"collections/{collection}/objects/{three[0]['id']}/"
        assert [reader.get(there + rest).status_code for rest in ("", "versions/", "?match[version]=all")] == [404] * 3
        for kind in ("objects", "manifest"):
            assert reader.ids(collection, "match[version]=all", kind) == [sco["id"]]
            assert reader.ids(collection, f"match[id]={three[0]['id']}", kind) == []
    assert owner.delete(f"collections/{owner.virtual}/objects/{sco['id']}/").status_code == 200
    assert reader.objects().content == b"{}"
