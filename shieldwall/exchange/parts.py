"""Parts: what granular markings made of a whole follows it, and only the store knows that it does.

A part has an id of its own, and nothing that its readers see leads to the whole. So a table says what was made of
which whole; by it a revocation or a withdrawal of the whole reaches whoever has only a part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from shieldwall.exchange.ready import Ready
from shieldwall.stix import check
from shieldwall.store import Draft, Entry, run


def made_of(wholes: Iterable[bytes], alias: str) -> Mapping[tuple[bytes, str], Sequence[str]]:
    """The ids of what was made of the wholes under these keys, by whole and owner."""
    keys = orjson.dumps([key.hex() for key in wholes]).decode()
    found: dict[tuple[bytes, str], list[str]] = defaultdict(list)
    for whole, owner, part in sorted(run(alias, "derived_of", keys=keys), key=lambda row: str(row[2])):
        found[bytes(whole), owner].append(part)
    return found


def revoked_part(whole: Ready, stored: Draft | Entry, *, now: int) -> Ready:
    """The part that is `stored`, revoked at the time of its revoked `whole`; all else, its marking too, as it was."""
    assert stored.body is not None, "a part that was erased says nothing"
    part = orjson.loads(stored.body) | {"modified": whole.checked.version, "revoked": True}
    checked = check(orjson.dumps(part), now=now)
    return Ready(
        index=whole.index, checked=checked, body=checked.body, audience=whole.audience, owner=whole.owner,
        tlp=stored.tlp, note=stored.note, warnings=(), stayed_home=False,
    )  # fmt: skip
