"""What was judged and may be placed."""

from __future__ import annotations

from functools import cached_property

import msgspec

from shieldwall.policy import Audience
from shieldwall.stix import Checked, values_of
from shieldwall.store import id_key, value_key


class Ready(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An object that may be placed: where, under whose name, with which marking and note."""

    index: int
    checked: Checked
    body: bytes
    audience: Audience
    owner: str
    tlp: int
    note: str
    warnings: tuple[str, ...]
    stayed_home: bool
    made_of: Checked | None = None
    """The whole of which its granular markings made this: it goes in with it, or not at all."""

    @cached_property
    def key(self) -> bytes:
        """The key of its id."""
        return id_key(self.checked.id)

    @cached_property
    def value_keys(self) -> tuple[bytes, ...]:
        """The keys of the values in it."""
        return tuple({value_key(value.kind, value.normal) for value in values_of(self.checked.object)})

    def prepared(self) -> Ready:
        """Itself, its keys worked out: before a turn at writing is taken, so that the turn is short."""
        assert self.key and self.value_keys is not None
        return self
