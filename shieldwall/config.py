"""What an operator may set: one small table of `SHIELDWALL_*` variables, read once, at start.

`SETTINGS` is the reference (docs/reference/settings.md is checked against it).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from shieldwall.errors import BadInput

WEB_THREADS = 8
"""How many requests a web process takes on at once, bodies on their way included; it works on one at a time."""


class Setting(msgspec.Struct, frozen=True):
    """One variable: its name, default (as text), unit, and a sentence."""

    name: str
    default: str
    unit: str
    sentence: str


SETTINGS: tuple[Setting, ...] = (
    Setting("SHIELDWALL_DATA", "var", "path", "The data directory: databases, keys, staged submissions, mail."),
    Setting(
        "SHIELDWALL_DATABASE",
        "sqlite",
        "`sqlite` or a URL",
        "Where the log lives: `sqlite` (in the data directory) or `postgresql://user@host/name`.",
    ),
    Setting(
        "SHIELDWALL_URL",
        "http://127.0.0.1:8000",
        "URL",
        "The public address; every absolute URL is built from it, never from the Host header.",
    ),
    Setting("SHIELDWALL_BIND", "127.0.0.1:8000", "host:port", "Where `shieldwall serve` listens."),
    Setting("SHIELDWALL_WORKERS", "2", "processes", "How many web processes; each works on one request at a time."),
    Setting("SHIELDWALL_MAX_BODY", "104857600", "bytes", "The largest request body that is read at all."),
    Setting("SHIELDWALL_QUOTA_REQUESTS", "6000", "requests a minute", "Requests each principal may make in a minute."),
    Setting("SHIELDWALL_QUOTA_OBJECTS", "1000000", "objects a day", "Objects each principal may submit in a day."),
    Setting("SHIELDWALL_TITLE", "Shieldwall", "text", "The name of this exchange, as discovery and pages show it."),
    Setting("SHIELDWALL_CONTACT", "", "text", "Whom to write to, shown by TAXII discovery."),
)


class Config(msgspec.Struct, frozen=True):
    """The settings of one process, parsed."""

    data: Path
    database: str
    url: str
    bind: str
    workers: int
    max_body_bytes: int
    quota_requests: int
    quota_objects: int
    title: str
    contact: str

    @property
    def is_postgresql(self) -> bool:
        """True where the log lives in PostgreSQL."""
        return self.database != "sqlite"


def _database(text: str) -> str:
    if text == "sqlite" or urlsplit(text).scheme in {"postgresql", "postgres"}:
        return text
    raise ValueError("neither `sqlite` nor a postgresql:// URL")


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("not an http(s) URL without query")
    return text.rstrip("/")


def _bind(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not 0 <= int(port) <= 65535:
        raise ValueError("not host:port")
    return text


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("not above zero")
    return number


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _text(text: str) -> str:
    return text


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "SHIELDWALL_DATA": _path,
    "SHIELDWALL_DATABASE": _database,
    "SHIELDWALL_URL": _url,
    "SHIELDWALL_BIND": _bind,
    "SHIELDWALL_WORKERS": _positive,
    "SHIELDWALL_MAX_BODY": _positive,
    "SHIELDWALL_QUOTA_REQUESTS": _positive,
    "SHIELDWALL_QUOTA_OBJECTS": _positive,
    "SHIELDWALL_TITLE": _text,
    "SHIELDWALL_CONTACT": _text,
}


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings from `environ` (this process's own by default).

    Raises BadInput naming the variable, what is wrong, and its unit.
    """
    source = os.environ if environ is None else environ
    values: list[object] = []
    for setting in SETTINGS:
        text = source.get(setting.name, setting.default)
        try:
            values.append(_PARSERS[setting.name](text))
        except ValueError as problem:
            raise BadInput(
                f"{text!r} cannot be used: {problem}",
                rule="settings",
                where=setting.name,
                remedy=f"set it in {setting.unit}, or leave it unset for {setting.default!r}",
            ) from problem
    return Config(*values)  # type: ignore[arg-type]  # the table and the fields are in one order; a test holds them so
