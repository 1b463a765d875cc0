"""The app `shieldwall`, and what happens when a command fails.

Nothing heavy is imported here: Django and the rooms come in inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import typer

from shieldwall.cli.exits import database_errors, tell
from shieldwall.errors import ShieldwallError, StoreError

app = typer.Typer(
    name="shieldwall",
    help="An open exchange through which an alliance shares cyber threats, with those it chooses and nobody else.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_PARTS = (
    "shieldwall.cli.hub",
    "shieldwall.cli.backups",
    "shieldwall.cli.processes",
    "shieldwall.demo.command",
    "shieldwall.cli.remote",
    "shieldwall.cli.admin",
)

for _part in _PARTS:
    import_module(_part).register(app)


def main() -> None:
    """Run the command line: every error of ours is one line on stderr and an exit code."""
    os.umask(0o077)  # whatever a node writes is its own
    try:
        app()
    except ShieldwallError as error:
        sys.exit(tell(error))
    except database_errors() as problem:
        sys.exit(tell(StoreError(f"the database answers: {problem}", remedy="run `shieldwall check`")))
    except BrokenPipeError:  # the reader of our output has gone, as in `shieldwall … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as problem:
        sys.exit(tell(_fault_of_files(problem)))


def _fault_of_files(problem: OSError) -> StoreError:
    return StoreError(
        problem.strerror or str(problem), rule="file", where=str(problem.filename or ""),
        remedy="see that the place exists, is yours to read and write, and has room",
    )  # fmt: skip


if __name__ == "__main__":
    main()
