"""Every refusal has its status and one form, and tells nobody more than they may know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.alliance import AMBER, GREEN, Alliance, indicator, stix_id
from tests.api.conftest import Api, World
from tests.conftest import close_connections
from tests.node import Clock, Entropy, fresh_node

NOBODY = str(UUID(int=0x4000_8000_0000_0000_0000, version=4))
NOTHING = stix_id("indicator", "that nobody ever gave")
IDS = {"/objects/{id}": NOTHING, "/collections/{id}": NOBODY, "/submissions/{id}": NOBODY}
NEEDED = {"/search": "?q=some+words", "/collections/{id}/consistency": "?from=1&to=1"}
BODIES: dict[str, Any] = {
    "/objects": {"type": "indicator"}, "/audience": {"audience": "community"}, "/lookup": {"values": []},
    "/withdrawals": {"id": NOTHING, "reason": ""}, "/sessions": {"username": "no", "password": "body"},
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One alliance for all of them: what is refused changes nothing."""
    clock = Clock()
    fresh_node(tmp_path_factory.mktemp("refusing") / "data", clock=clock, entropy=Entropy())
    yield World(Alliance(clock))
    close_connections()


def routes(**wanted: object) -> list[tuple[str, str]]:
    """Method and path of the routes whose fields are as wanted; a callable is asked."""
    from tests.node import set_django_up

    set_django_up()
    from shieldwall.api.table import ROUTES

    return [
        (route.method, route.path)
        for route in ROUTES
        if all(
            want(getattr(route, name)) if callable(want) else getattr(route, name) == want
            for name, want in wanted.items()
        )
    ]


def ask(api: Api, method: str, path: str, *, query: str | None = None, body: Any = None, **headers: str) -> Any:
    """A request that is good but for the ids in it, which nothing has."""
    filled = path
    for prefix, name in IDS.items():
        filled = filled.replace(prefix, prefix.replace("{id}", name))
    filled = filled.replace("{number}", "1") + (NEEDED.get(path, "") if query is None else query)
    given = BODIES.get(path) if body is None and method == "POST" else body
    return api.call(method, filled, given, **headers)


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The error in `answer`, which has `status` and the one form."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    error: dict[str, Any] = answer.json()["error"]
    assert sorted(error) == ["message", "remedy", "request_id", "rule", "status", "where"]
    assert error["status"] == status and error["message"]
    return error


@pytest.mark.parametrize(("method", "path"), routes(public=False))
def test_nobody_is_answered_without_a_good_credential(world: World, method: str, path: str) -> None:
    for credential in ("", "sw_unknown_0000", "not a key"):
        answer = ask(Api(credential), method, path)
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(("method", "path"), routes(public=True, takes=None))
def test_what_is_public_is_answered_to_anybody(world: World, method: str, path: str) -> None:
    assert ask(Api(), method, path).status_code == 200


@pytest.mark.parametrize("scope", ["read", "submit"])
def test_a_route_that_needs_a_scope_refuses_a_key_without_it(world: World, scope: str) -> None:
    other = world.key("acme", "submit" if scope == "read" else "read")
    for method, path in routes(scope=scope):
        assert problem(ask(other, method, path), 403)["rule"] == "scope"


@pytest.mark.parametrize(("method", "path"), routes(errors=lambda errors: 404 in errors, path=lambda path: "{" in path))
def test_what_does_not_exist_is_absent(world: World, method: str, path: str) -> None:
    assert problem(ask(world.api("acme"), method, path), 404)["message"].startswith("no such")


@pytest.mark.parametrize(("method", "path"), routes(path=lambda path: path.startswith(("/collections/", "/objects/"))))
def test_what_one_may_not_read_answers_like_what_does_not_exist(world: World, method: str, path: str) -> None:
    hidden = indicator("198.51.100.7", AMBER)
    where = world.given("acme", "group:energy", hidden)["outcomes"][0]["collection"]
    outsider = world.api("fjord")
    missing = problem(ask(outsider, method, path), 404)
    there = path.replace("/objects/{id}", f"/objects/{hidden['id']}").replace(
        "/collections/{id}", f"/collections/{where}"
    )
    refused = problem(outsider.call(method, there.replace("{number}", "1") + NEEDED.get(path, "")), 404)
    assert missing | {"request_id": ""} == refused | {"request_id": ""}


def test_giving_into_a_collection_that_one_may_not_read_is_like_giving_into_none(world: World) -> None:
    where = world.given("acme", "group:energy", indicator("198.51.100.7", AMBER))["outcomes"][0]["collection"]
    answers = [
        problem(world.api("fjord").post(f"/objects?collection={one}", indicator("198.51.100.8", GREEN)), 404)
        for one in (where, str(uuid4()), "nonsense")
    ]
    assert len({answer["message"] for answer in answers}) == 1


@pytest.mark.parametrize(("method", "path"), routes())
def test_an_unknown_parameter_is_refused(world: World, method: str, path: str) -> None:
    error = problem(ask(world.api("acme"), method, path, query="?colour=blue"), 400)
    assert (error["rule"], error["where"]) == ("parameter", "colour")


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/search?q=one&q=two", "q"),
        ("/search?q=", "q"),
        ("/search", "q"),
        ("/search?q=words&limit=0", "limit"),
        ("/search?q=words&limit=101", "limit"),
        ("/search?q=words&limit=07", "limit"),
        ("/search?q=words&limit=", "limit"),
        ("/search?q=%00words", "q"),
        ("/search?q=%ff", "query"),
        ("/search?q=-", "q"),
        ("/withdrawals?since=yesterday", "since"),
        ("/withdrawals?since=2026-01-01T00:00:00", "since"),
        (f"/collections/{NOBODY}/entries?after=-1", "after"),
        (f"/collections/{NOBODY}/entries/zero/proof", "number"),
        (f"/collections/{NOBODY}/entries/1/proof?size=99999999999999999999", "size"),
        (f"/collections/{NOBODY}/consistency?from=1", "to"),
        (f"/objects/{NOTHING}/explain?viewer=everybody", "viewer"),
    ],
)
def test_a_parameter_out_of_form_is_refused_by_name(world: World, path: str, where: str) -> None:
    assert problem(world.api("acme").get(path), 400)["where"] == where


@pytest.mark.parametrize("hold", ["soon", "-1", "1.5", "P", "PT", "P1", "P31D", "2592001", "P1Y"])
def test_a_hold_that_is_no_time_of_up_to_thirty_days_is_refused(world: World, hold: str) -> None:
    assert problem(world.api("acme").post(f"/objects?hold={hold}", indicator()), 400)["where"] == "hold"


@pytest.mark.parametrize(("hold", "seconds"), [("90", 90), ("PT1M30S", 90), ("P1DT1H", 90_000), ("P1W", 604_800)])
def test_a_hold_is_in_seconds_or_a_duration(world: World, hold: str, seconds: int) -> None:
    from shieldwall.exchange import instant

    held = world.api("acme").post(f"/objects?hold={hold}", indicator()).json()
    assert instant(held["due"]) - instant(held["created"]) == seconds * 1_000_000


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/lookup", b" ", "$"),
        ("/lookup", b"{", "$"),
        ("/lookup", b"\xff", "$"),
        ("/lookup", b'{"values": "one"}', "$.values"),
        ("/lookup", b'{"values": [1]}', "$.values[0]"),
        ("/lookup", b'{"values": [], "colour": 1}', "$"),
        ("/lookup", b'{"values": [], "values": []}', "$.values"),
        ("/lookup", b"[" * 100_000, "$"),
        ("/audience", b'{"audience": ""}', "$.audience"),
        ("/audience", b'{"audience": "community\\u0000"}', "$.audience"),
        ("/audience", b'{"audience": "group:energy && x"}', ""),
        ("/withdrawals", b'{"id": "x"}', "$"),
        ("/withdrawals", b'{"id": "x", "reason": "\\u0000"}', "$.reason"),
        ("/withdrawals", b'{"id": "x", "reason": "", "version": "today"}', "version"),
        ("/sessions", b'{"username": "a\\u0000", "password": "b"}', "$.username"),
        ("/objects", b" ", ""),
        ("/objects", b"7", "$"),
        ("/objects", b'{"objects": 7}', "$.objects"),
    ],
)
def test_a_body_out_of_form_is_refused_by_place(world: World, path: str, body: bytes, where: str) -> None:
    assert where in problem(world.api("acme").post(path, body), 400)["where"]


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "multipart/form-data", "application/json;version=2.0", ""]
)
def test_another_media_type_is_refused(world: World, media: str) -> None:
    for path in BODIES:
        problem(world.api("acme").post(path, BODIES[path], media=media), 415)


def test_stix_as_a_media_type_is_for_objects_alone(world: World) -> None:
    problem(world.api("acme").post("/lookup", {"values": []}, media="application/stix+json;version=2.1"), 415)


def test_a_coding_is_refused(world: World) -> None:
    problem(world.api("acme").post("/lookup", b"\x1f\x8b", Content_Encoding="gzip"), 415)


@pytest.mark.parametrize("path", ["/audience", "/withdrawals", "/sessions"])
def test_a_small_form_may_not_be_large(world: World, path: str) -> None:
    problem(world.api("acme").post(path, b" " * 70_000), 413)


def test_another_method_is_refused_and_told_which_there_are(world: World) -> None:
    answer = world.api("acme").call("PATCH", f"/submissions/{NOBODY}")
    problem(answer, 405)
    assert answer.headers["Allow"] == "DELETE, GET, HEAD"


@pytest.mark.parametrize("path", ["", "/", "/objects/", "/nothing", "/objects/a/b/c"])
def test_what_is_no_path_is_told_in_the_same_form(world: World, path: str) -> None:
    problem(world.api("acme").get(path), 404)


def test_a_key_is_no_session(world: World) -> None:
    problem(world.api("acme").delete("/sessions"), 403)


def test_a_wrong_password_tells_no_more_than_an_unknown_name(world: World) -> None:
    world.alliance.person("acme", "ada")
    answers = [
        problem(Api().post("/sessions", {"username": name, "password": "wrong"}), 401) | {"request_id": ""}
        for name in ("ada", "nobody")
    ]
    assert answers[0] == answers[1]


def test_a_hundred_thousand_values_are_looked_up_and_no_more(world: World) -> None:
    acme = world.api("acme")
    world.given("acme", "member:acme", indicator("10.0.1.7", GREEN))
    values = [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(100_000)]
    results = acme.post("/lookup", {"values": values}).json()["results"]
    assert (len(results), [one["value"] for one in results if one["total"]]) == (100_000, ["10.0.1.7"])
    problem(acme.post("/lookup", {"values": [*values, "one more"]}), 400)


def test_no_answer_may_be_kept_by_anybody_between(world: World) -> None:
    for answer in (world.api("acme").get("/me"), Api().get("/me"), Api().get("/health")):
        assert answer.headers["Cache-Control"] == "private, no-store"
