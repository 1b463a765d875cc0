"""Reading: pages, filters, one object, versions (TAXII 2.1 §3.3–3.7, §5.3–5.8)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.alliance import AMBER, GREEN, Alliance, bundle, envelope, indicator, observable, stix_id
from tests.taxii.conftest import TAXII

FIRST, LAST = "X-TAXII-Date-Added-First", "X-TAXII-Date-Added-Last"
MARKING = {
    "type": "marking-definition", "spec_version": "2.1", "id": stix_id("marking-definition", "ours"),
    "created": "2026-02-03T04:05:06.789Z", "definition_type": "statement", "definition": {"statement": "ours"},
    "object_marking_refs": [GREEN],
}  # fmt: skip


def admit(alliance: Alliance, *objects, audience: str = "community", member: str = "acme") -> None:
    from shieldwall import exchange

    receipt = exchange.admit(alliance.viewer(member), bundle(*objects), audience=audience)
    assert {one.outcome for one in receipt.outcomes} == {"admitted"}, receipt.outcomes


def test_a_page_is_an_envelope_of_the_stored_bytes(alliance, door) -> None:
    from shieldwall import exchange

    odd = envelope(indicator("198.51.100.1", GREEN)).replace(b'"name":', b'"name" :  ')
    exchange.admit(alliance.viewer("acme"), odd, audience="community")
    reader = door("dansk")
    answer = reader.objects()
    assert answer.status_code == 200 and answer["Content-Type"] == TAXII
    assert answer.content == b'{"more":false,' + odd[1:]
    assert answer["Cache-Control"] == "private, no-store" and answer["Vary"] == "Accept, Authorization"


def test_nothing_is_an_empty_envelope_with_dates(alliance, door) -> None:
    reader = door("dansk")
    for kind in ("objects", "manifest"):
        answer = reader.objects(query="added_after=2020-01-01T00:00:00Z", kind=kind)
        assert (answer.status_code, answer.content) == (200, b"{}")
        assert answer[FIRST] == answer[LAST] == "2020-01-01T00:00:00.000000Z"
        beginning = reader.objects(kind=kind)
        assert beginning.content == b"{}"
        assert datetime.fromisoformat(beginning[LAST]) <= datetime.fromtimestamp(alliance.clock.now() / 1e6, UTC)


def test_pages_follow_each_other_by_next_and_by_date(alliance, door) -> None:
    sent = [indicator(f"198.51.100.{n}", GREEN) for n in range(7)]
    for start in (0, 3):
        admit(alliance, *sent[start : start + 3])
    admit(alliance, sent[6])
    reader = door("dansk")
    ids = [one["id"] for one in sent]
    for collection in (reader.virtual, reader.collection_of("community")):
        for kind in ("objects", "manifest"):
            by_next, by_date, query, after = [], [], "limit=2", ""
            while True:
                answer = reader.objects(collection, query, kind)
                by_next += [one["id"] for one in answer.json()["objects"]]
                assert answer.json()["more"] is ("next" in answer.json())
                if not answer.json()["more"]:
                    break
                query = f"limit=3&next={answer.json()['next']}"  # as_pages changes the limit on the way
            while (answer := reader.objects(collection, "limit=2" + after, kind)).content != b"{}":
                by_date += [one["id"] for one in answer.json()["objects"]]
                after = f"&added_after={answer[LAST]}"
            assert by_next == by_date == ids


def test_a_full_last_page_says_that_it_is_the_last(alliance, door) -> None:
    admit(alliance, *(indicator(f"198.51.100.{n}", GREEN) for n in range(4)))
    reader = door("dansk")
    following = reader.objects(query="limit=2").json()["next"]
    assert reader.objects(query=f"limit=2&next={following}").json()["more"] is False
    assert len(reader.ids(query="limit=5000")) == 4


def test_what_comes_while_paging_is_seen_once(alliance, door) -> None:
    admit(alliance, *(indicator(f"198.51.100.{n}", GREEN) for n in range(3)))
    reader = door("dansk")
    first = reader.objects(query="limit=2").json()
    admit(alliance, indicator("203.0.113.1", GREEN), indicator("203.0.113.2", AMBER), audience="group:energy")
    admit(alliance, indicator("203.0.113.3", GREEN))
    rest = reader.ids(query=f"limit=100&next={first['next']}")
    seen = [one["id"] for one in first["objects"]] + rest
    assert len(seen) == len(set(seen)) == 6


def test_dates_may_be_written_as_clients_write_them(alliance, door) -> None:
    admit(alliance, indicator("198.51.100.1", GREEN))
    alliance.clock.advance(seconds=10)
    admit(alliance, indicator("198.51.100.2", GREEN))
    reader = door("dansk")
    last, new = reader.objects(query="limit=1")[LAST], [indicator("198.51.100.2")["id"]]
    stem = last.removesuffix("Z")
    spellings = [last, stem + "000Z", stem + "%2B00:00", stem + "+00:00", quote(last), stem[:-3] + "Z", stem[:19] + "Z"]
    answers = [reader.ids(query=f"added_after={one}") for one in spellings]
    assert all(new == answer[-1:] for answer in answers)
    assert answers[:5] == [new] * 5
    exact = reader.objects(query="limit=1000")[LAST]
    assert exact.endswith("000Z"), "the last of a batch falls on a whole millisecond"
    assert reader.ids(query=f"added_after={exact[:23]}Z") == []


def test_the_same_query_gives_the_same_manifest_and_objects(alliance, door) -> None:
    three = [indicator("198.51.100.1", GREEN, minute=minute) for minute in range(3)]
    for one in three:
        admit(alliance, one)
    seen_at = datetime.fromtimestamp(alliance.clock.now() / 1e6, UTC)
    alliance.clock.advance(seconds=1)
    admit(alliance, observable("198.51.100.7", GREEN), MARKING, indicator("198.51.100.2", GREEN))
    ids = [one["id"] for one in (three[0], observable(), MARKING, indicator("198.51.100.2"))]
    family, sco, marking, other = ids
    versions = [one["modified"] for one in three]
    reader = door("dansk")
    cases = {
        "": ids,
        "match[type]=indicator": [family, other],
        "match%5Btype%5D=indicator%2Cipv4-addr": [family, sco, other],
        "match[type]=indicator,malware": [family, other],
        "match[type]=x-no-such-type": [],
        f"match[id]={family}": [family],
        f"match[id]={other},{family}": [family, other],
        f"match[id]={stix_id('indicator', 'nowhere')}": [],
        f"match[id]={family}&match[type]=ipv4-addr": [],
        "match[version]=last": ids,
        "match[version]=all": [family] * 2 + ids,
        "match[version]=first": ids,
        "match[version]=first&match[type]=indicator": [family, other],
        "match[version]=first,last&match[type]=indicator": [family, family, other],
        "match[version]=first,last&match[type]=indicator&limit=3": [family, family, other],
        f"match[version]={versions[1].replace('.000Z', 'Z')}": [family],
        f"match[version]={versions[1]},first&match[type]=indicator": [family, family, other],
        f"match[version]={MARKING['created']}": [marking],
        "match[spec_version]=2.1": ids,
        "match[spec_version]=2.0,2.1": ids,
        "match[spec_version]=2.0": [],
        "match[colour]=red&match[colour]=blue&page=4": ids,
        "limit=999999999": ids,
        f"match[type]=indicator&added_after={seen_at:%Y-%m-%dT%H:%M:%S.%fZ}": [other],
    }
    for collection in (reader.virtual, reader.collection_of("community")):
        for query, expected in cases.items():
            asked = reader.objects(collection, query), reader.objects(collection, query, "manifest")
            found = [[one["id"] for one in answer.json().get("objects", [])] for answer in asked]
            assert found == [expected] * 2, query
            assert [asked[0][name] for name in (FIRST, LAST)] == [asked[1][name] for name in (FIRST, LAST)]
    records = {one["id"]: one for one in reader.objects(kind="manifest").json()["objects"]}
    assert records[family]["version"] == versions[2] and records[marking]["version"] == MARKING["created"]
    assert records[sco]["date_added"].startswith(records[sco]["version"].removesuffix("Z"))
    assert records[other]["media_type"] in reader.get(f"collections/{reader.virtual}/").json()["media_types"]
    assert reader.ids(query=f"match[version]={records[sco]['version']}&match[type]=ipv4-addr") == [sco]
    crossed = reader.ids(query=f"match[id]={family}&match[version]=all&added_after={records[family]['date_added']}")
    assert crossed == []


@pytest.mark.parametrize("version", ["first", "last", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"])
def test_a_version_in_a_leap_second_is_one_as_any_other(alliance, door, version: str) -> None:
    leaping = indicator("198.51.100.1", GREEN, created="2016-12-31T23:59:60.000Z", modified="2016-12-31T23:59:60.000Z")
    admit(alliance, leaping)
    assert door("dansk").ids(query=f"match[version]={version}") == [leaping["id"]]


MALFORMED = [
    "limit=0", "limit=-1", "limit=abc", "limit=1.0", "limit=", "limit=%2B5", "limit=1&limit=2", "limit=٣",
    "added_after=yesterday", "added_after=", "added_after=2026-01-01", "added_after=2026-01-01T00:00:00",
    "added_after=2026-02-30T00:00:00Z", "added_after=2026-01-01T00:00:00%2B02:00", "added_after=2026-01-01T00:00:00.Z",
    "added_after=2026-01-01T00:00:00Z&added_after=2026-01-01T00:00:00Z", "added_after=2026-01-01T00:00:00Z,all",
    "next=", "next=abc", "next=%00", "next=" + "A" * 86, "next=" + "_" * 4000,
    "match[version]=all,last", "match[version]=last,last", "match[version]=indicator", "match[version]=",
    "match[version]=2026-01-01T00:00:00.1Z,2026-01-01T00:00:00.100Z", "match[version]=2026-01-01T00:00:00%2B00:00",
    "match[version]=last&match[version]=first", "match[spec_version]=indicator", "match[id]=a&match[id]=b",
    "match[type]=indicator,", "match[type]=%ff", "&".join(f"a{n}=1" for n in range(200)),
]  # fmt: skip


def test_malformed_parameters_are_refused_in_the_error_form(alliance, door) -> None:
    admit(alliance, *(indicator(f"198.51.100.{n}", GREEN) for n in range(3)))
    reader = door("dansk")
    for query in MALFORMED:
        for kind in ("objects", "manifest"):
            answer = reader.objects(query=query, kind=kind)
            assert (answer.status_code, answer["Content-Type"]) == (400, TAXII), query
            assert answer.json()["http_status"] == "400" and answer.json()["title"] == "Bad Request"
    reader_of_one = reader.objects(query="limit=1").json()["next"]
    other_query = reader.objects(query=f"limit=1&match[type]=indicator&next={reader_of_one}")
    other_collection = reader.objects(reader.collection_of("community"), f"limit=1&next={reader_of_one}")
    assert (other_query.status_code, other_collection.status_code) == (400, 400)


def test_next_beside_an_added_after_is_the_next_page_of_its_own_query(alliance, door) -> None:
    admit(alliance, *(indicator(f"198.51.100.{n}", GREEN) for n in range(5)))
    reader = door("dansk")
    query = "limit=2&added_after=2026-01-01T00:00:00.000Z"
    page = reader.objects(query=query)
    following, stem = page.json()["next"], page[LAST].removesuffix("Z")
    third = [indicator("198.51.100.2")["id"], indicator("198.51.100.3")["id"]]
    same = ["&added_after=2026-01-01T00:00:00Z", "", f"&added_after={stem}Z", f"&added_after={stem[:-3]}+00:00"]
    pages = [reader.objects(query=f"limit=2{one}&next={following}").json() for one in same]
    assert [[one["id"] for one in page["objects"]] for page in pages] == [third] * 4
    assert len({page["next"] for page in pages}) == 1, "the query stays what it was, whatever is sent beside its cursor"
    for other in ("2026-02-01T00:00:00Z", "1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z"):
        assert reader.objects(query=f"limit=2&added_after={other}&next={following}").status_code == 400


def test_a_stolen_next_reads_nothing_that_its_user_may_not_read(alliance, door) -> None:
    admit(alliance, *(indicator(f"203.0.113.{n}", AMBER) for n in range(3)), audience="group:energy")
    theirs = door("dansk")
    stolen = theirs.objects(query="limit=1").json()["next"]
    outsider = door("fjord")
    assert outsider.objects(query=f"limit=1&next={stolen}").content == b"{}"
    group = theirs.collection_of("group:energy")
    in_group = theirs.objects(group, "limit=1").json()["next"]
    assert outsider.objects(group, f"limit=1&next={in_group}").status_code == 404


def test_one_object_and_its_versions(alliance, door) -> None:
    three = [indicator("198.51.100.1", GREEN, minute=minute) for minute in range(3)]
    for one in three:
        admit(alliance, one)
        alliance.clock.advance(seconds=1)
    admit(alliance, observable("198.51.100.7", GREEN))
    reader = door("dansk")
    versions = [one["modified"] for one in three]
    for collection in (reader.virtual, reader.collection_of("community")):
        here = f"collections/{collection}/objects/{three[0]['id']}/"
        assert reader.get(here).json() == {"more": False, "objects": [three[2]]}
        assert reader.get(here)[LAST] == reader.get(here)[FIRST]
        assert reader.get(here + "?match[version]=all").json()["objects"] == three
        assert reader.get(here + "?match[version]=first&match[type]=ipv4-addr").json()["objects"] == [three[0]]
        assert reader.get(here + f"?match[version]={versions[1]}").json()["objects"] == [three[1]]
        listed = reader.get(here + "versions/")
        assert listed.json() == {"more": False, "versions": versions}
        after_first = reader.get(here + f"versions/?added_after={listed[FIRST]}").json()["versions"]
        assert after_first == versions[1:]
        page = reader.get(here + "versions/?limit=2").json()
        assert page["versions"] == versions[:2] and page["more"]
        assert reader.get(here + f"versions/?limit=2&next={page['next']}").json()["versions"] == versions[2:]
        filtered = ["?added_after=2999-01-01T00:00:00Z", "?match[spec_version]=2.0"]
        for path in [*filtered, "?match[version]=2020-01-01T00:00:00Z", *("versions/" + one for one in filtered)]:
            answer = reader.get(here + path)
            assert (answer.status_code, answer.content) == (200, b"{}") and answer[FIRST] and answer[LAST], path
        sco = reader.get(f"collections/{collection}/objects/{observable()['id']}/versions/").json()["versions"]
        manifest = {one["id"]: one["version"] for one in reader.objects(collection, kind="manifest").json()["objects"]}
        assert sco == [manifest[observable()["id"]]]


def test_the_latest_is_the_latest_that_the_reader_may_read(alliance, door) -> None:
    old, new = (indicator("198.51.100.1", GREEN, minute=minute) for minute in range(2))
    admit(alliance, old)
    admit(alliance, new, audience="group:energy")
    insider, outsider = door("dansk"), door("fjord")
    here = f"objects/{old['id']}/"
    for reader, latest in ((insider, new), (outsider, old)):
        assert reader.objects().json()["objects"] == [latest]
        assert reader.get(f"collections/{reader.virtual}/{here}").json()["objects"] == [latest]
    seen = outsider.objects()[LAST]
    alliance.clock.advance(seconds=1)
    admit(alliance, new)
    assert outsider.objects(query=f"added_after={seen}").json()["objects"] == [new]
    assert outsider.objects(query=f"match[version]=first&match[id]={old['id']}").json()["objects"] == [old]


def test_what_may_not_be_read_answers_as_what_does_not_exist(alliance, door) -> None:
    hidden = indicator("203.0.113.9", AMBER)
    admit(alliance, hidden, audience="group:energy")
    outsider, insider = door("fjord"), door("dansk")
    group, nowhere = insider.collection_of("group:energy"), "7f0c6b52-7a4e-4d0e-9b63-0a3f4f0f0c11"
    absent = stix_id("indicator", "nowhere")
    pairs = [(f"collections/{group}/{rest}", f"collections/{nowhere}/{rest}") for rest in ("", "objects/", "manifest/")]
    here = f"collections/{outsider.virtual}/objects"
    pairs += [(f"{here}/{hidden['id']}/{rest}", f"{here}/{absent}/{rest}") for rest in ("", "versions/")]
    for refused, missing in pairs:
        answers = [outsider.get(refused), outsider.get(missing)]
        told = [{**answer.json(), "error_id": ""} for answer in answers]
        headers = [{name: value for name, value in answer.headers.items() if name != "Date"} for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert told[0] == told[1] and headers[0] == headers[1]
    assert insider.get(f"collections/{group}/objects/{hidden['id']}/").status_code == 200


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_key_without_reading_or_anything_sees_little(alliance, door) -> None:
    assert door("acme", "submit").objects().status_code == 404
    listed = door("acme", "submit").get("collections/").json()["collections"]
    assert [(one["can_read"], one["can_write"]) for one in listed] == [(False, True)]
    from django.test import Client

    from tests.taxii.conftest import basic

    bare = Client(headers={"Authorization": basic(alliance.key("acme", "sight"))}).get("/taxii2/root/collections/")
    assert (bare.status_code, bare.content) == (200, b"{}")
