"""STIX timestamps are instants, whatever digits they carry (§2.16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.stix.times import instant, microseconds, timestamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)), st.text("0123456789", max_size=12))
def test_microseconds_are_those_of_the_calendar(moment: datetime, more: str) -> None:
    text = moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S.%f") + more + "Z"
    assert microseconds(text) == (moment - EPOCH) // timedelta(microseconds=1)


@given(st.text("0123456789", min_size=1, max_size=12), st.text("0123456789", min_size=1, max_size=12))
def test_instants_order_like_their_fractions(one: str, other: str) -> None:
    left, right = instant(f"2024-05-01T10:00:00.{one}Z"), instant(f"2024-05-01T10:00:00.{other}Z")
    width = max(len(one), len(other))
    assert (left < right) == (one.ljust(width, "0") < other.ljust(width, "0"))
    assert (left == right) == (one.ljust(width, "0") == other.ljust(width, "0"))


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ("9999-12-31T23:59:60Z", 253_402_300_800_000_000),
    ],
)
def test_known_moments(text: str, us: int) -> None:
    assert microseconds(text) == us


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-02-30T00:00:00Z",
        "2024-05-01",
        "2024-05-01T10:00:00",
        "2024-05-01T10:00:00+00:00",
        "2024-05-01 10:00:00Z",
        "2024-05-01T10:00:61Z",
        "2024-02-30T10:00:60Z",
        "20240501T100000Z",
        "0000-01-01T00:00:00Z",
    ],
)
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(ValueError):
        microseconds(text)


@given(st.integers(0, 253_402_300_799_999))
def test_a_written_timestamp_reads_back(milliseconds: int) -> None:
    assert microseconds(timestamp(milliseconds * 1000)) == milliseconds * 1000
