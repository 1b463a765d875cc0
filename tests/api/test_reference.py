"""The API's page is what the table of routes says."""

from __future__ import annotations

from pathlib import Path

from tests.api.conftest import World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"


def test_the_page_is_current_else_run_scripts_api_reference(world: World) -> None:
    from shieldwall.api.reference import reference

    assert PAGE.read_text(encoding="utf-8") == reference()
