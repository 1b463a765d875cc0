"""Opening the node that lies in this machine's data directory, and who acts on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from shieldwall.config import Config, read_config
from shieldwall.errors import BadInput, StoreError

if TYPE_CHECKING:
    from shieldwall.policy import Viewer

PASSWORD_VARIABLE = "SHIELDWALL_PASSWORD"
_acting_name: ContextVar[str] = ContextVar("acting_name", default="")


def open_local(*, making: bool = False, migrated: bool = True, whole: bool = True) -> Config:
    """Set Django up for the node that `SHIELDWALL_*` describe. `making` makes the data directory where there is none.

    Raises BadInput for a setting that cannot be used; StoreError where nothing lies there, or, with `migrated`, where
    the schema is not that of this version, or, with `whole`, where a restore did not end.
    """
    config = read_config()
    if making:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not any((config.data / name).exists() for name in ("log.db", "keys")):
        raise StoreError(
            "nothing is set up here yet",
            where=str(config.data),
            remedy="run `shieldwall setup`, or set SHIELDWALL_DATA (a demo's is var/demo)",
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shieldwall.settings")
    import django

    django.setup()
    if whole:
        from shieldwall.store.loading import require_whole

        require_whole(config.data)
    if migrated and not making:
        require_schema()
    return config


def require_schema() -> None:
    """Raises StoreError where migrations of this version have not been run."""
    from shieldwall.store.migrate import pending_migrations

    pending = pending_migrations()
    if pending:
        raise StoreError(
            f"the schema is not that of this version: {', '.join(pending)}", rule="schema",
            remedy="run `shieldwall migrate`, or `shieldwall setup` where nothing is set up yet",
        )  # fmt: skip
    from shieldwall.store import require_keys

    require_keys()


def let_act(name: str) -> None:
    """Let the commands of this run act as the hub's administrator of that user name; '' is the operator."""
    _acting_name.set(name)


@contextmanager
def acting_viewer() -> Iterator[Viewer]:
    """Who acts on this node: its operator, or whoever `let_act` named, signed in with their password."""
    open_local()
    from shieldwall import members

    name = _acting_name.get()
    if not name:
        yield members.OPERATOR
        return
    token = members.sign_in(name, read_password(None, asking=f"Password of {name}", confirm=False))
    try:
        yield members.authenticate(token)
    finally:
        members.sign_out(token)


def read_password(file: Path | None, *, asking: str = "Password", confirm: bool = True) -> str:
    """A password from a file, from the variable SHIELDWALL_PASSWORD, or asked for without echo; never an argument.

    Raises BadInput where there is none to read and nobody to ask.
    """
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as problem:
            raise BadInput(f"cannot be read: {problem}", where=str(file), remedy="give a file of one line") from problem
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    if not sys.stdin.isatty():
        raise BadInput(
            "a password is needed, and there is no terminal to ask on", rule="password",
            remedy=f"give --password-file, or set {PASSWORD_VARIABLE}",
        )  # fmt: skip
    import typer

    return str(typer.prompt(asking, hide_input=True, confirmation_prompt=confirm))
