"""The commands serve, web and worker."""

from __future__ import annotations

from typing import Annotated

import typer

Supervised = Annotated[bool, typer.Option("--supervised", hidden=True, help="End when the parent process ends.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    for command in (serve, web, worker):
        app.command()(command)


def serve() -> None:
    """Serve this node, web and worker, until it is stopped. Both are watched, and started again where they end."""
    from shieldwall.cli.local import open_local
    from shieldwall.cli.processes.supervisor import Supervisor, require_free_port

    config = open_local()
    require_free_port(config.bind)
    raise typer.Exit(Supervisor(config).run())


def web(supervised: Supervised = False) -> None:
    """Serve HTTP alone. SHIELDWALL_WORKERS processes at SHIELDWALL_BIND."""
    from shieldwall.cli.local import open_local
    from shieldwall.cli.processes.lifeline import die_with_parent
    from shieldwall.cli.processes.supervisor import require_free_port
    from shieldwall.cli.processes.web import serve_web

    if supervised:
        die_with_parent()
    config = open_local()
    require_free_port(config.bind)
    serve_web(config)


def worker(supervised: Supervised = False) -> None:
    """Work behind the logs alone. Word search, held and large submissions, the databases' statistics."""
    from shieldwall.cli.local import open_local
    from shieldwall.cli.processes.lifeline import die_with_parent
    from shieldwall.cli.processes.worker import Worker

    if supervised:
        die_with_parent()
    open_local()
    Worker().run()
