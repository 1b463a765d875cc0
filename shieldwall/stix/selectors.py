"""Selectors of granular markings (§7.2.3): `a`, `a.b`, `a.[0]`, `a.[0].b`, from the object inwards."""

from __future__ import annotations

import re

_STEP = re.compile(r"\[(0|[1-9]\d{0,8})\]|([A-Za-z0-9_-]{1,250})", re.ASCII)

Step = str | int


def steps(selector: str) -> tuple[Step, ...]:
    """The steps of a selector: names, and indices as numbers. Raises ValueError for what is no selector."""
    found: list[Step] = []
    for part in selector.split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            raise ValueError(f"no selector: {selector[:80]!r}")
        found.append(step[2] if step[1] is None else int(step[1]))
    return tuple(found)


def selects(obj: object, path: tuple[Step, ...]) -> bool:
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


def text(path: tuple[Step, ...]) -> str:
    return ".".join(f"[{step}]" if isinstance(step, int) else step for step in path)


def without(value: object, paths: list[tuple[Step, ...]]) -> object:
    """A copy of `value` without what `paths` select. A list or object left empty goes too; None if all of it goes."""
    if () in paths:
        return None
    if not paths or not isinstance(value, dict | list):
        return value
    within: dict[Step, list[tuple[Step, ...]]] = {}
    for first, *rest in paths:
        within.setdefault(first, []).append(tuple(rest))
    if isinstance(value, dict):
        kept = {name: inner if name not in within else without(inner, within[name]) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None or name not in within} or None
    items = [(n, item if n not in within else without(item, within[n])) for n, item in enumerate(value)]
    return [item for n, item in items if item is not None or n not in within] or None


def moved(path: tuple[Step, ...], obj: object, removed: list[tuple[Step, ...]]) -> tuple[Step, ...] | None:
    """Where `path` into `obj` leads after `without(obj, removed)`; None if it is gone."""
    here: list[Step] = []
    for n, step in enumerate(path):
        if isinstance(step, int) and isinstance(obj, list):
            before = [k for k in range(step) if without(obj[k], _below(removed, (*path[:n], k))) is None]
            here.append(step - len(before))
        else:
            here.append(step)
        obj = obj[step]  # type: ignore[index]
        if without(obj, _below(removed, path[: n + 1])) is None:
            return None
    return tuple(here)


def _below(paths: list[tuple[Step, ...]], stem: tuple[Step, ...]) -> list[tuple[Step, ...]]:
    """The paths that lead to or into `stem`, from there on; what lies above it counts as all of it."""
    found = [path[len(stem) :] for path in paths if path[: len(stem)] == stem]
    return [(), *found] if any(stem[: len(path)] == path for path in paths) else found
