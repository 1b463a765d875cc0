"""Where the node is and who we are to it: an address and a secret, found once, never printed."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from shieldwall.cli.remote import sessions
from shieldwall.errors import BadInput, Refused, Unauthenticated

DEFAULT_URL = "http://127.0.0.1:8000"
_INNER_PATHS = ("/api/v1", "/api", "/taxii2", "/taxii2/root")
_SIGN_IN = "set SHIELDWALL_KEY to a service key, give --key-file, or run `shieldwall sign-in`"


class Connection(msgspec.Struct, frozen=True):
    """A node's address and the bearer secret to show it ('' for none)."""

    url: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"Connection({self.url!r})"

    @property
    def is_local(self) -> bool:
        """Whether the node is on this machine."""
        return _is_loopback(urlsplit(self.url).hostname or "")


def address(url: str | None, *, insecure_http: bool) -> str:
    """The node's base URL: as given, else that of the last sign-in, else a node on this machine.

    Raises BadInput for what is no URL of a node, Refused for plain http to another machine unless `insecure_http`.
    """
    chosen = (url or sessions.last_url() or DEFAULT_URL).rstrip("/")
    parts = urlsplit(chosen)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise BadInput(f"{chosen[:200]!r} is no address of a node", where="--url", remedy="write https://host")
    if parts.path.endswith(_INNER_PATHS):
        raise BadInput(
            "this leads into the node, not to it", where=f"--url {chosen[:200]}",
            remedy=f"write {parts.scheme}://{parts.netloc}",
        )  # fmt: skip
    if parts.username or parts.password:
        raise BadInput("secrets do not belong into an address", where="--url", remedy=_SIGN_IN)
    if parts.scheme == "http" and not insecure_http and not _is_loopback(parts.hostname):
        raise Refused(
            f"plain http to {parts.hostname} would show your key to everyone on the way",
            rule="https", where="--url", remedy="use https, or --insecure-http where you know the way is safe",
        )  # fmt: skip
    return chosen


def connect(url: str | None, key: str | None, key_file: Path | None, *, insecure_http: bool) -> Connection:
    """The node and our secret: a key as given, from a file, or the session of the last sign-in there.

    Raises Unauthenticated where there is none.
    """
    where = address(url, insecure_http=insecure_http)
    secret = _from_file(key_file) if key_file else (key or sessions.token_of(where) or "").strip()
    if not secret:
        raise Unauthenticated(f"not signed in to {where}", rule="authentication", remedy=_SIGN_IN)
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise Unauthenticated("this cannot be a key: it holds spaces or unprintable characters", remedy=_SIGN_IN)
    return Connection(where, secret)


def _from_file(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput("the key cannot be read", where=str(path), remedy="name a file that holds one key") from problem


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
