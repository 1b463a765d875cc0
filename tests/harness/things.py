"""Things to share: STIX objects whose every text carries words of its own, so that a leaked byte says whose it was."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import orjson

from tests.alliance import AMBER, CLEAR, GREEN, RED, STRICT, stix_id
from tests.harness.base import identity_of

MARKINGS = {"clear": CLEAR, "green": GREEN, "amber": AMBER, "strict": STRICT, "red": RED}
OBSERVABLES = ("ipv4-addr", "domain-name")
_SCO_NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")


class Thing(msgspec.Struct, frozen=True):
    """One version of one object. `minute` orders versions; observables have none.

    `word` and `title` are in the name; `word` may be searched for, `silent` is in no request ever made. `claim` is the
    member whose bound identity is its creator, '' for nobody.
    """

    kind: str
    name: str
    value: str
    title: str
    word: str
    silent: str
    minute: int = 0
    revoked: bool = False
    tlp: str = ""
    claim: str = ""
    refs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Of its name; of an observable, of its value (STIX 2.1 §2.9)."""
        if self.kind in OBSERVABLES:
            return f"{self.kind}--{uuid.uuid5(_SCO_NAMESPACE, orjson.dumps({'value': self.value}).decode())}"
        return stix_id(self.kind, self.name)

    @property
    def version(self) -> str:
        """Its `modified`, '' for an observable."""
        return "" if self.kind in OBSERVABLES else f"2026-01-01T00:{self.minute:02d}:00.000Z"

    def later(self, minute: int, **changes: Any) -> Thing:
        """A later version, with canaries of its own."""
        fresh = f"silent{uuid.uuid5(_SCO_NAMESPACE, f'{self.silent} {minute}').hex}"
        return msgspec.structs.replace(self, minute=minute, silent=fresh, **changes)

    def body(self) -> bytes:
        """As it is sent, the same bytes each time."""
        made: dict[str, Any] = {"type": self.kind, "spec_version": "2.1", "id": self.id}
        if self.kind in OBSERVABLES:
            made |= {"value": self.value, "x_note": f"{self.title} {self.word} {self.silent}"}
        else:
            made |= {"created": "2026-01-01T00:00:00.000Z", "modified": self.version, **self._own()}
            made["labels"] = [f"label-{self.silent}"]
            if self.revoked:
                made["revoked"] = True
        if self.claim:
            made["created_by_ref"] = identity_of(self.claim)
        if self.tlp:
            made["object_marking_refs"] = [MARKINGS[self.tlp]]
        return orjson.dumps(made)

    def _own(self) -> dict[str, Any]:
        spoken, told = f"{self.title} {self.word}", f"Seen with {self.word} by {self.silent}"
        if self.kind == "indicator":
            kind = "ipv4-addr" if self.value[0].isdigit() else "domain-name"
            return {
                "name": spoken, "description": told, "pattern": f"[{kind}:value = '{self.value}']",
                "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
            }  # fmt: skip
        if self.kind == "malware":
            return {"name": spoken, "description": told, "is_family": True, "aliases": [f"alias {self.silent}"]}
        if self.kind == "relationship":
            return {
                "relationship_type": "related-to", "source_ref": self.refs[0], "target_ref": self.refs[1],
                "description": f"{spoken} {told}",
            }  # fmt: skip
        if self.kind == "sighting":
            return {"sighting_of_ref": self.refs[0], "description": f"{spoken} {told}", "count": 3}
        if self.kind == "note":
            return {"abstract": spoken, "content": told, "object_refs": list(self.refs)}
        return {"name": spoken, "description": told}  # vulnerability, campaign, tool and the like

    def has_value(self) -> bool:
        """Whether a lookup of its value finds it."""
        return self.kind in OBSERVABLES or self.kind == "indicator"

    def has_words(self) -> bool:
        """Whether a search for its words finds it: an observable has none, only its value."""
        return self.kind not in OBSERVABLES
