"""What the API says of itself is true: whatever is sent, no server error and no answer that is not in the document."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import ScenarioRecorder

from tests.alliance import GREEN, indicator
from tests.api.conftest import World

CONFIG: dict[str, Any] = {
    "seed": 11,
    "workers": 1,
    "continue-on-failure": True,
    "generation": {"mode": "all", "max-examples": 12, "database": "none", "no-shrink": True},
    # Texts that the schema lets through can still be no address, pattern or bundle; that is told with 400.
    "checks": {"positive_data_acceptance": {"enabled": False}},
    "phases": {"coverage": {"generate-duplicate-query-parameters": True}, "stateful": {"enabled": False}},
}


class Quiet(WSGIRequestHandler):
    """Says nothing of what it answers."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server(world: World) -> Iterator[str]:
    """Where this process's node answers over HTTP."""
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/api/v1"
        listening.shutdown()
        thread.join()


class Heard:
    """What a run of schemathesis saw: the operations, the statuses, and what was not as the document says."""

    def __init__(self, schema: schemathesis.BaseSchema) -> None:
        self.operations: set[str] = set()
        self.statuses: Counter[int] = Counter()
        self.complaints: list[tuple[str, str, str]] = []
        for event in engine.from_schema(schema).execute():
            assert not isinstance(event, NonFatalError), event.value
            if isinstance(event, ScenarioFinished):
                self._note(event.recorder)

    def _note(self, recorder: ScenarioRecorder) -> None:
        self.operations.add(recorder.label)
        self.statuses.update(one.response.status_code for one in recorder.interactions.values() if one.response)
        self.complaints += [
            (check.name, check.failure_info.failure.message, check.failure_info.code_sample)
            for checks in recorder.checks.values()
            for check in checks
            if check.failure_info
        ]


def schema_of(world: World, server: str, **config: Any) -> schemathesis.BaseSchema:
    """The API's own document, to be tried at `server` as acme."""
    acme = world.api("acme")
    whole = schemathesis.Config.from_dict(CONFIG | {"headers": acme.headers, "base-url": server} | config)
    return schemathesis.openapi.from_dict(acme.get("/openapi.json").json(), config=whole)


def test_whatever_is_sent_the_answer_is_in_the_document(world: World, server: str) -> None:
    from shieldwall.api.openapi import EVERY

    heard = Heard(schema_of(world, server))
    assert heard.complaints == []
    assert heard.operations == {f"{route.method} {route.path}" for route in EVERY}
    assert {200, 400, 401, 404, 405, 415} <= heard.statuses.keys()


def test_of_what_is_there_the_answer_is_in_the_document_too(world: World, server: str) -> None:
    [given] = world.api("acme").post("/objects?audience=community", indicator("198.51.100.7", GREEN)).json()["outcomes"]
    there = {"objects": given["id"], "collections": given["collection"]}
    pinned = [
        {"include-path-regex": f"^/{kind}/", "parameters": {"path.id": name, "path.number": 1}}
        for kind, name in there.items()
    ]
    generation = CONFIG["generation"] | {"mode": "positive"}
    schema = schema_of(world, server, operations=pinned, generation=generation)
    heard = Heard(schema.include(path_regex="^/(objects|collections)/"))
    assert heard.complaints == []
    assert heard.statuses[200] > heard.statuses[404]
