"""The SQLite that Django is given: the one in the `pysqlite3` wheel, never the system's.

SQLite 3.7.0 to 3.51.2 can lose committed data in WAL mode (a reset race), and Debian 12 has 3.40.1. Imported before
Django loads its back end.
"""

from __future__ import annotations

import sys

import pysqlite3
from pysqlite3 import dbapi2

from shieldwall.errors import StoreError

_FIRST_BROKEN, _LAST_BROKEN = (3, 7, 0), (3, 51, 2)


def use_safe_sqlite() -> None:
    """Put the wheel's SQLite in the standard library's place. Raises StoreError for a version that loses data."""
    version = dbapi2.sqlite_version_info
    if _FIRST_BROKEN <= version <= _LAST_BROKEN:
        raise StoreError(
            f"SQLite {dbapi2.sqlite_version} can lose committed data in WAL mode",
            rule="SQLite WAL reset race, fixed in 3.51.3",
            remedy="install the pysqlite3 of requirements/run.txt",
        )
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2
