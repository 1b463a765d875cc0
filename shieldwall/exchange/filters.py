"""What a reader asks of a page: which ids, types, versions (TAXII 2.1 §3.4)."""

from __future__ import annotations

import msgspec

ALL, FIRST, LAST = "all", "first", "last"


class Wanted(msgspec.Struct, frozen=True):
    """Filters of one query. Empty sets ask for everything; `versions` holds words or instants (µs as text)."""

    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset({LAST})
    spec_versions: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Nothing but the latest version of everything is asked for."""
        return self == PLAIN

    @property
    def only_latest(self) -> bool:
        """The default of TAXII: one version of each object, the latest."""
        return self.versions == frozenset({LAST})

    def described(self, collection: str) -> bytes:
        """A canonical description, to bind a cursor to this query of `collection`."""
        parts = [sorted(self.ids), sorted(self.types), sorted(self.versions), sorted(self.spec_versions)]
        return msgspec.json.encode([collection, *parts])

    def takes(self, stix_id: str, spec_version: str = "2.1") -> bool:
        """Whether an object of this id passes the filters that look at one object alone."""
        if self.ids and stix_id not in self.ids:
            return False
        if self.types and stix_id.partition("--")[0] not in self.types:
            return False
        return not self.spec_versions or spec_version in self.spec_versions


PLAIN = Wanted()
