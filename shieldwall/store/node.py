"""The running node: its settings, clock, entropy, keys and in-process caches, in one place.

Everything that varies from one node to another hangs here, so that a test can open two worlds one after the other with
an injected clock and injected entropy, and nothing of the first is left in the second.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, Protocol, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from shieldwall.config import Config
from shieldwall.store.layout import LASTING_SECRETS, database_settings, secret


class Clock(Protocol):
    """Tells the time in microseconds since the epoch, UTC, and can wait."""

    def now(self) -> int:
        """The present, µs."""
        ...

    def wait_until(self, moment: int) -> None:
        """Return once `now()` has reached `moment`."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """The present, µs."""
        return time.time_ns() // 1000

    def wait_until(self, moment: int) -> None:
        """Sleep until `moment`."""
        while (ahead := moment - self.now()) > 0:
            time.sleep(ahead / 1_000_000)


class Entropy(Protocol):
    """A source of random bytes. `label` says what for, so that a test can inject a stream for each purpose."""

    def __call__(self, size: int, label: str, /) -> bytes:
        """`size` random bytes."""
        ...


def system_entropy(size: int, label: str, /) -> bytes:
    """The operating system's random bytes."""
    return os.urandom(size)


class Node:
    """One node as this process sees it."""

    def __init__(self, config: Config, *, clock: Clock | None = None, entropy: Entropy = system_entropy) -> None:
        self.config = config
        self.ticker: Clock = clock or SystemClock()
        self._entropy = entropy
        self.cache: dict[Any, Any] = {}
        self.engine = "postgresql" if config.is_postgresql else "sqlite"
        self.closed = False
        self.at_close: list[Callable[[], None]] = []

    def close(self) -> None:
        """Finish what runs behind the requests, and let go of the databases."""
        if not self.closed:
            try:
                for act in self.at_close:
                    act()
            finally:
                self.closed = True
                connections.close_all()

    def clock(self) -> int:
        """The present, µs since the epoch, UTC."""
        return self.ticker.now()

    def random(self, size: int, label: str = "") -> bytes:
        """`size` random bytes, for the purpose `label`."""
        return self._entropy(size, label)

    def uuid4(self, label: str = "") -> str:
        """A fresh random UUID of version 4, as text, for the purpose `label`."""
        return str(uuid.UUID(bytes=self.random(16, label), version=4))

    def secret(self, name: str) -> bytes:
        """The node's secret of that name (see `layout.secret`), read once."""
        known = self.cache.get(("secret", name))
        if known is None:
            known = self.cache["secret", name] = secret(self.config.data, name)
        return bytes(known)

    def has_keys(self) -> bool:
        """Whether those secrets are here. To ask for one makes it; this does not."""
        return all((self.config.data / "keys" / name).is_file() for name in LASTING_SECRETS)

    def keys_print(self) -> str:
        """A fingerprint of the secrets without which a log cannot be read, searched or signed on."""
        return blake2b(b"".join(self.secret(name) for name in LASTING_SECRETS), digest_size=16).hexdigest()

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints."""
        known = self.cache.get("signing_key")
        if known is None:
            known = self.cache["signing_key"] = Ed25519PrivateKey.from_private_bytes(self.secret("checkpoint"))
        return cast(Ed25519PrivateKey, known)


_current: Node | None = None


def node() -> Node:
    """The node this process serves; opened from the environment when first asked for."""
    global _current
    if _current is None:
        from django.conf import settings

        _current = Node(settings.CONFIG)
    return _current


def open_node(config: Config, *, clock: Clock | None = None, entropy: Entropy = system_entropy) -> Node:
    """Serve another data directory from now on: connections are closed and pointed at it, caches start empty."""
    global _current
    if _current is not None:
        _current.close()
    connections.close_all()
    for alias, options in database_settings(config).items():
        connections.settings[alias].update(options)
        for other in connections.all(initialized_only=True):
            if other.alias == alias:
                del connections[alias]
    _current = Node(config, clock=clock, entropy=entropy)
    return _current
