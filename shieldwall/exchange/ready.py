"""What was judged and may be placed."""

from __future__ import annotations

import msgspec

from shieldwall.policy import Audience
from shieldwall.stix import Checked


class Ready(msgspec.Struct, frozen=True, kw_only=True):
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
    is_part: bool = False
    """Made of the object before it, with which it goes in."""
