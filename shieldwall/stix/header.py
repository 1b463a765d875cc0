"""What the exchange needs to know of an object, and where an object refers to others."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


class Granular(msgspec.Struct, frozen=True):
    """One granular marking that restricts: the definition it refers to and the parts it covers (§7.2.3)."""

    marking_ref: str
    selectors: tuple[str, ...]


class Checked(msgspec.Struct, frozen=True):
    """An object that keeps every MUST we know of, with the facts of its header.

    `body` is what was sent, byte for byte. `version` is the text of `modified`, empty for what has no versions
    (observables, marking definitions); `modified_us` the same in microseconds, 0 if none. `granular` leaves out
    markings of language, which restrict nothing. `refs` are the other objects it refers to anywhere, without its
    creator and its markings. `digest` is BLAKE2b-16 of the canonical form: keys sorted, no white space, strings and
    numbers as parsed, so that `1.0` and `1.00` are one value and `1` and `1.0` are two.
    """

    body: bytes
    object: dict[str, object]
    id: str
    type: str
    version: str
    modified_us: int
    created_by: str
    marking_refs: tuple[str, ...]
    granular: tuple[Granular, ...]
    revoked: bool
    refs: tuple[str, ...]
    warnings: tuple[str, ...]
    digest: bytes


_NO_REFS_INSIDE = frozenset({"external_references", "kill_chain_phases", "granular_markings"})
_OWN = frozenset({"created_by_ref", "object_marking_refs"})


def references(obj: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every reference to another object, with the property that holds it. Deprecated local ones are left out."""
    for name, value in obj.items():
        kind = type(value)
        if kind is str:
            if name[-4:] == "_ref" and name not in _OWN and "--" in value:  # type: ignore[operator]
                yield name, value  # type: ignore[misc]
        elif kind is list:
            if name[-5:] == "_refs":
                if name not in _OWN:
                    yield from ((name, item) for item in value if type(item) is str and "--" in item)  # type: ignore[attr-defined]
            elif name not in _NO_REFS_INSIDE:
                for item in value:  # type: ignore[attr-defined]
                    if type(item) is dict:
                        yield from references(item)
        elif kind is dict:
            yield from references(value)  # type: ignore[arg-type]


def granular_of(obj: dict[str, object]) -> tuple[Granular, ...]:
    markings = obj.get("granular_markings")
    if not isinstance(markings, list):
        return ()
    return tuple(Granular(m["marking_ref"], tuple(m["selectors"])) for m in markings if "marking_ref" in m)
