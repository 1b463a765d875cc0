"""The processes of a node: `serve` starts and watches them all; `web` and `worker` are each of them alone."""

from __future__ import annotations

from shieldwall.cli.processes.commands import register

__all__ = ["register"]
