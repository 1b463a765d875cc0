"""Audiences as their authors write them, as collections rest under them, and as they are printed."""

from __future__ import annotations

from collections.abc import Iterable

Circle = tuple[tuple[str, ...], ...]
"""An audience as its author writes it: every part must be met, by any of its tokens."""
Home = frozenset[frozenset[str]]
"""The same as a collection rests under it: groups with their volume."""


def text_of(circle: Iterable[Iterable[str]]) -> str:
    """`(group:a|group:b)&nation:no`."""
    parts = [sorted(part) for part in circle]
    spoken = ["|".join(part) for part in sorted(parts)]
    return "&".join(f"({one})" if "|" in one and len(spoken) > 1 else one for one in spoken)


def plain(home: Home) -> Circle:
    """A collection's audience as one would write it."""
    return tuple(sorted(tuple(sorted({token.partition("#")[0] for token in part})) for part in home))


def parts_of(text: str) -> frozenset[frozenset[str]]:
    """An audience as printed, taken apart."""
    return frozenset(frozenset(part.strip("()").split("|")) for part in text.split("&"))
