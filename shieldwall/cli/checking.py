"""The whole of `shieldwall check`, part by part, with progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

Step = Callable[[str], None]


def all_findings(*, quick: bool, quiet: bool) -> list[dict[str, Any]]:
    """Everything that is found, as rows `place, finding, remedy`."""
    from shieldwall.cli.local import open_local
    from shieldwall.store.checks import NO_SETTING, environment_findings, settings_findings

    with with_progress(quiet=quiet) as step:
        step("settings, files and schema")
        findings = list(settings_findings())
        if any(one.finding != NO_SETTING for one in findings):
            return [msgspec.to_builtins(one) for one in findings]
        open_local(migrated=False)
        findings += environment_findings()
        no_tables = any(one.place == "schema" or one.place.startswith("schema table") for one in findings)
        if not quick and not no_tables:
            findings += _log_findings(step)
    return [msgspec.to_builtins(one) for one in findings]


def _log_findings(step: Step) -> Iterator[Any]:
    from shieldwall.exchange.rebuilding import projection_findings
    from shieldwall.store import snapshot
    from shieldwall.store.walk import log_findings

    with snapshot():
        yield from log_findings(step)
        yield from projection_findings(step)


@contextmanager
def with_progress(*, quiet: bool) -> Iterator[Step]:
    """A line on stderr that says what is being done; nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda text: status.update(text)
