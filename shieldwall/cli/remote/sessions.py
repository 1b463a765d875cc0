"""Sessions kept between commands: tokens by node, in one file that only its owner may read."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from shieldwall.cli.remote.files import write_whole
from shieldwall.errors import BadInput


class _Kept(msgspec.Struct):
    """What the file holds. `tokens` by base URL; `last` is the node signed in to last."""

    last: str = ""
    tokens: dict[str, str] = {}


def folder() -> Path:
    """The user's configuration folder of ours (XDG)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "shieldwall"


def token_of(url: str) -> str | None:
    """The session token kept for the node at `url`."""
    return _read().tokens.get(url)


def last_url() -> str | None:
    """The node that was signed in to last and not out again."""
    return _read().last or None


def keep(url: str, token: str) -> None:
    """Keep `token` for the node at `url`."""
    kept = _read()
    kept.tokens[url] = token
    kept.last = url
    _write(kept)


def forget(url: str) -> None:
    """Forget the session at `url`."""
    kept = _read()
    kept.tokens.pop(url, None)
    kept.last = "" if kept.last == url else kept.last
    _write(kept)


def _path() -> Path:
    return folder() / "sessions.json"


def _read() -> _Kept:
    try:
        return msgspec.json.decode(_path().read_bytes(), type=_Kept)
    except FileNotFoundError:
        return _Kept()
    except (OSError, msgspec.DecodeError) as problem:
        raise BadInput(
            "the kept sessions cannot be read", where=str(_path()), remedy="remove the file and sign in again"
        ) from problem


def _write(kept: _Kept) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(_path(), msgspec.json.encode(kept))
