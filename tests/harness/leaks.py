"""Leaks put into the running product on purpose, each a mistake that somebody made somewhere; each must be caught.

A leak swaps one function of a room for a careless one and puts it back afterwards. The doors and the harness know
nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

import msgspec
import orjson

Swap = tuple[str, str, Callable[[Any], Any]]
"""Module, name (of a function, or `Class.method`), and what makes a careless one of the careful one."""


@contextmanager
def swapped(*swaps: Swap) -> Iterator[None]:
    """Careless for as long as this lasts."""
    with ExitStack() as stack:
        for module, path, make in swaps:
            holder: Any = import_module(f"shieldwall.{module}")
            *outer, name = path.split(".")
            for one in outer:
                holder = getattr(holder, one)
            careful = holder.__dict__[name]
            setattr(holder, name, make(careful))
            stack.callback(setattr, holder, name, careful)
        yield


def _rows() -> list[tuple[Any, ...]]:
    from shieldwall.store import READERS, run

    return run(READERS, "all_collections")


def _every_collection(careful: Any) -> Any:
    """A scope that is all there is."""

    def careless(viewer: Any, *rest: Any) -> Any:
        from shieldwall.store import Collection, Readable

        scope = careful(viewer, *rest)
        scope.readable = {row[0]: Readable(Collection.of(row[:5]), 0, row[5], row[6]) for row in _rows()}
        return scope

    return careless


def _counts_everything(careful: Any) -> Any:
    return lambda viewer, scope: msgspec.structs.replace(careful(viewer, scope), size=sum(row[5] for row in _rows()))


def _dates_by_everything(careful: Any) -> Any:
    return lambda viewer, scope: msgspec.structs.replace(careful(viewer, scope), created=max(row[6] for row in _rows()))


def _forbidden_is_not_absent(careful: Any) -> Any:
    def careless(scope: Any, uuid: str) -> Any:
        from shieldwall.errors import Refused
        from shieldwall.store import READERS, collection_by_uuid

        if collection_by_uuid(READERS, uuid) and uuid not in {one.collection.uuid for one in scope}:
            raise Refused("this collection is not yours to read")
        return careful(scope, uuid)

    return careless


def _present_anywhere(careful: Any) -> Any:
    def careless(placing: Any, ready: Any) -> None:
        from shieldwall.exchange.receipts import PRESENT, Outcome
        from shieldwall.store import id_key

        known = placing._families[id_key(ready.checked.id)]
        if any(one.digest == ready.checked.digest and one.position for one in known):
            placing.outcomes[ready.index] = Outcome(ready.checked.id, ready.checked.version, PRESENT)
        else:
            careful(placing, ready)

    return careless


def _conflict_anywhere(careful: Any) -> Any:
    def careless(placing: Any, ready: Any) -> None:
        from shieldwall.exchange.receipts import REFUSED, Outcome
        from shieldwall.store import id_key

        known = placing._families[id_key(ready.checked.id)]
        if any(one.modified == ready.checked.modified_us != 0 and one.digest != ready.checked.digest for one in known):
            placing.outcomes[ready.index] = Outcome(ready.checked.id, ready.checked.version, REFUSED)
        else:
            careful(placing, ready)

    return careless


def _internal_number(careful: Any) -> Any:
    def careless(cursor: Any, query: bytes) -> str:
        from shieldwall.store import READERS, collection_by_uuid

        known = collection_by_uuid(READERS, cursor.collection)
        return f"{careful(cursor, query)}.{known.id if known else 0}"

    return careless


def _accepts_internal_number(careful: Any) -> Any:
    return lambda text, query: careful(text.partition(".")[0], query)


def _totals_everything(careful: Any) -> Any:
    def careless(text: str, value: Any, places: Any, hits: Any) -> Any:
        from shieldwall.store import READERS, run, value_key

        answer = careful(text, value, places, hits)
        if value is None:
            return answer
        everywhere = orjson.dumps([row[0] for row in _rows()]).decode()
        keys = orjson.dumps([value_key(value.kind, value.normal).hex()]).decode()
        found = run(READERS, "postings_in_scope", keys=keys, collections=everywhere)
        return msgspec.structs.replace(answer, total=len(found))

    return careless


def _hidden_twins_count(careful: Any) -> Any:
    def careless(walk: Any, ranges: str) -> None:
        from shieldwall.store import READERS, run

        newer = {place for place, _, newer, _ in run(READERS, "twins_in_ranges", ranges=ranges) if newer}
        walk._known = [key for key in walk._known if key.position not in newer]
        careful(walk, ranges)

    return careless


def _anybodys_receipt(careful: Any) -> Any:
    def careless(viewer: Any, submission_id: str) -> Any:
        from shieldwall.exchange.receipts import decode_receipt
        from shieldwall.store import READERS, one

        row = one(READERS, "submission", id=submission_id)
        return careful(viewer, submission_id) if row is None else decode_receipt(bytes(row[6]))

    return careless


def _unknown_is_not_foreign(careful: Any) -> Any:
    def careless(token: str) -> Any:
        from shieldwall.members.models import Group

        error = careful(token)
        if Group.objects.using("readers").filter(slug=token.partition(":")[2]).exists():
            error.message = "you do not belong to this group"
        return error

    return careless


def _etag_of_the_node(careful: Any) -> Any:
    def careless(answer: Any, *args: Any, **headers: str) -> None:
        from shieldwall.store import READERS, node_facts

        careful(answer, *args, **headers)
        answer["ETag"] = f'"{node_facts(READERS).stamp}"'

    return careless


def _numbers_told(careful: Any) -> Any:
    return lambda viewer, chunk, placed: placed


def _any_key_is_known(careful: Any) -> Any:
    def careless(asker: Any, whom: str) -> Any:
        from shieldwall.members.viewers import viewer_named

        return viewer_named(whom)

    return careless


def _everybody_is_named(careful: Any) -> Any:
    return lambda preview, token, rules: True


LEAKS: dict[str, tuple[Swap, ...]] = {
    "a collection's size is counted before the filter": (("exchange.listing", "_virtual", _counts_everything),),
    "a date comes from the whole node": (("exchange.listing", "_virtual", _dates_by_everything),),
    "what is not yours is refused, not absent": (("store.scope", "Scope.by_uuid", _forbidden_is_not_absent),),
    "present is judged across collections": (("exchange.placing", "Placing._decide", _present_anywhere),),
    "conflict is judged across collections": (("exchange.placing", "Placing._decide", _conflict_anywhere),),
    "a cursor holds an internal number": (
        ("exchange.paging", "seal_cursor", _internal_number),
        ("exchange.paging", "open_cursor", _accepts_internal_number),
    ),
    "a lookup is not held to the scope": (("exchange.lookups", "scope_now", _every_collection),),
    "a lookup's total counts everything": (("exchange.lookups", "_answer", _totals_everything),),
    "a search is not held to the scope": (("exchange.searching", "scope_now", _every_collection),),
    "an object is got without the scope": (("exchange.reading", "scope_now", _every_collection),),
    "withdrawals are told to all": (("exchange.withdrawing", "scope_now", _every_collection),),
    "a newer version that is hidden hides the latest": (("exchange.lanes", "Walk._drop_twins", _hidden_twins_count),),
    "anybody reads a receipt": (("exchange.releases", "submission", _anybodys_receipt),),
    "a foreign group is told from none": (("members.audiences", "_unknown", _unknown_is_not_foreign),),
    "a tag of the whole node is sent": (("http.answers", "Answer.__init__", _etag_of_the_node),),
    "a receipt numbers what its sender does not read": (("exchange.turns", "_told", _numbers_told),),
    "keys of others can be named": (("exchange.explaining", "_subject", _any_key_is_known),),
    "the members of an unnamed group are named": (("members.directory", "_Preview._may_know", _everybody_is_named),),
}  # fmt: skip
