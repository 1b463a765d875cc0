"""`sign-in` and `sign-out`: a person's session, kept in a file of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from shieldwall.cli.local import read_password
from shieldwall.cli.remote import options, sessions
from shieldwall.cli.remote.connection import Connection, address
from shieldwall.errors import Unauthenticated


def sign_in(
    username: Annotated[str, typer.Argument(help="Your user name.")],
    password_file: Annotated[
        Path | None, typer.Option(help="A file that holds the password; else SHIELDWALL_PASSWORD, else asked for.")
    ] = None,
    url: options.Url = None,
    insecure_http: options.InsecureHttp = False,
) -> None:
    """Sign in as a person. The session is kept, readable by you alone, until it expires or `sign-out`."""
    from shieldwall.cli.remote.client import Client

    where = address(url, insecure_http=insecure_http)
    password = read_password(password_file, asking=f"Password of {username}", confirm=False)
    with Client(Connection(where)) as client:
        session = client.post("/sessions", {"username": username, "password": password})
    sessions.keep(where, session["token"])
    print(f"signed in to {where} as {session['person']} of {session['member']}, until {session['expires']}")
    if os.environ.get("SHIELDWALL_KEY"):
        told = "SHIELDWALL_KEY is set and goes before this session; to act as yourself: unset SHIELDWALL_KEY"
        print(told, file=sys.stderr)


def sign_out(url: options.Url = None, insecure_http: options.InsecureHttp = False) -> None:
    """End the session, here and at the node."""
    from shieldwall.cli.remote.client import Client

    where = address(url, insecure_http=insecure_http)
    token = sessions.token_of(where)
    if token is None:
        raise Unauthenticated(f"not signed in to {where}", rule="authentication")
    with Client(Connection(where, token)) as client:
        try:
            client.delete("/sessions")
        except Unauthenticated:
            print("the session had ended already")
    sessions.forget(where)
    print(f"signed out of {where}")
