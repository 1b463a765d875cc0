"""Spillage: text that its author marked as classified has no place here (R57)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

_BANNER = re.compile(
    r"(?m)^\W*(?:COSMIC TOP SECRET|TOP SECRET|NATO SECRET|NATO CONFIDENTIAL|NATO RESTRICTED)\b(?:\s*//.*)?\W*$"
)


class Spill(msgspec.Struct, frozen=True):
    """A classification marking was found: by which rule, at which path. Never the text itself."""

    rule: str
    where: str


def might_spill(raw: bytes) -> bool:
    """Whether an object's bytes are worth a look: False only where `spillage` would find nothing."""
    return True


def spillage(obj: Mapping[str, Any]) -> Spill | None:
    """The first classification marking in an object's texts and marking fields, or None."""
    for key, value in obj.items():
        if isinstance(value, str) and _BANNER.search(value):
            return Spill("banner", f"$.{key}")
    return None
