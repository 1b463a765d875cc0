"""Exit codes, in one table, and the one line in which an error of ours is told."""

from __future__ import annotations

import sys

from shieldwall.errors import (
    Absent,
    BadInput,
    Conflict,
    Refused,
    ShieldwallError,
    StoreError,
    TooMany,
    Unauthenticated,
)

OK, FAILED, USAGE = 0, 1, 2
MEANINGS: tuple[tuple[int, str], ...] = (
    (OK, "done"),
    (FAILED, "a check or a verification failed"),
    (USAGE, "the command line was not understood"),
    (3, "bad input"),
    (4, "refused by a rule"),
    (5, "not found, or nothing that you may know of"),
    (6, "contradicts what stands already"),
    (7, "not signed in"),
    (8, "over a quota"),
    (9, "the store or the server is not available"),
)
_CODES: tuple[tuple[type[ShieldwallError], int], ...] = (
    (BadInput, 3),
    (Refused, 4),
    (Absent, 5),
    (Conflict, 6),
    (Unauthenticated, 7),
    (TooMany, 8),
    (StoreError, 9),
)


def code_of(error: ShieldwallError) -> int:
    """The exit code of an error; the first class in the table that it belongs to."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


def tell(error: ShieldwallError) -> int:
    """Print an error in one line on stderr: what, by which rule, where, how to mend it. Returns its exit code."""
    cause = f" ({error.__cause__})" if isinstance(error, StoreError) and error.__cause__ else ""
    print(f"shieldwall: {' '.join(f'{error}{cause}'.split())}", file=sys.stderr)
    return code_of(error)


def database_errors() -> tuple[type[Exception], ...]:
    """What the drivers in use may raise; asked only once something was raised."""
    kinds: list[type[Exception]] = []
    for name, kind in (("django.db", "DatabaseError"), ("pysqlite3.dbapi2", "Error"), ("psycopg", "Error")):
        if name in sys.modules:
            kinds.append(getattr(sys.modules[name], kind))
    return tuple(kinds)
