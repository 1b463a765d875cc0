"""The stages on which worlds are built: one for each engine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.harness.base import postgres_base, sqlite_base
from tests.harness.twoworlds import Stage
from tests.node import set_django_up
from tests.postgres import Cluster


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are asked for on purpose: no line for each."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def stage() -> Stage:
    """On SQLite."""
    set_django_up()
    return Stage(sqlite_base())


@pytest.fixture
def postgres_stage(postgres_cluster: Cluster, postgres_url_factory: Callable[..., str]) -> Iterator[Stage]:
    """On PostgreSQL."""
    set_django_up()
    base, template = postgres_base(postgres_cluster)
    yield Stage(base, lambda: postgres_url_factory(template))
    from shieldwall.store import node

    node().close()
