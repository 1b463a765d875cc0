"""Selectors of granular markings (§7.2.3): `a`, `a.b`, `a.[0]`, `a.[0].b`, from the object inwards.

A `Removal` plans once what goes; from it come the object without those parts, and where a selector leads afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

import msgspec

_STEP = re.compile(r"\[(0|[1-9]\d{0,8})\]|([A-Za-z0-9_-]{1,250})", re.ASCII)

Step = str | int
Path = tuple[Step, ...]


def steps(selector: str) -> Path:
    """The steps of a selector: names, and indices as numbers. Raises ValueError for what is no selector."""
    found: list[Step] = []
    for part in selector.split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            raise ValueError(f"no selector: {selector[:80]!r}")
        found.append(step[2] if step[1] is None else int(step[1]))
    return tuple(found)


def selects(obj: object, path: Path) -> bool:
    """Whether `path` leads to something that is there."""
    for step in path:
        if isinstance(step, str):
            if not isinstance(obj, dict) or step not in obj:
                return False
            obj = obj[step]
        else:
            if not isinstance(obj, list) or step >= len(obj):
                return False
            obj = obj[step]
    return True


def text(path: Path) -> str:
    return ".".join(f"[{step}]" if isinstance(step, int) else step for step in path)


class Removal(msgspec.Struct, frozen=True):
    """What goes of one value: all of it, or parts `below`. `gone` are the list indices that go entirely, ascending."""

    everything: bool
    below: dict[Step, Removal]
    gone: list[int]


def removal(value: object, paths: Iterable[Path]) -> Removal:
    """What goes of `value` if `paths` do, all of which lead somewhere. What is left empty goes too."""
    inner: dict[Step, list[Path]] = {}
    for path in paths:
        if not path:
            return Removal(True, {}, [])
        inner.setdefault(path[0], []).append(path[1:])
    if not isinstance(value, dict | list):
        return Removal(False, {}, [])
    below = {step: removal(value[step], rest) for step, rest in inner.items()}  # type: ignore[index]
    going = [step for step, part in below.items() if part.everything]
    return Removal(len(going) == len(value), below, sorted(step for step in going if isinstance(step, int)))


def without(value: object, plan: Removal) -> object:
    """A copy of `value` without what the plan removes; the plan does not remove everything."""
    below = plan.below
    if not below:
        return value
    if isinstance(value, dict):
        kept = ((name, item) for name, item in value.items() if name not in below or not below[name].everything)
        return {name: without(item, below[name]) if name in below else item for name, item in kept}
    if isinstance(value, list):
        left = ((n, item) for n, item in enumerate(value) if n not in below or not below[n].everything)
        return [without(item, below[n]) if n in below else item for n, item in left]
    return value


def moved(path: Path, plan: Removal) -> Path | None:
    """Where `path` leads after the removal; None if that is gone."""
    here: list[Step] = []
    at: Removal | None = plan
    for step in path:
        if at is None:
            here.append(step)
            continue
        here.append(step - bisect_left(at.gone, step) if isinstance(step, int) else step)
        at = at.below.get(step)
        if at is not None and at.everything:
            return None
    return tuple(here)
