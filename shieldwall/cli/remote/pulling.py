"""Following a collection page by page onto a shelf, from wherever the last pull ended.

The last page of a collection has no `next`. So the place that is kept is the cursor *before* that page, with the
digests of what it held: the next pull asks for it again and leaves out what it knows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec

from shieldwall.cli.remote.client import Client
from shieldwall.cli.remote.files import write_whole
from shieldwall.cli.remote.shelves import Digest, Shelf, digest_of, shelf_at
from shieldwall.errors import Absent, BadInput, Conflict

PAGE = 1000


class _Page(msgspec.Struct):
    more: bool
    next: str | None
    objects: list[msgspec.Raw]


class Place(msgspec.Struct):
    """How far a pull got. `cursor` leads to the last page, of which `seen` is known; `mark` is the shelf's."""

    url: str
    collection: str
    since: str = ""
    cursor: str = ""
    seen: list[bytes] = []
    mark: int = 0
    withdrawn_until: str = ""
    pulled: int = 0


class Pull:
    """One pull of `collection` (its id) to `target`. `began_anew` where what was pulled before is gone."""

    def __init__(self, client: Client, collection: str, target: Path, since: str) -> None:
        self._client = client
        kind = shelf_at(target)
        folder = target if kind.__name__ == "FolderShelf" else target.parent
        self._kept = folder / (".shieldwall-cursor" if folder == target else f".{target.name}.cursor")
        known = self._read()
        self.began_anew = known is not None and not kind.holds(target, known.mark)
        self.place = Place(client.url, collection, since) if known is None or self.began_anew else known
        self._must_fit(client.url, collection, since)
        if (known is None or self.began_anew) and _is_occupied(target):
            raise Conflict(
                "this is there already, and was not pulled by us", rule="--to", where=str(target),
                remedy="name another file or folder, or remove this one first",
            )  # fmt: skip
        self._shelf: Shelf = kind(target, self.place.mark)
        self.is_lines = kind.__name__ == "LinesShelf"
        self._save()  # from now on what lies there is ours, whenever we are stopped

    def pages(self, told: Callable[[int], None]) -> int:
        """Pull every page there is; how many objects came."""
        came = 0
        while True:
            page = self._page()
            seen = set(self.place.seen)
            digests = [digest_of(bytes(raw)) for raw in page.objects]
            fresh = [bytes(raw) for raw, digest in zip(page.objects, digests, strict=True) if digest not in seen]
            for raw in fresh:
                self._shelf.put(raw)
            self._keep(page, digests, len(fresh))
            came += len(fresh)
            told(came)
            if not page.more:
                return came

    def apply_withdrawals(self) -> tuple[list[str], list[str]]:
        """Take off the shelf what was withdrawn since the last pull: the ids announced, and what was removed."""
        announced = self._client.get("/withdrawals", since=self.place.withdrawn_until)["withdrawals"]
        if not announced:
            return [], []
        ids = list(dict.fromkeys(str(one["id"]) for one in announced))
        kept = {} if self.is_lines else {name: self._still_readable(name) for name in ids}
        if kept:  # dropping rewrites; killed amidst it, the next pull begins anew rather than with a torn file
            write_whole(self._kept, msgspec.json.encode(Place(self.place.url, self.place.collection, self.place.since)))
        gone = self._shelf.drop(kept)
        self.place.mark = self._shelf.mark()
        self.place.withdrawn_until = announced[-1]["added"]
        self._save()
        return ids, gone

    def close(self) -> None:
        """Put the result into its place."""
        self._shelf.close()

    def _page(self) -> _Page:
        raw = self._client.text(
            f"/collections/{quote(self.place.collection, safe='')}/objects", added_after=self.place.since,
            next=self.place.cursor, limit=PAGE,
        )  # fmt: skip
        try:
            return msgspec.json.decode(raw, type=_Page)
        except msgspec.DecodeError as problem:
            raise BadInput("the node's page cannot be understood", rule="API", where=self.place.collection) from problem

    def _keep(self, page: _Page, digests: list[Digest], fresh: int) -> None:
        self.place.mark = self._shelf.mark()
        self.place.pulled += fresh
        if page.more and page.next:
            self.place.cursor, self.place.seen = page.next, []
        else:
            self.place.seen = list(dict.fromkeys([*self.place.seen, *digests]))
        self._save()

    def _still_readable(self, stix_id: str) -> set[Digest]:
        """The digests of all versions under an id that are still there: by another owner, or put there anew."""
        try:
            raw = self._client.text(f"/objects/{quote(stix_id, safe='')}/versions")
        except Absent:
            return set()
        return {digest_of(bytes(one.object)) for one in msgspec.json.decode(raw, type=_Versions).objects}

    def _read(self) -> Place | None:
        try:
            return msgspec.json.decode(self._kept.read_bytes(), type=Place)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as problem:
            raise BadInput(
                "this is no place to go on from", where=str(self._kept), remedy="remove it to pull everything anew"
            ) from problem

    def _save(self) -> None:
        write_whole(self._kept, msgspec.json.encode(self.place))

    def _must_fit(self, url: str, collection: str, since: str) -> None:
        asked = (url, collection, since or self.place.since)
        if asked != (self.place.url, self.place.collection, self.place.since):
            raise Conflict(
                f"this holds a pull of {self.place.collection} from {self.place.url}", rule="--to",
                where=str(self._kept), remedy="name another file or folder, or remove this one to begin anew",
            )  # fmt: skip


def _is_occupied(target: Path) -> bool:
    """Whether something lies there that would be lost or mixed up."""
    if target.is_dir():
        return any(target.iterdir())
    return target.exists() and target.stat().st_size > 0


class _Statement(msgspec.Struct):
    object: msgspec.Raw


class _Versions(msgspec.Struct):
    objects: list[_Statement]
