"""What happens in a world, and the world in which it happens: one node, with a clock and entropy of its own.

Every act has its slot on the clock, whether the acts before it happened here or not, and what hidden acts draw from the
entropy comes from streams of their own: so whatever differs between two worlds' answers was made to differ by the node.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from shieldwall.errors import ShieldwallError
from tests.alliance import envelope
from tests.harness.addresses import Circle, text_of
from tests.harness.base import Base
from tests.harness.model import Model
from tests.harness.things import Thing
from tests.node import Clock, Entropy, config_of

SLOT_US = 50_000
BOTH = frozenset({1, 2})


class Found(msgspec.Struct, frozen=True):
    """A group is founded."""

    slug: str
    owner: str
    members: tuple[str, ...]
    named: bool
    hides_past: bool


class Join(msgspec.Struct, frozen=True):
    """A member joins a group."""

    group: str
    member: str


class Leave(msgspec.Struct, frozen=True):
    """A member leaves a group."""

    group: str
    member: str


class Submit(msgspec.Struct, frozen=True):
    """A principal sends things to an audience."""

    principal: str
    circle: Circle
    things: tuple[Thing, ...]


class Withdraw(msgspec.Struct, frozen=True):
    """A member withdraws its object."""

    member: str
    id: str
    version: str | None


class Hold(msgspec.Struct, frozen=True):
    """A principal sends something later; with `fails`, its key ends before the worker comes."""

    member: str
    circle: Circle
    thing: Thing
    fails: bool = False


class Read(msgspec.Struct, frozen=True):
    """A principal is given an object, looks its value up and searches for it."""

    principal: str
    thing: Thing


class Burn(msgspec.Struct, frozen=True):
    """A principal spends of its quota through the door."""

    principal: str
    times: int


class Turnover(msgspec.Struct, frozen=True):
    """A member makes a key and ends it."""

    member: str


class Follow(msgspec.Struct, frozen=True):
    """The worker writes word postings as far as the logs go."""


Act = Found | Join | Leave | Submit | Withdraw | Hold | Read | Burn | Turnover | Follow


class Step(msgspec.Struct, frozen=True):
    """An act, and in which of the two worlds it happens."""

    act: Act
    worlds: frozenset[int] = BOTH


class WorldEntropy:
    """As tests.node.Entropy, with streams apart for what the viewer cannot see. Collections name themselves."""

    def __init__(self) -> None:
        self._seen, self._unseen = Entropy("seen"), Entropy("unseen")
        self.hidden = False

    def __call__(self, size: int, label: str, /) -> bytes:
        stream = self._unseen if self.hidden and not label.startswith("collection ") else self._seen
        return stream(size, label)


class World:
    """A node that began as a copy of the base, what happened in it, and a model that was told the same."""

    def __init__(self, base: Base, folder: Path, database: str = "sqlite") -> None:
        self.base = base
        self.clock = Clock(base.moment)
        self.entropy = WorldEntropy()
        self.model = Model()
        self.submissions: list[str] = []
        self.keys: list[str] = []
        self.failures: list[str] = []
        self.surprises: list[str] = []
        folder.mkdir()
        # The same secrets in both worlds, those too that are made when first asked for.
        (folder / "keys").symlink_to(base.folder / "keys")
        if database == "sqlite":
            for file in base.folder.glob("*.db"):
                shutil.copy(file, folder)
        self._config = config_of(folder, database)
        self.open()

    def open(self) -> None:
        """Serve this world from now on."""
        from shieldwall.store import open_node

        open_node(self._config, clock=self.clock, entropy=self.entropy)

    def close(self) -> None:
        """Let go of its databases."""
        from shieldwall.store import node

        node().close()

    @contextlib.contextmanager
    def slot(self, number: int, *, hidden: bool = False) -> Iterator[None]:
        """The time of the act or request of that number."""
        self.clock.moment = self.base.moment + number * SLOT_US
        self.entropy.hidden = hidden
        yield
        self.entropy.hidden = False

    def do(self, act: Act, number: int, *, hidden: bool = False) -> None:
        """Let `act` happen in its slot. What the node refuses is remembered and changes nothing."""
        with self.slot(number, hidden=hidden):
            try:
                _DOERS[type(act)](self, act)
            except ShieldwallError as error:
                self.failures.append(f"{act}: {error}")

    def viewer(self, principal: str) -> Any:
        """A principal of the base, with its rights as they are now."""
        from shieldwall import members

        kind, _, identifier = self.base.ids[principal].partition(":")
        return members.viewer_of_key(identifier) if kind == "key" else members.viewer_of_person(identifier)

    def resolved(self, circle: Circle) -> str:
        """An address as text."""
        return text_of(circle)


def member_of(principal: str) -> str:
    """`acme` of `acme/main` and of `acme-ann`."""
    return principal.partition("/")[0] if "/" in principal else principal.rpartition("-")[0]


def _found(world: World, act: Found) -> None:
    from shieldwall import members

    members.create_group(
        world.viewer("boss"), act.slug, f"Circle {act.slug}", owner=act.owner, members=act.members,
        members_named=act.named, hides_past=act.hides_past,
    )  # fmt: skip
    world.model.found(act.slug, act.owner, act.members, named=act.named, hides_past=act.hides_past)


def _join(world: World, act: Join) -> None:
    from shieldwall import members

    members.join_group(world.viewer("boss"), act.group, [act.member])
    world.model.join(act.group, act.member)


def _leave(world: World, act: Leave) -> None:
    from shieldwall import members

    members.leave_group(world.viewer("boss"), act.group, act.member)
    world.model.leave(act.group, act.member)


def _submit(world: World, act: Submit) -> None:
    from shieldwall import exchange

    raw = envelope(*(msgspec.json.decode(thing.body()) for thing in act.things))
    receipt = exchange.admit(world.viewer(act.principal), raw, audience=text_of(act.circle))
    world.submissions.append(receipt.id)
    member = member_of(act.principal)
    for thing, outcome in zip(act.things, receipt.outcomes, strict=True):
        if outcome.error and not outcome.error.rule.startswith("STIX 2.1 §3.6: "):
            world.failures.append(f"{act.principal} {text_of(act.circle)} {thing.id}: {outcome.error}")
            continue
        if outcome.error and "only the object creator" in outcome.error.rule:
            world.failures.append(f"{act.principal} may not pass on {thing.id}")
            continue
        person = act.principal if "/" not in act.principal else ""
        expected = world.model.submit(member, act.circle, thing, person)
        if expected != outcome.outcome:
            world.surprises.append(f"{act.principal} {thing.id} {thing.version}: {outcome.outcome}, not {expected}")


def _withdraw(world: World, act: Withdraw) -> None:
    from shieldwall import exchange

    exchange.withdraw(world.viewer(f"{act.member}/main"), act.id, act.version, "sent by mistake")
    world.model.withdraw(act.member, act.id, act.version)


def _hold(world: World, act: Hold) -> None:
    from shieldwall import exchange, members

    hub, sender = world.viewer("boss"), f"{act.member}/main"
    viewer = world.viewer(sender)
    key = ""
    if act.fails:
        made, secret = members.create_key(hub, act.member, "short-lived", scopes=["read", "submit"])
        viewer, key = members.authenticate(secret), made.id
    hold = 1 if act.fails else 3_600_000_000
    raw = envelope(msgspec.json.decode(act.thing.body()))
    receipt = exchange.admit(viewer, raw, audience=text_of(act.circle), hold_us=hold)
    world.submissions.append(receipt.id)
    if act.fails:
        members.revoke_key(hub, key)
        world.clock.advance(seconds=0.001)
        exchange.release_due()


def _read(world: World, act: Read) -> None:
    from shieldwall import exchange

    viewer = world.viewer(act.principal)
    exchange.lookup(viewer, [act.thing.value])
    exchange.search(viewer, act.thing.word)
    exchange.get(viewer, act.thing.id, door="taxii")


def _burn(world: World, act: Burn) -> None:
    from tests.harness.wire import Request, ask

    for _ in range(act.times):
        ask(world.base, Request("GET", "/api/v1/collections", principal=act.principal))


def _turnover(world: World, act: Turnover) -> None:
    from shieldwall import members

    made, _ = members.create_key(world.viewer("boss"), act.member, "short-lived", scopes=["read"])
    world.keys.append(made.id)
    members.revoke_key(world.viewer("boss"), made.id)
    kept, _ = members.create_key(world.viewer("boss"), act.member, "lasting", scopes=["read"])
    world.keys.append(kept.id)


def _follow(world: World, act: Follow) -> None:
    from shieldwall import exchange

    while exchange.follow_words():
        pass


_DOERS: dict[type, Callable[[World, Any], None]] = {
    Found: _found, Join: _join, Leave: _leave, Submit: _submit, Withdraw: _withdraw, Hold: _hold, Read: _read,
    Burn: _burn, Turnover: _turnover, Follow: _follow,
}  # fmt: skip
