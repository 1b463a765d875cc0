"""References whose other end the audience will not see: a warning to the submitter, who can see it.

A relationship is visible by its own collection alone, and an end that a reader may not read looks like one that does
not exist. So the submitter is told, and only about ends that it can read itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
import orjson

from shieldwall.exchange.lanes import SUPERSEDED
from shieldwall.exchange.ready import Ready
from shieldwall.policy import COMMUNITY, PUBLIC, Audience, home_audience, implies
from shieldwall.store import READERS, Scope, audience_of, collection_of, id_key, run

_MOST_SEEKS = 1_000_000
_MOST_NAMED = 3


def with_missing_ends(scope: Scope, ready: Sequence[Ready]) -> list[Ready]:
    """The same, each warned of what its audience may not read of what it refers to. Home reads all that it does.

    Seeks are bounded: of a very large submission by somebody of very many collections only the first references are
    looked at.
    """
    placed: dict[str, set[Audience]] = defaultdict(set)
    for one in ready:
        placed[one.checked.id].add(one.audience)
    open_ends = {
        ref: None for one in ready for ref in one.checked.refs if one.audience not in placed.get(ref, ())
    }  # fmt: skip
    if not open_ends:
        return list(ready)
    for ref, audiences in _where(scope, list(open_ends)[: _MOST_SEEKS // max(1, len(scope))]):
        placed[ref] |= audiences
    ends, home = _Ends(placed), home_audience(scope.viewer.member)
    return [one if one.audience == home else ends.warned(one) for one in ready]


def _where(scope: Scope, ids: Sequence[str]) -> Iterable[tuple[str, set[Audience]]]:
    """In which audiences each of these ids may be read by whoever has this scope."""
    by_key = {id_key(one): one for one in ids}
    keys = orjson.dumps([key.hex() for key in by_key]).decode()
    rows = run(READERS, "objects_in_scope", keys=keys, collections=scope.ids())
    positions = orjson.dumps([row[1] for row in rows]).decode()
    hidden: dict[int, int] = dict(run(READERS, "hidden_at", positions=positions)) if rows else {}
    for row in rows:
        if hidden.get(row[1], SUPERSEDED) == SUPERSEDED:
            yield by_key[bytes(row[0])], {audience_of(scope.readable[collection_of(row[1])].collection.audience)}


class _Ends:
    """Who reads what, each pair of audiences compared once."""

    def __init__(self, placed: dict[str, set[Audience]]) -> None:
        self._placed = placed
        self._implied: dict[tuple[Audience, Audience], bool] = {}

    def warned(self, one: Ready) -> Ready:
        missing = [ref for ref in one.checked.refs if self._is_missing(ref, one.audience)]
        if not missing:
            return one
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        warning = f"its readers may not read {', '.join(missing[:_MOST_NAMED])}{more}, to which it refers"
        return msgspec.structs.replace(one, warnings=(*one.warnings, warning))

    def _is_missing(self, ref: str, audience: Audience) -> bool:
        known = self._placed.get(ref)
        return bool(known) and not any(self._reads(audience, wide) for wide in known or ())

    def _reads(self, narrow: Audience, wide: Audience) -> bool:
        found = self._implied.get((narrow, wide))
        if found is None:
            found = self._implied[narrow, wide] = narrow == wide or implies(_as_members(narrow), wide)
        return found


def _as_members(audience: Audience) -> Audience:
    """Whoever holds any token but `public` is of the community."""
    if all(PUBLIC in conjunct for conjunct in audience.needs):
        return audience
    return audience.narrowed_by(Audience(frozenset({frozenset({COMMUNITY})})))
