"""A gate before the application: one request at a time in a process, and none that keeps the others waiting.

Threads share Python's lock: two at work halve each other, so requests pass one by one. But whoever reads a body from
the network steps aside meanwhile, since a client that begins a body and never ends it would otherwise stop everybody.
How many bodies may be on their way is bounded, for each sender and in all, so that threads are left for those who read.
And long work gives way now and then, so that a hundred thousand values make nobody wait for more than a few of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from shieldwall.config import WEB_THREADS
from shieldwall.errors import TooMany

_MOST_BODIES = WEB_THREADS - 2
_MOST_OF_ONE = 2

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Whoever waits for the gate holds the place behind it: so the gate goes to them and not again to who just left it.
_place, _gate = Lock(), Lock()
_underway: Counter[str] = Counter()


def gated(application: Application) -> Application:
    """`application`, called by one thread at a time."""

    def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _enter()
        try:
            return application(environ, start_response)
        finally:
            _gate.release()

    return call


def _enter() -> None:
    with _place:
        _gate.acquire()


def give_way() -> None:
    """Between two pieces of long work, outside any turn at writing: let one pass who waits."""
    if _place.locked():
        _gate.release()
        _enter()


@contextmanager
def stepping_aside(sender: str) -> Iterator[None]:
    """Let others pass while `sender`'s body arrives. Raises TooMany where too many are on their way.

    Outside a server nobody holds the gate, and nothing waits.
    """
    if not _gate.locked():
        yield
        return
    if _underway[sender] >= _MOST_OF_ONE or _underway.total() >= _MOST_BODIES:
        raise TooMany(
            "too many bodies are on their way already", rule="quota", remedy="send one after the other", retry_after=1
        )
    _underway[sender] += 1
    _gate.release()
    try:
        yield
    finally:
        _enter()
        _underway[sender] -= 1
        if not _underway[sender]:
            del _underway[sender]
