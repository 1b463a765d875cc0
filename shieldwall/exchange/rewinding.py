"""Cursors from before a restore: where they go on, and what is told to whoever holds one.

A restored log goes on behind its last restored entry, under numbers that had been given before. A cursor of an earlier
epoch that stands above that entry goes on right behind it: by its number alone it would pass over what is new.
"""

from __future__ import annotations

import msgspec

from shieldwall.exchange.cursors import Cursor
from shieldwall.store import READERS, Scope
from shieldwall.store.epochs import end_of_epoch


def rewound(place: Cursor, scope: Scope) -> tuple[Cursor, str]:
    """Where `place` goes on, and a notice where it stood above what was restored ('' where nothing changed for it).

    Of a collection that is not in scope nothing more is told than that: it may be gone, or not for this viewer.
    """
    if place.epoch >= scope.facts.epoch or not place.collection:
        return place, ""
    notice = (
        f"epoch {scope.facts.epoch}: this node was restored from a backup; `next` stood above what was restored, and "
        "goes on at its end"
    )
    for one in scope:
        if one.collection.uuid == place.collection:
            end = end_of_epoch(READERS, one.collection.id, place.epoch)
            above = place.number > end
            return (msgspec.structs.replace(place, number=end), notice) if above else (place, "")
    return place, notice
