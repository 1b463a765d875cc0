"""The web process: granian before the WSGI application, whose requests pass a gate one by one in each worker process.

Two threads at work in one process halve it (they share Python's lock), so that more processes are the way to more.
"""

from __future__ import annotations

import logging
from multiprocessing.util import Finalize
from typing import Any

from shieldwall.config import WEB_THREADS, Config

_STOPS_WITHIN = 10  # seconds, before granian kills what does not stop
_RESPAWN_AFTER = 0.1


def serve_web(config: Config) -> None:
    """Serve HTTP until SIGTERM or SIGINT."""
    from django.db import connections
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    logging.getLogger("_granian").addFilter(_is_no_advice)
    connections.close_all()  # the workers are forked: no connection is theirs
    host, _, port = config.bind.rpartition(":")
    Granian(
        "shieldwall.wsgi:application",
        address=host.strip("[]"),
        port=int(port),
        interface=Interfaces.WSGI,
        workers=config.workers,
        blocking_threads=WEB_THREADS,
        http=HTTPModes.http1,  # proxies speak it, and it is the smaller surface
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=_RESPAWN_AFTER,
        workers_kill_timeout=_STOPS_WITHIN,
    ).serve(target_loader=_load, wrap_loader=False)


def _is_no_advice(record: logging.LogRecord) -> bool:
    """Granian advises against so many threads; ours wait at a gate and cost nothing."""
    return not record.getMessage().startswith("Configuration allows spawning")


def _load() -> Any:
    """In each worker: the application, and a promise to write what it still holds when it ends."""
    from shieldwall.cli.processes.lifeline import die_with_parent
    from shieldwall.store import node
    from shieldwall.wsgi import application

    die_with_parent()
    Finalize(None, node().close, exitpriority=10)
    return application
