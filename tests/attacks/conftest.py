"""What the attacks share: one engine where SQL judges nothing."""

from __future__ import annotations

import pytest


@pytest.fixture
def engine() -> str:
    """Nothing here is judged by SQL: one engine says it all."""
    return "sqlite"
