"""Faults of disk and database, told as ours: what the drivers raise becomes a StoreError at the store's own edge.

A fault is what passes or can be mended from outside: no space, a database that restarts, a lock that is not given. A
statement that breaks a rule of the schema is no fault but a mistake, and stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import django.db
import psycopg
from pysqlite3 import dbapi2

from shieldwall.errors import StoreError

FAULTS: tuple[type[Exception], ...] = (
    dbapi2.OperationalError, psycopg.OperationalError, psycopg.InterfaceError,
    django.db.OperationalError, django.db.InterfaceError,
)  # fmt: skip


def told(problem: Exception) -> StoreError:
    """The StoreError for a fault. What exactly happened is its cause, for the operator's log and nobody else."""
    return StoreError(
        "the store cannot be used at the moment", rule="store",
        remedy="try again later; who runs this node finds the cause in its log",
    )  # fmt: skip


@contextmanager
def faults_told() -> Iterator[None]:
    """Raises StoreError for every fault inside, those of files too."""
    try:
        yield
    except FAULTS as problem:
        raise told(problem) from problem
    except OSError as problem:
        raise told(problem) from problem
