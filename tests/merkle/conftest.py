"""One log of a thousand entries, for every test that only reads."""

from __future__ import annotations

import pytest

from tests.merkle.reference import Log, made_leaves


@pytest.fixture(scope="session")
def thousand() -> list[bytes]:
    return made_leaves(1000)


@pytest.fixture(scope="session")
def log_of_a_thousand(thousand: list[bytes]) -> Log:
    log = Log()
    log.append(thousand)
    return log
