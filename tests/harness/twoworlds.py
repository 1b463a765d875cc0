"""One pair played: both worlds built, the same requests asked in each, every byte of every answer compared."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.harness.acts import BOTH, Submit, World
from tests.harness.base import Base
from tests.harness.pairs import Pair
from tests.harness.traces import Pools, Trace
from tests.harness.wire import Request, ask, status_of

FIRST, SECOND = 1, 2


class Difference(msgspec.Struct, frozen=True):
    """Where two worlds told themselves apart."""

    seed: int
    place: int
    request: Request
    one: bytes
    other: bytes

    def __str__(self) -> str:
        at = next((i for i, (a, b) in enumerate(zip(self.one, self.other, strict=False)) if a != b), 0)
        near = slice(max(0, at - 300), at + 500)
        one, other = self.one[near].decode(errors="replace"), self.other[near].decode(errors="replace")
        asked = f"pair {self.seed}, request {self.place}: {self.request}"
        return f"{asked}\n--- first world\n{one}\n--- second world\n{other}\n"


class Played(msgspec.Struct):
    """What came of one pair."""

    asked: Counter[tuple[str, str]]
    statuses: Counter[int]
    differences: list[Difference]
    leaks: list[str]


class Stage:
    """Where worlds are built: copies of one base, on one engine."""

    def __init__(self, base: Base, database: Callable[[], str] | None = None) -> None:
        self.base = base
        self._database = database
        memory = Path("/dev/shm")  # faster than a disk, where there is one
        self._parent = str(memory) if memory.is_dir() else None

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for the worlds of one pair."""
        made = Path(tempfile.mkdtemp(prefix="shieldwall-worlds-", dir=self._parent))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def world(self, folder: Path) -> World:
        """A fresh world, served from now on."""
        return World(self.base, folder, self._database() if self._database else "sqlite")

    def built(self, pair: Pair, number: int, folder: Path) -> World:
        """World `number` of a pair as it is before the viewer asks anything."""
        world = self.world(folder / str(number))
        for slot, step in enumerate(pair.steps, start=1):
            if number in step.worlds:
                world.do(step.act, slot, hidden=step.worlds != BOTH)
        return world


def play(stage: Stage, pair: Pair, plan: list[tuple[str, str]], *, requests: int = 90) -> Played:
    """Play `pair`, asking first what `plan` says. Stops at the first difference."""
    with stage.folder() as folder:
        pools = Pools()
        worlds = {}
        for number in (SECOND, FIRST):
            worlds[number] = stage.built(pair, number, folder)
            pools.add(worlds[number], pair)
        script = _first(worlds[FIRST], pair, Trace(pair, pools, stage.base.ids, plan), requests)
        worlds[FIRST].close()
        worlds[SECOND].open()
        played = _second(worlds[SECOND], pair, script)
        worlds[SECOND].close()
        return played


class Line(msgspec.Struct, frozen=True):
    """One line of the script: a request of a route, and what the first world answered."""

    route: tuple[str, str]
    request: Request
    answer: bytes


def _first(world: World, pair: Pair, trace: Trace, requests: int) -> list[Line]:
    script: list[Line] = []
    opening = Request("GET", "/api/v1/collections", principal=f"{pair.viewer}/main")
    for place in range(requests):
        _meanwhile(world, pair, FIRST, place, requests)
        route, request = (("api/v1/collections", "GET"), opening) if not place else trace.next()
        with world.slot(_slot(pair, place)):
            answer = ask(world.base, request)
        trace.learn(request, answer)
        script.append(Line(route, request, answer))
    return script


def _second(world: World, pair: Pair, script: list[Line]) -> Played:
    played = Played(Counter(), Counter(), [], [])
    canaries = unreadable(pair)
    said = ""
    for place, line in enumerate(script):
        _meanwhile(world, pair, SECOND, place, len(script))
        with world.slot(_slot(pair, place)):
            answer = ask(world.base, line.request)
        played.asked[line.route] += 1
        played.statuses[status_of(answer)] += 1
        said += line.request.text()  # what the viewer sent itself, it may be given back
        told = [one for one in canaries if one.encode() in answer or one.encode() in line.answer]
        played.leaks += [f"pair {pair.seed}: {one} in {line.request}" for one in told if one not in said]
        if answer != line.answer:
            played.differences.append(Difference(pair.seed, place, line.request, line.answer, answer))
            break
    return played


def _slot(pair: Pair, place: int) -> int:
    return len(pair.steps) + 10 + 3 * place


def _meanwhile(world: World, pair: Pair, number: int, place: int, requests: int) -> None:
    """What happens between two requests, spread evenly over the trace."""
    every = max(1, requests // (len(pair.later) + 1))
    if place and place % every == 0 and place // every <= len(pair.later):
        step = pair.later[place // every - 1]
        if number in step.worlds:
            world.do(step.act, _slot(pair, place) - 1, hidden=step.worlds != BOTH)


def unreadable(pair: Pair) -> list[str]:
    """The silent words of what happened in one world alone: no answer to this viewer may hold one."""
    hidden = [step.act for step in pair.hidden() if isinstance(step.act, Submit)]
    shown = {
        thing.silent for step in (*pair.steps, *pair.later) if step.worlds == BOTH and isinstance(step.act, Submit)
        for thing in step.act.things
    }  # fmt: skip
    return [thing.silent for act in hidden for thing in act.things if thing.silent not in shown]
