"""The table of settings, its page, and the values it becomes hold together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from shieldwall.config import SETTINGS, Config, read_config
from shieldwall.errors import BadInput

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_page_of_settings_is_current() -> None:
    command = [sys.executable, "scripts/settings_reference.py", "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0, "run scripts/settings_reference.py"


def test_every_setting_has_unit_and_sentence() -> None:
    assert [one.name for one in SETTINGS if not (one.unit and one.sentence.endswith("."))] == []


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("SHIELDWALL_DATA", "/srv/node", "data", Path("/srv/node")),
        ("SHIELDWALL_DATABASE", "postgresql://a@b/c", "database", "postgresql://a@b/c"),
        ("SHIELDWALL_URL", "https://x.example/", "url", "https://x.example"),
        ("SHIELDWALL_BIND", "[::]:9000", "bind", "[::]:9000"),
        ("SHIELDWALL_WORKERS", "7", "workers", 7),
        ("SHIELDWALL_MAX_BODY", "8", "max_body_bytes", 8),
        ("SHIELDWALL_QUOTA_REQUESTS", "9", "quota_requests", 9),
        ("SHIELDWALL_QUOTA_OBJECTS", "10", "quota_objects", 10),
        ("SHIELDWALL_TITLE", "Nord", "title", "Nord"),
        ("SHIELDWALL_CONTACT", "desk", "contact", "desk"),
    ],
)
def test_a_setting_changes_its_own_field_and_no_other(name: str, text: str, field: str, value: object) -> None:
    usual, changed = (msgspec.structs.asdict(read_config(given)) for given in ({}, {name: text}))
    assert {key: changed[key] for key in changed if changed[key] != usual[key]} == {field: value}


def test_every_setting_becomes_a_field() -> None:
    assert len(SETTINGS) == len(msgspec.structs.fields(Config))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SHIELDWALL_DATABASE", "mysql://host/name"),
        ("SHIELDWALL_URL", "exchange.example"),
        ("SHIELDWALL_URL", "https://exchange.example/?a=b"),
        ("SHIELDWALL_BIND", "8000"),
        ("SHIELDWALL_BIND", "127.0.0.1:99999"),
        ("SHIELDWALL_WORKERS", "0"),
        ("SHIELDWALL_QUOTA_OBJECTS", "many"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_config({name: text})
    assert refused.value.where == name and refused.value.remedy
