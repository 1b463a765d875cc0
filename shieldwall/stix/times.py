"""STIX timestamps as instants (§2.16): RFC 3339 in UTC with any number of fraction digits, leap seconds included."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:)(\d\d)(?:\.(\d+))?Z", re.ASCII)
_DAY = 86_400_000_000


def microseconds(text: str) -> int:
    """Microseconds since 1970 of a STIX timestamp, further digits cut off. Raises ValueError for any other text.

    A leap second counts as the first moment of the next minute.
    """
    try:
        since = datetime.fromisoformat(text) - _EPOCH
    except (ValueError, TypeError):
        return _leap(text)
    if text[-1:] != "Z" or text[10:11] != "T" or "," in text:
        raise ValueError(f"no STIX timestamp: {text[:40]!r}")
    return since.days * _DAY + since.seconds * 1_000_000 + since.microseconds


def _leap(text: str) -> int:
    shape = _SHAPE.fullmatch(text)
    if shape is None or shape[2] != "60":
        raise ValueError(f"no STIX timestamp: {text[:40]!r}")
    fraction = int((shape[3] or "0")[:6].ljust(6, "0"))
    return microseconds(shape[1] + "00Z") + 60_000_000 + fraction


def instant(text: str) -> tuple[int, str]:
    """A key that orders timestamps by the instant they name, to the last digit given: `.1Z` equals `.100Z`."""
    fraction = text[26:-1] if len(text) > 27 and text[19:20] == "." else ""
    return microseconds(text), fraction.rstrip("0")


def timestamp(us: int) -> str:
    """The STIX text, in milliseconds, of an instant in microseconds."""
    moment = _EPOCH + timedelta(microseconds=us)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
