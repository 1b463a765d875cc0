"""The names of the API are a contract: each answer holds exactly these fields, at these paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.alliance import GREEN, PASSWORD, bundle, indicator
from tests.api.conftest import Api, World

MINE = indicator("198.51.100.7", GREEN)
RECEIPT = "id state outcomes counts unmarked_at_home advice audience created due"
OUTCOME = "id version outcome collection number warnings error"
ENTRY = "id version owner collection number added"
RECIPIENT = "member principal door at can_be_told"
WITHDRAWAL = {"id": MINE["id"], "version": None, "reason": "sent too far"}
STATEMENT = "owner submitter version collection number added note revoked object"
LISTED = "id title audience can_read can_write virtual sealed size created added"
PROOF = "number size header salt body leaf path note"
LOGGED = "number added kind header salt body leaf"

# Method and path, as an owner asks; the body; where in the answer to look; which fields are there.
CASES: list[tuple[str, str, Any, str, str]] = [
    ("POST", "/objects?audience=community&collection=&default_marking=", MINE, "", RECEIPT),
    ("POST", "/objects", bundle(MINE), "outcomes.0", OUTCOME),
    ("POST", "/objects", MINE | {"pattern": "["}, "outcomes.0.error", "rule where message remedy"),
    ("POST", "/objects", MINE, "counts", "admitted present refused held total"),
    ("POST", "/objects", MINE, "audience", "address members people others counts"),
    ("GET", "/submissions/{submission}", None, "", RECEIPT),
    ("GET", "/objects/{object}", None, "", "id objects"),
    ("GET", "/objects/{object}", None, "objects.0", STATEMENT),
    ("GET", "/objects/{object}/versions", None, "objects.0", STATEMENT),
    ("GET", "/search?q=198.51.100.7&limit=5", None, "results.0", f"{ENTRY} name snippet matched"),
    ("POST", "/lookup", {"values": ["198.51.100.7"]}, "results.0", "value type normal entries total"),
    ("POST", "/lookup", {"values": ["198.51.100.7"]}, "results.0.entries.0", ENTRY),
    ("POST", "/audience", {"audience": "group:energy"}, "", "members people others counts address"),
    ("POST", "/audience", {"audience": "group:energy"}, "members.0", "id name kind nation"),
    ("GET", "/objects/{object}/explain?viewer=member:dansk", None, "", "readable because"),
    ("GET", "/objects/{object}/sent", None, "", "sent_to others"),
    ("GET", "/objects/{object}/sent", None, "sent_to.0", RECIPIENT),
    ("POST", "/withdrawals", WITHDRAWAL, "", "withdrawn sent_to others advice"),
    ("POST", "/withdrawals", WITHDRAWAL | {"version": MINE["modified"]}, "withdrawn.0", "id version collection number"),
    ("POST", "/withdrawals", WITHDRAWAL, "sent_to.0", RECIPIENT),
    ("GET", "/withdrawals?since=2030-01-01T00:00:00Z", None, "withdrawals.0", f"{ENTRY} reason"),
    ("GET", "/collections", None, "collections.0", LISTED),
    ("GET", "/collections/{collection}/objects?added_after=2026-01-01T00:00:00Z", None, "", "more next objects notice"),
    ("GET", "/collections/{collection}/entries?after=0&limit=1", None, "", "more next size entries"),
    ("GET", "/collections/{collection}/entries", None, "entries.0", LOGGED),
    ("GET", "/collections/{collection}/checkpoint", None, "", "note size epoch root epochs"),
    ("GET", "/collections/{collection}/entries/1/proof?size=3", None, "", PROOF),
    ("GET", "/collections/{collection}/consistency?from=1&to=3", None, "", "from to path"),
    ("POST", "/sessions", {"username": "ada", "password": PASSWORD}, "", "token expires person member"),
    ("GET", "/me", None, "", "principal member nation scopes roles groups"),
    ("GET", "/health", None, "", "status"),
    ("GET", "/key", None, "", "key"),
    ("GET", "/nowhere", None, "error", "rule where message remedy request_id status"),
]  # fmt: skip


@pytest.fixture
def ask(world: World) -> Callable[[str, str, Any], Any]:
    """Asks as acme, whose object dansk has read and which has withdrawn another."""
    world.alliance.person("acme", "ada", "analyst")
    receipt = world.given("acme", "community", MINE, indicator("198.51.100.8", GREEN))
    world.api("dansk").get(f"/objects/{MINE['id']}")
    acme = world.api("acme")
    acme.post("/withdrawals", {"id": receipt["outcomes"][1]["id"], "reason": "another"})
    known = {
        "submission": receipt["id"], "object": MINE["id"], "collection": receipt["outcomes"][0]["collection"]
    }  # fmt: skip
    return lambda method, path, body: acme.call(method, path.format(**known), body).json()


@pytest.mark.parametrize(("method", "path", "body", "where", "fields"), CASES)
def test_the_answer_holds_exactly(
    ask: Callable[[str, str, Any], Any], method: str, path: str, body: Any, where: str, fields: str
) -> None:
    found = ask(method, path, body)
    for step in filter(None, where.split(".")):
        found = found[int(step)] if step.isdigit() else found[step]
    assert sorted(found) == sorted(fields.split())


def test_the_paths_are_these_and_no_others(world: World) -> None:
    paths = Api().get("/openapi.json").json()["paths"]
    assert sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods) == sorted("""
        POST /objects|GET /submissions/{id}|DELETE /submissions/{id}|POST /submissions/{id}/send|GET /objects/{id}
        GET /objects/{id}/versions|GET /objects/{id}/explain|GET /objects/{id}/sent|GET /search|POST /lookup
        POST /audience|POST /withdrawals|GET /withdrawals|GET /collections|GET /collections/{id}/objects
        GET /collections/{id}/entries|GET /collections/{id}/checkpoint|GET /collections/{id}/entries/{number}/proof
        GET /collections/{id}/consistency|POST /sessions|DELETE /sessions|GET /me|GET /health|GET /key
        GET /openapi.json
    """.strip().replace("\n        ", "|").split("|"))  # fmt: skip


def test_times_are_written_like_those_of_taxii(ask: Callable[[str, str, Any], Any]) -> None:
    listed = ask("GET", "/collections", None)["collections"][0]
    times = [ask("GET", "/submissions/{submission}", None)["created"], listed["created"], listed["added"]]
    assert [one[-1] + one[19] for one in times] == ["Z."] * 3 and {len(one) for one in times} == {27}


def test_whatever_may_be_got_may_be_asked_for_its_head(world: World) -> None:
    got, head = (world.api("acme").call(method, "/me") for method in ("GET", "HEAD"))
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, got.headers["Content-Length"], b"")
