"""What a node lives through in a process that may be killed at any instant.

Act `n` of a life is a function of its seed: whoever goes on after a kill does the same act again, as a client would.
Each act is told to the pipe once it was acknowledged, with what the caller was given. This module is loaded before
the processes are forked, so that a life begins in milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from shieldwall import exchange, members
from shieldwall.errors import Absent, Conflict, StoreError
from shieldwall.store import open_node
from tests.alliance import AMBER, GREEN, STRICT, bundle, indicator
from tests.node import config_of, set_django_up

set_django_up()
for _room in (exchange, members):
    for _name in _room.__all__:
        getattr(_room, _name)  # loads what it stands in

ADDRESSES = {"community": GREEN, "nation:no": AMBER, "group:energy": STRICT, "group:quiet": GREEN}
KINDS = {
    "submit": 30, "version": 12, "revoke": 4, "withdraw": 6, "hold": 8, "join": 5, "leave": 5, "read": 14, "bulk": 2,
}  # fmt: skip
FAULT = "fault"


class Home(msgspec.Struct, frozen=True):
    """A node to open: where it lies, and the keys of two of its members."""

    data: Path
    database: str
    acme: str
    dansk: str

    def open(self) -> None:
        """Serve it in this process."""
        open_node(config_of(self.data, self.database))


class Act(msgspec.Struct, frozen=True):
    """One act: its kind, where it is addressed, the older act whose object it is about, how many objects."""

    number: int
    kind: str
    address: str
    about: int
    count: int

    @property
    def key(self) -> str:
        """Its idempotency key."""
        return f"act-{self.number}"


def act_of(seed: str, number: int) -> Act:
    """Act `number` of the life of `seed`."""
    chance = Random(f"{seed}/{number}")
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    address = chance.choice(list(ADDRESSES))
    about = chance.randrange(max(0, number - 40), number + 1)
    return Act(number, kind, address, about, 600 if kind == "bulk" else chance.randint(1, 4))


def _object(about: int, place: int, number: int, address: str, **more: Any) -> dict[str, Any]:
    """Object `place` of act `about`, in the version of act `number`."""
    moment = f"{datetime(2026, 1, 1) + timedelta(seconds=number):%Y-%m-%dT%H:%M:%S}.000Z"
    value = f"10.{about // 250 % 250}.{about % 250}.{place % 250}"
    return indicator(value, ADDRESSES[address], name=f"object {about} {place}") | {"modified": moment} | more


def live(pipe: Connection, home: Home, seed: str, first: int, patient: bool) -> None:
    """Act from `first` on, without end. Who is `patient` tells a fault of the store and does the same act again."""
    home.open()
    number = first
    while True:
        act = act_of(seed, number)
        try:
            pipe.send((number, act.kind, _DOING[act.kind](home, act)))
            number += 1
        except StoreError:
            if not patient:
                raise
            pipe.send((number, FAULT, None))
            time.sleep(0.02)


def work(home: Home, patient: bool) -> None:
    """What the worker does, without end."""
    home.open()
    while True:
        try:
            exchange.release_due(limit=1)
            exchange.follow_words()
        except StoreError:
            if not patient:
                raise
        time.sleep(0.01)


def _admit(home: Home, raw: bytes, act: Act, **more: Any) -> Any:
    acme = members.authenticate(home.acme)
    receipt = exchange.admit(acme, raw, audience=act.address, idempotency=act.key, **more)
    return receipt.id, [(one.id, one.version, one.outcome, one.collection, one.number) for one in receipt.outcomes]


def _submit(home: Home, act: Act) -> Any:
    return _admit(home, bundle(*(_object(act.number, n, act.number, act.address) for n in range(act.count))), act)


def _version(home: Home, act: Act) -> Any:
    return _admit(home, bundle(_object(act.about, 0, act.number, act.address)), act)


def _revoke(home: Home, act: Act) -> Any:
    return _admit(home, bundle(_object(act.about, 0, act.number, act.address, revoked=True)), act)


def _hold(home: Home, act: Act) -> Any:
    raw = bundle(*(_object(act.number, n, act.number, act.address) for n in range(act.count)))
    return _admit(home, raw, act, hold_us=100_000)


def _withdraw(home: Home, act: Act) -> Any:
    stix_id = _object(act.about, 0, 0, act.address)["id"]
    try:
        gone = exchange.withdraw(members.authenticate(home.acme), stix_id, None, "by mistake").withdrawn
    except Absent:  # never there, or gone already
        return stix_id, []
    return stix_id, [(one.collection, one.number) for one in gone]


def _join(home: Home, act: Act) -> Any:
    with suppress(Conflict):  # it is in
        members.join_group(members.OPERATOR, "energy", ["stahl"])
    return True


def _leave(home: Home, act: Act) -> Any:
    with suppress(Absent):  # it is out
        members.leave_group(members.OPERATOR, "energy", "stahl")
    return False


def _read(home: Home, act: Act) -> Any:
    """A page; what is given of AMBER+STRICT must be on disk as delivered."""
    dansk = members.authenticate(home.dansk)
    newest = max((one.added for one in exchange.collections(dansk) if one.added), default=0) - 2_000_000
    page = exchange.page(dansk, exchange.collections(dansk)[0].id, door="taxii", added_after=newest, limit=50)
    urgent = any(STRICT.encode() in body for body in page.bodies)
    return urgent, [key.position for key in page.keys]


_DOING: Mapping[str, Callable[[Home, Act], Any]] = {
    "submit": _submit, "bulk": _submit, "version": _version, "revoke": _revoke, "hold": _hold, "withdraw": _withdraw,
    "join": _join, "leave": _leave, "read": _read,
}  # fmt: skip
