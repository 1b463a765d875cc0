"""Finds the files of an installed package without importing it: some take seconds to import."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from shieldwall.errors import Absent


def packaged(package: str, *parts: str) -> Path:
    """The path of `parts` inside `package`. Raises Absent where the package is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Absent(f"the package {package} is not installed", remedy="run `make setup`")
    return Path(spec.submodule_search_locations[0], *parts)
