"""A trial: one life, led by processes that are killed -9 at random instants, each followed by one that goes on."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from random import Random
from typing import Any

from tests.crash import life, oracle
from tests.crash.life import Home
from tests.crash.oracle import Told

_PATIENCE_S = 20


def nursery() -> ForkServerContext:
    """Forks processes in which everything is loaded and nothing is open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.oracle"])
    return context


class Trial:
    """`told` is all that the client was told so far, in order. A `patient` life meets faults of the store."""

    def __init__(self, home: Home, seed: str, *, patient: bool = False) -> None:
        self.home = home
        self.patient = patient
        self.faults = 0
        self.seed = seed
        self.told: list[Told] = []
        self.cycles = 0
        self.entries = 0
        self._chance = Random(seed)
        self._nursery = nursery()
        self._worker: ForkServerProcess | None = None

    def cycle(self, most_seconds: float = 0.5) -> None:
        """Let the life go on for a moment, and kill whoever leads it, and at times whoever works behind it.

        The moment begins with the client's first answer, or now and then before it has opened anything.
        """
        if self._worker is None:
            self._worker = self._start(life.work, self.home, self.patient)
        ours, theirs = self._nursery.Pipe(duplex=False)
        client = self._start(life.live, theirs, self.home, self.seed, len(self.told), self.patient)
        theirs.close()
        if self._chance.random() < 0.9:
            ours.poll(_PATIENCE_S)
        deadline = time.monotonic() + self._chance.uniform(0.0, most_seconds)
        while (left := deadline - time.monotonic()) > 0:
            if ours.poll(left):
                try:
                    self._hear(ours.recv())
                except EOFError:
                    break
        if self._chance.random() < 0.4:
            self.end_worker()
        _kill(client)
        while True:  # what was acknowledged before the kill is still in the pipe; what is torn there was not
            try:
                self._hear(ours.recv())
            except (EOFError, OSError):
                break
        self.cycles += 1

    def _hear(self, said: Told) -> None:
        if said[1] == life.FAULT:
            self.faults += 1
        else:
            self.told.append(said)

    def end_worker(self) -> None:
        """Kill the worker; the next cycle starts another."""
        if self._worker is not None:
            _kill(self._worker)
            self._worker = None

    def wrong(self) -> list[str]:
        """Everything that contradicts what was told, or is wrong with the node."""
        ours, theirs = self._nursery.Pipe(duplex=False)
        judge = self._start(oracle.judge, theirs, self.home, self.told)
        theirs.close()
        try:
            found: list[str] = ours.recv()
            self.entries = ours.recv()
        except EOFError:
            found = ["the node could not be judged"]
        judge.join()
        return found

    def _start(self, what: Callable[..., None], *given: Any) -> ForkServerProcess:
        process = self._nursery.Process(target=what, args=given, daemon=True)
        process.start()
        return process


def _kill(process: ForkServerProcess) -> None:
    assert process.pid is not None
    alive = process.is_alive()
    if alive:
        os.kill(process.pid, 9)
    process.join()
    assert alive, f"process {process.name} ended by itself ({process.exitcode}); its traceback stands above"
