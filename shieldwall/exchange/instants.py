"""Versions as instants, and which of an object's versions a query wants (TAXII 2.1 §3.4.1, match[version])."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import orjson

from shieldwall.errors import BadInput
from shieldwall.exchange.filters import ALL, FIRST, LAST, Wanted
from shieldwall.exchange.lanes import SUPERSEDED, Key
from shieldwall.stix.times import microseconds
from shieldwall.store import READERS, id_key, run

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: str, *, where: str = "version") -> int:
    """A STIX timestamp, or one of another time zone, as µs since the epoch. Raises BadInput (STIX 2.1 §2.16)."""
    try:
        # What is stored was read by the same rule: a leap second that was let in must not fail whoever reads it.
        if text.endswith("Z"):
            return microseconds(text)
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise _no_time(text, where) from problem
    if moment.tzinfo is None:
        raise _no_time(text, where)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _no_time(text: str, where: str) -> BadInput:
    return BadInput(
        f"{text[:60]!r} is not a timestamp", rule="STIX 2.1 §2.16", where=where, remedy="write 2026-11-24T08:00:00.000Z"
    )


def timestamp(moment: int) -> str:
    """µs since the epoch as TAXII writes it: UTC, `Z`, exactly six digits (TAXII 2.1 §2)."""
    whole = _EPOCH + timedelta(microseconds=moment)
    return whole.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment % 1_000_000:06d}Z"


def shown_version(version: str, added: int) -> str:
    """The version a door names: `modified`, or for what has none the time it was added, in milliseconds."""
    return version or timestamp(added // 1000 * 1000)[:-4] + "Z"


def chosen_versions(keys: Sequence[Key], wanted: Wanted, collections: str) -> list[Key]:
    """Of `keys`, those whose version is wanted, judged among what lies in `collections` (a JSON array of ids)."""
    if wanted.only_latest or ALL in wanted.versions:
        return list(keys)
    exact = {int(text) for text in wanted.versions - {FIRST, LAST}}
    families = _families({key.id for key in keys}, collections)
    return [key for key in keys if _is_wanted(key, wanted, exact, families)]


def _is_wanted(key: Key, wanted: Wanted, exact: set[int], families: dict[int, list[int]]) -> bool:
    if not key.version or key.id.startswith("marking-definition--"):  # each statement is its own first and last
        moment = instant(key.version) if key.version else key.shown // 1000 * 1000
        return moment in exact or FIRST in wanted.versions or LAST in wanted.versions
    moment = instant(key.version)
    siblings = families.get(key.position, [moment])
    return (
        moment in exact
        or (FIRST in wanted.versions and moment == siblings[0])
        or (LAST in wanted.versions and moment == siblings[-1])
    )


def _families(ids: set[str], collections: str) -> dict[int, list[int]]:
    """For each position of these ids, the instants of all visible versions of its (owner, id), ascending."""
    keys = orjson.dumps([id_key(one).hex() for one in sorted(ids)]).decode()
    rows = run(READERS, "objects_in_scope", keys=keys, collections=collections)
    hidden: dict[int, int] = dict(run(READERS, "hidden_at", positions=orjson.dumps([row[1] for row in rows]).decode()))
    moments: dict[tuple[bytes, str], set[int]] = defaultdict(set)
    for key, place, owner, modified, *_ in rows:
        if hidden.get(place, SUPERSEDED) == SUPERSEDED:
            moments[bytes(key), owner].add(modified)
    return {place: sorted(moments[bytes(key), owner]) for key, place, owner, *_ in rows}
