"""`shieldwall serve` while its processes are killed -9 one after the other: what it acknowledged is there once."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial
from pathlib import Path
from random import Random

import httpx

from tests.alliance import GREEN, bundle, indicator
from tests.cli.conftest import Operator
from tests.cli.test_serving import _children, _command, _lives, _within, served

ROUNDS = ("the worker", "the process that answers", "the one that watches it", "the supervisor")


class Client(threading.Thread):
    """Submits bundle after bundle, each until it is acknowledged; reads between, and joins and leaves a group."""

    def __init__(self, url: str, key: str, operator: Operator, told: dict[int, dict[str, object]]) -> None:
        super().__init__()
        self.ending = threading.Event()
        self.told = told
        self.codes: set[int] = set()
        self._operator = operator
        self._http = httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}, trust_env=False)

    def run(self) -> None:
        """Until told to end."""
        while not self.ending.is_set():
            number = len(self.told)
            size = 300 if number % 10 == 9 else 1 + number % 3
            objects = [indicator(f"10.{number}.{n // 250}.{n % 250}", GREEN) for n in range(size)]
            hold = {"hold": "1"} if number % 7 == 3 else {}
            answer = self._ask(
                "POST", "/objects", params={"audience": "community", **hold}, content=bundle(*objects),
                headers={"Content-Type": "application/json", "Idempotency-Key": f"bundle-{number}"},
            )  # fmt: skip
            if answer is not None and answer.status_code in (200, 202):
                self.told[number] = {"id": answer.json()["id"], "size": size}
                self._ask("POST", "/lookup", json={"values": [f"10.{number}.0.0"]})

    def _ask(self, method: str, path: str, **more: object) -> httpx.Response | None:
        try:
            answer = self._http.request(method, path, timeout=20, **more)  # type: ignore[arg-type]
        except httpx.HTTPError:
            time.sleep(0.05)
            return None
        self.codes.add(answer.status_code)
        return answer


def _victim(what: str, root: int) -> int:
    children = {one: _command(one) for one in _children(root)}
    web = sorted(one for one, command in children.items() if " web " in command)
    if what == "the worker":
        return next(one for one, command in children.items() if " worker " in command)
    if what == "the supervisor":
        return root
    return web[-1] if what == "the process that answers" else web[0]


def test_a_served_node_keeps_its_word_whoever_is_killed(operator: Operator) -> None:
    chance = Random("serving")
    key = operator.json("key", "add", "acme", "sensor", "--scope", "read", "--scope", "submit")["secret"]
    told: dict[int, dict[str, object]] = {}
    codes: set[int] = set()
    for what in ROUNDS[:3], ROUNDS[3:], ():
        with served(operator) as node:
            client = Client(f"http://127.0.0.1:{node.port}", key, operator, told)
            client.start()
            for one in what:
                begun = len(told)
                assert _within(20, lambda since=begun: len(told) >= since + 3)
                time.sleep(chance.uniform(0.0, 0.4))
                before = _children(node.process.pid)
                os.kill(_victim(one, node.process.pid), signal.SIGKILL)
                if one == "the supervisor":
                    assert _within(15, lambda all_of=before: not any(_lives(each) for each in all_of))
                else:
                    assert _within(20, lambda all_of=before: bool(_children(node.process.pid) - all_of))
                    assert _within(20, node.answers)
            client.ending.set()
            client.join()
            if not what:
                assert _within(20, partial(_all_settled, client, told))
            codes |= client.codes
    assert codes <= {200, 202, 503} and len(told) > 12
    assert operator.json("check") == []
    _count(operator.data, told)


def _all_settled(client: Client, told: dict[int, dict[str, object]]) -> bool:
    return all(_settled(client, one) for one in told.values())


def _settled(client: Client, told: dict[str, object]) -> bool:
    """Whether all of a submission lies there: what was held has gone out."""
    answer = client._ask("GET", f"/submissions/{told['id']}")
    if answer is None or answer.status_code != 200 or answer.json()["state"] != "complete":
        return False
    outcomes = answer.json()["outcomes"]
    return len(outcomes) == told["size"] and all(one["outcome"] in ("admitted", "present") for one in outcomes)


def _count(data: Path, told: dict[int, dict[str, object]]) -> None:
    """Every object once, and nothing that was not sent."""
    from pysqlite3 import dbapi2

    connection = dbapi2.connect(data / "log.db")
    lying = [row[0] for row in connection.execute("SELECT id FROM entry WHERE kind = 0")]
    connection.close()
    assert len(lying) == len(set(lying))
    sizes = [int(str(one["size"])) for one in told.values()]
    newest = len(told)  # the bundle that was under way at the end may or may not be there
    size = 300 if newest % 10 == 9 else 1 + newest % 3
    assert sum(sizes) <= len(lying) <= sum(sizes) + size
