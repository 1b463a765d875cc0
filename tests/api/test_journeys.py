"""What members do, from end to end, through the API."""

from __future__ import annotations

import base64

import orjson
import pytest

from shieldwall.exchange import instant
from shieldwall.merkle import EMPTY, leaf_hash, open_note, parse_public_key, verify_consistency, verify_inclusion
from tests.alliance import AMBER, CLEAR, GREEN, PASSWORD, RED, bundle, indicator, observable
from tests.api.conftest import BOTH, Api, World


def ids_in(api: Api, collection: str | None = None) -> list[str]:
    """The ids of all objects on the pages of a collection, or of the virtual one."""
    where = collection or api.get("/collections").json()["collections"][0]["id"]
    return [one["id"] for one in api.get(f"/collections/{where}/objects").json()["objects"]]


@BOTH
def test_a_group_reads_what_a_member_gives_it_and_an_outsider_sees_nothing(world: World) -> None:
    from shieldwall import exchange

    mine = indicator("198.51.100.7", AMBER, name="Sandworm relay")
    receipt = world.given("acme", "group:energy", mine)
    exchange.follow_words()
    assert [one["id"] for one in receipt["audience"]["members"]] == ["acme", "dansk", "no-cert"]
    inside, outside = world.api("dansk"), world.api("fjord")

    [statement] = inside.get(f"/objects/{mine['id']}").json()["objects"]
    assert (statement["owner"], statement["object"]) == ("acme", mine)
    assert ids_in(inside) == [mine["id"]]
    for query in ("sandworm", "198.51.100[.]7", "sandworm relay 198.51.100.7"):
        assert [one["id"] for one in inside.get(f"/search?q={query}").json()["results"]] == [mine["id"]]
        assert outside.get(f"/search?q={query}").json() == {"results": []}
    known = inside.post("/lookup", {"values": ["198[.]51[.]100[.]7"]}).json()["results"][0]
    assert (known["type"], known["normal"], known["total"]) == ("ipv4", "198.51.100.7", 1)
    assert outside.post("/lookup", {"values": ["198[.]51[.]100[.]7"]}).json()["results"][0]["entries"] == []
    assert ids_in(outside) == []
    assert outside.get(f"/objects/{mine['id']}").status_code == 404


def test_a_preview_names_those_who_would_read_it(world: World) -> None:
    preview = world.api("acme").post("/audience", {"audience": "group:energy & nation:no"}).json()
    assert [one["id"] for one in preview["members"]] == ["acme", "no-cert"]
    assert preview["counts"] == {"members": 2, "people": 0, "nations": 1}


def test_the_owner_is_told_why_somebody_may_read_it_or_not(world: World) -> None:
    mine = indicator("198.51.100.7", AMBER)
    world.given("acme", "group:energy", mine)
    acme = world.api("acme")
    assert acme.get(f"/objects/{mine['id']}/explain?viewer=member:dansk").json()["readable"] is True
    refused = acme.get(f"/objects/{mine['id']}/explain?viewer=member:fjord").json()
    assert refused["readable"] is False
    assert any("group:energy" in line for line in refused["because"])
    # Of others, nobody but the owner may ask.
    assert world.api("dansk").get(f"/objects/{mine['id']}/explain?viewer=member:fjord").status_code == 404


def test_a_new_version_stands_in_the_place_of_the_old_one_and_revoking_ends_it(world: World) -> None:
    for minute in (0, 1):
        world.given("acme", "community", indicator("198.51.100.7", GREEN, minute=minute))
    revoked = indicator("198.51.100.7", GREEN, minute=2, revoked=True)
    world.given("acme", "community", revoked)
    reader = world.api("dansk")
    [latest] = reader.get(f"/objects/{revoked['id']}").json()["objects"]
    assert (latest["revoked"], latest["version"]) == (True, revoked["modified"])
    every = reader.get(f"/objects/{revoked['id']}/versions").json()["objects"]
    assert [one["version"][14:16] for one in every] == ["00", "01", "02"]


@BOTH
def test_what_is_withdrawn_vanishes_and_its_owner_learns_who_had_it(world: World) -> None:
    mine, other = indicator("198.51.100.7", GREEN), indicator("198.51.100.8", GREEN)
    receipt = world.given("acme", "community", mine, other)
    acme, reader = world.api("acme"), world.api("dansk")
    assert reader.get(f"/objects/{mine['id']}").status_code == 200
    before = acme.get(f"/objects/{mine['id']}/sent").json()
    assert [(one["member"], one["door"], one["can_be_told"]) for one in before["sent_to"]] == [("dansk", "api", True)]

    done = acme.post("/withdrawals", {"id": mine["id"], "version": None, "reason": "sent too far"}).json()
    assert [(one["id"], one["number"]) for one in done["withdrawn"]] == [(mine["id"], 1)]
    assert done["sent_to"] == before["sent_to"]
    assert "revoked" in done["advice"]
    assert reader.get(f"/objects/{mine['id']}").status_code == 404
    assert ids_in(reader) == [other["id"]]
    [announced] = reader.get("/withdrawals").json()["withdrawals"]
    assert (announced["id"], announced["reason"], announced["owner"]) == (mine["id"], "sent too far", "acme")
    assert reader.get(f"/withdrawals?since={announced['added']}").json() == {"withdrawals": []}
    # Nor does the log give it, by its entries or by a proof.
    where = receipt["outcomes"][0]["collection"]
    entries = reader.get(f"/collections/{where}/entries").json()["entries"]
    assert [(one["kind"], one["body"] is None, one["salt"] is None) for one in entries] == [
        ("object", True, True), ("object", False, False), ("withdrawal", False, False),
    ]  # fmt: skip
    assert reader.get(f"/collections/{where}/entries/1/proof").json()["body"] is None


def test_nobody_withdraws_what_is_not_theirs(world: World) -> None:
    mine = indicator("198.51.100.7", GREEN)
    world.given("acme", "community", mine)
    body = {"id": mine["id"], "reason": "not mine"}
    assert world.api("dansk").post("/withdrawals", body).status_code == 404
    assert world.api("dansk").get(f"/objects/{mine['id']}").status_code == 200


@BOTH
def test_what_is_held_is_taken_back_unread_or_sent_at_once(world: World) -> None:
    acme, reader = world.api("acme"), world.api("dansk")
    answers = [
        acme.post("/objects?audience=community&hold=PT1H", indicator(value, GREEN))
        for value in ("198.51.100.7", "198.51.100.8")
    ]
    assert [(one.status_code, one.json()["state"]) for one in answers] == [(202, "held"), (202, "held")]
    places = [one.headers["Location"].partition("/api/v1")[2] for one in answers]
    assert [acme.get(place).json()["due"] for place in places] == [one.json()["due"] for one in answers]
    assert ids_in(reader) == []

    assert acme.delete(places[0]).json()["state"] == "void"
    sent = acme.post(f"{places[1]}/send").json()
    assert [one["outcome"] for one in sent["outcomes"]] == ["admitted"]
    assert ids_in(reader) == [sent["outcomes"][0]["id"]]
    for place in places:
        assert (acme.delete(place).status_code, acme.post(f"{place}/send").status_code) == (409, 409)
        assert (reader.get(place).status_code, reader.delete(place).status_code) == (404, 404)


def test_a_revocation_never_waits(world: World) -> None:
    world.given("acme", "community", indicator("198.51.100.7", GREEN))
    revoked = indicator("198.51.100.7", GREEN, minute=1, revoked=True)
    world.api("acme").post("/objects?audience=community&hold=3600", revoked)
    [latest] = world.api("dansk").get(f"/objects/{revoked['id']}").json()["objects"]
    assert latest["revoked"] is True


@BOTH
def test_red_reaches_the_person_it_names_and_no_key_of_their_organisation(world: World) -> None:
    anna, ole = world.person("dansk", "anna"), world.person("no-cert", "ole", "analyst")
    name = anna.get("/me").json()["principal"]
    secret = indicator("203.0.113.9", RED, name="Named people only")
    given = ole.post(f"/objects?audience={name}", bundle(secret)).json()
    assert [one["outcome"] for one in given["outcomes"]] == ["admitted"]
    assert [one["username"] for one in given["audience"]["people"]] == ["anna"]

    assert anna.get(f"/objects/{secret['id']}").json()["objects"][0]["object"] == secret
    assert ids_in(anna) == [secret["id"]]
    key = world.api("dansk")
    absent = key.get(f"/objects/{secret['id']}")
    assert (absent.status_code, ids_in(key)) == (404, [])
    assert key.post("/lookup", {"values": ["203.0.113.9"]}).json()["results"][0]["total"] == 0
    assert key.get(f"/collections/{given['outcomes'][0]['collection']}/entries").status_code == 404


def test_red_is_refused_to_more_than_named_people(world: World) -> None:
    refused = world.api("acme").post("/objects?audience=group:energy", indicator("203.0.113.9", RED)).json()
    [outcome] = refused["outcomes"]
    assert (outcome["outcome"], outcome["error"]["rule"]) == ("refused", "tlp-ceiling")
    assert outcome["error"]["remedy"].startswith("name the people")


def test_only_a_person_makes_something_public(world: World) -> None:
    clear = indicator("198.51.100.7", CLEAR)
    [by_key] = world.api("acme").post("/objects?audience=public", clear).json()["outcomes"]
    assert (by_key["outcome"], by_key["error"]["rule"]) == ("refused", "address-public")
    [by_person] = world.person("acme", "ada", "release").post("/objects?audience=public", clear).json()["outcomes"]
    assert by_person["outcome"] == "admitted"


@BOTH
def test_an_idempotency_key_returns_the_first_receipt(world: World) -> None:
    acme = world.api("acme")
    body = bundle(indicator("198.51.100.7", GREEN))
    first = acme.post("/objects?audience=community", body, Idempotency_Key="once")
    again = acme.post("/objects?audience=community", body, Idempotency_Key="once")
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert acme.get("/collections").json()["collections"][0]["size"] == 1
    another = acme.post("/objects?audience=group:energy", body, Idempotency_Key="once")
    assert (another.status_code, another.json()["error"]["rule"]) == (409, "idempotency key")


def test_what_is_unmarked_stays_home_unless_a_default_says_how_far_it_may_go(world: World) -> None:
    acme, reader = world.api("acme"), world.api("dansk")
    bare = indicator("198.51.100.7")
    first = acme.post("/objects?audience=community", bundle(bare)).json()
    assert (first["unmarked_at_home"], ids_in(reader)) == (1, [])
    assert "--default-marking" in first["advice"]

    second = acme.post("/objects?audience=community&default_marking=TLP:GREEN", bundle(bare)).json()
    assert (second["unmarked_at_home"], second["advice"]) == (0, "")
    [statement] = reader.get(f"/objects/{bare['id']}").json()["objects"]
    assert (statement["object"], statement["note"]) == (bare, "default marking TLP:GREEN")


def test_one_bad_object_is_refused_with_its_reason_and_the_others_go_in(world: World) -> None:
    good, bad = indicator("198.51.100.7", GREEN), indicator("198.51.100.8", GREEN) | {"pattern": "[ipv4-addr:value ="}
    receipt = world.api("acme").post("/objects?audience=community", bundle(good, bad)).json()
    assert [one["outcome"] for one in receipt["outcomes"]] == ["admitted", "refused"]
    assert receipt["counts"] == {"admitted": 1, "present": 0, "refused": 1, "held": 0, "total": 2}
    error = receipt["outcomes"][1]["error"]
    assert error["rule"] and error["message"] and bad["id"] in error["where"]


@BOTH
def test_what_is_too_much_for_one_request_is_admitted_behind_it(world: World) -> None:
    from shieldwall import exchange

    acme = world.api("acme")
    many = b"[" + b",".join([orjson.dumps(indicator("198.51.100.7", GREEN))] * 10_001) + b"]"
    answer = acme.post("/objects?audience=community", many)
    place = answer.headers["Location"].partition("/api/v1")[2]
    assert (answer.status_code, acme.get(place).json()["state"]) == (202, "pending")
    assert exchange.release_due() == 1
    done = acme.get(place).json()
    assert (done["state"], done["counts"]["admitted"], done["counts"]["total"]) == ("complete", 1, 10_001)


def test_an_object_is_given_back_byte_for_byte(world: World) -> None:
    odd = orjson.dumps(indicator("198.51.100.7", GREEN)).replace(b":", b" :\t").replace(b'"Address', b'"\\u0041ddress')
    odd = odd.replace(b"2026-01-01T00 :\t00 :\t00", b"2026-01-01T00:00:00").replace(b"ipv4-addr :\t", b"ipv4-addr:")
    receipt = world.api("acme").post("/objects?audience=community", odd).json()
    assert receipt["counts"]["admitted"] == 1, receipt
    reader, where = world.api("dansk"), receipt["outcomes"][0]["collection"]
    assert odd in reader.get(f"/objects/{receipt['outcomes'][0]['id']}").content
    assert (
        reader.get(f"/collections/{where}/objects").content
        == b'{"more":false,"next":null,"objects":[' + odd + b'],"notice":""}'
    )


@pytest.mark.parametrize("media", ["application/stix+json;version=2.1", "application/taxii+json;version=2.1"])
def test_objects_come_as_stix_or_taxii_too(world: World, media: str) -> None:
    answer = world.api("acme").post(
        "/objects?audience=community", bundle(observable("198.51.100.7", GREEN)), media=media
    )
    assert answer.json()["counts"]["admitted"] == 1


@BOTH
def test_pages_give_everything_once_and_in_order(world: World) -> None:
    given = [indicator(f"198.51.100.{n}", GREEN) for n in range(7)]
    world.given("acme", "community", *given[:4])
    world.given("acme", "group:energy", *given[4:])
    reader = world.api("dansk")
    where = reader.get("/collections").json()["collections"][0]["id"]
    pulled: list[str] = []
    query = ""
    while True:
        page = reader.get(f"/collections/{where}/objects?limit=3{query}").json()
        pulled += [one["id"] for one in page["objects"]]
        assert page["more"] is (page["next"] is not None)
        if not page["more"]:
            break
        query = f"&next={page['next']}"
    assert pulled == [one["id"] for one in given]
    other = reader.get(f"/collections/{where}/objects?added_after=2030-01-01T00:00:00Z{query}")
    assert (other.status_code, other.json()["error"]["where"]) == (400, "next")


@BOTH
def test_a_log_is_verified_with_nothing_but_the_public_key(world: World) -> None:
    receipt = world.given("acme", "community", *(indicator(f"198.51.100.{n}", GREEN) for n in range(5)))
    reader, where = world.api("dansk"), receipt["outcomes"][0]["collection"]
    key = parse_public_key(Api().get("/key").json()["key"])
    earlier = open_note(reader.get(f"/collections/{where}/checkpoint").json()["note"].encode(), key)
    world.given("acme", "community", *(indicator(f"198.51.100.{n}", GREEN) for n in range(5, 8)))
    shown = reader.get(f"/collections/{where}/checkpoint").json()
    signed = open_note(shown["note"].encode(), key)
    assert (signed.size, signed.epoch, signed.root.hex()) == (shown["size"], shown["epoch"], shown["root"])

    leaves, after = [], 0
    while True:
        page = reader.get(f"/collections/{where}/entries?after={after}&limit=3").json()
        for entry in page["entries"]:
            salt, header, body = (base64.b64decode(entry[part]) for part in ("salt", "header", "body"))
            leaves.append(leaf_hash(salt, header, body))
            assert entry["leaf"] == leaves[-1].hex()
        if not page["more"]:
            break
        after = page["next"]
    assert EMPTY.extended(leaves).root() == signed.root

    proof = reader.get(f"/collections/{where}/entries/2/proof").json()
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert verify_inclusion(leaves[1], 1, signed.size, path, signed.root)
    old = reader.get(f"/collections/{where}/entries/2/proof?size={earlier.size}").json()
    assert verify_inclusion(leaves[1], 1, earlier.size, [bytes.fromhex(s) for s in old["path"]], earlier.root)
    grown = reader.get(f"/collections/{where}/consistency?from={earlier.size}&to={signed.size}").json()
    path = [bytes.fromhex(step) for step in grown["path"]]
    assert verify_consistency(earlier.size, earlier.root, signed.size, signed.root, path)


def test_whoever_reads_the_log_itself_is_among_those_who_had_it(world: World) -> None:
    mine = indicator("198.51.100.7", GREEN)
    where = world.given("acme", "community", mine)["outcomes"][0]["collection"]
    world.api("dansk").get(f"/collections/{where}/entries")
    world.api("fjord").get(f"/collections/{where}/entries/1/proof")
    sent = world.api("acme").get(f"/objects/{mine['id']}/sent").json()["sent_to"]
    assert {one["member"] for one in sent} == {"dansk", "fjord"}


def test_a_session_begins_with_a_password_and_ends_when_it_is_told_to(world: World) -> None:
    world.alliance.person("acme", "ada", "analyst")
    opened = Api().post("/sessions", {"username": "ada", "password": PASSWORD}).json()
    ada = Api(opened["token"])
    me = ada.get("/me").json()
    assert (me["principal"], me["member"], me["roles"]) == (f"person:{opened['person']}", "acme", ["analyst"])
    assert ada.delete("/sessions").json() == {"signed_out": True}
    assert ada.get("/me").status_code == 401


def test_a_session_is_good_until_the_time_it_was_given_with(world: World) -> None:
    world.alliance.person("acme", "ada", "analyst")
    opened = Api().post("/sessions", {"username": "ada", "password": PASSWORD}).json()
    world.clock.moment = instant(opened["expires"]) - 1
    assert Api(opened["token"]).get("/me").status_code == 200
    world.clock.advance(seconds=1)
    assert Api(opened["token"]).get("/me").status_code == 401
