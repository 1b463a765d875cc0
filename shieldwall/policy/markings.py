"""Markings: how far something may travel (TLP) and what may be done with it (PAP).

Ids are pinned: TLP by STIX 2.1 section 7.2.1.4 and by the TLP 2.0 extension, PAP by its own. Whatever claims a TLP
level under another id is an impostor, since every reader would obey the name and every machine the id.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from shieldwall.errors import BadInput

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
PAP_EXTENSION = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"
IEP_EXTENSION = "extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a"


class TLP(enum.IntEnum):
    """Traffic Light Protocol 2.0, loosest first. Never falsy, so that CLEAR is not taken for no marking."""

    CLEAR = 1
    GREEN = 2
    AMBER = 3
    AMBER_STRICT = 4
    RED = 5

    @property
    def label(self) -> str:
        return "TLP:" + self.name.replace("_", "+")

    @property
    def id(self) -> str:
        """The id of its TLP 2.0 marking definition."""
        return _TLP_2_IDS[self]


class PAP(enum.IntEnum):
    """Permissible Actions Protocol, loosest first."""

    CLEAR = 1
    GREEN = 2
    AMBER = 3
    RED = 4

    @property
    def label(self) -> str:
        return "PAP:" + self.name

    @property
    def id(self) -> str:
        return _PAP_IDS[self]


def _id(uuid: str) -> str:
    return f"marking-definition--{uuid}"


_TLP_2_IDS = {
    TLP.CLEAR: _id("94868c89-83c2-464b-929b-a1a8aa3c8487"),
    TLP.GREEN: _id("bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    TLP.AMBER: _id("55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    TLP.AMBER_STRICT: _id("939a9414-2ddd-4d32-a0cd-375ea402b003"),
    TLP.RED: _id("e828b379-4e03-4974-9ac4-e53a884c97c1"),
}
_TLP_1_IDS = {
    TLP.CLEAR: _id("613f2e26-407d-48c7-9eca-b8e91df99dc9"),
    TLP.GREEN: _id("34098fce-860f-48ae-8e50-ebd3cc5e41da"),
    TLP.AMBER: _id("f88d31f6-486f-44da-b317-01333bde0b82"),
    TLP.RED: _id("5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
}
_PAP_IDS = {
    PAP.CLEAR: _id("ad15a0cd-55b6-4588-a14c-a66105329b92"),
    PAP.GREEN: _id("c43594d1-4b11-4c59-93ab-1c9b14d53ce9"),
    PAP.AMBER: _id("60f8932b-e51e-4458-b265-a2e8be9a80ab"),
    PAP.RED: _id("740d36e5-7714-4c30-961a-3ae632ceee0e"),
}
_PAP_WHITE_ID = _id("a3bea94c-b469-41dc-9cfe-d6e7daba7730")

TLP_BY_ID: Mapping[str, TLP] = {marking: tlp for ids in (_TLP_1_IDS, _TLP_2_IDS) for tlp, marking in ids.items()}
PAP_BY_ID: Mapping[str, PAP] = {marking: pap for pap, marking in _PAP_IDS.items()} | {_PAP_WHITE_ID: PAP.CLEAR}

_TLP_WORDS = {tlp.name.lower().replace("_", "+"): tlp for tlp in TLP} | {"white": TLP.CLEAR}
_PAP_WORDS = {pap.name.lower(): pap for pap in PAP} | {"white": PAP.CLEAR}
_LEVEL_WORD = r"\s*[:_-]\s*([^\s:]+(?:\s*\+?\s*strict)?)"
# A name claims a level by beginning with it, a statement only by being nothing else.
_TLP_NAME = re.compile(
    rf"\s*tlp(?:{_LEVEL_WORD}|\s+(red|amber(?:\s*\+?\s*strict)?|green|clear|white)\b)", re.IGNORECASE
)
_TLP_STATEMENT = re.compile(rf"\s*tlp{_LEVEL_WORD}\s*", re.IGNORECASE)
_PAP_LABEL = re.compile(rf"\s*pap{_LEVEL_WORD}\s*", re.IGNORECASE)
_STRICT = re.compile(r"[\s_+-]*strict$")
_Level = TypeVar("_Level", TLP, PAP)
_STATEMENT_TYPES = frozenset({"statement", "iep"})


class Marking(msgspec.Struct, frozen=True):
    """All markings of one object together; the strictest of each scale holds."""

    tlp: TLP | None = None
    pap: PAP | None = None
    unknown: tuple[str, ...] = ()
    """Ids of markings whose terms we cannot read: never taken for permission."""

    @property
    def label(self) -> str:
        """`TLP:AMBER+STRICT PAP:RED`, or `unmarked`."""
        words = [mark.label for mark in (self.tlp, self.pap) if mark is not None]
        return " ".join(words) or "unmarked"

    @property
    def ids(self) -> tuple[str, ...]:
        """Marking definitions that say the same in STIX."""
        return tuple(mark.id for mark in (self.tlp, self.pap) if mark is not None)

    @property
    def ceiling(self) -> TLP | None:
        """What bounds the audience: terms we cannot read count as AMBER+STRICT (R38). None when unmarked."""
        if self.tlp is None or not self.unknown:
            return self.tlp
        return max(self.tlp, TLP.AMBER_STRICT)

    def combined(self, other: Marking) -> Marking:
        """Both at once, as for a bundle of two parts: the strictest wins (R39)."""
        return Marking(
            _strictest(self.tlp, other.tlp),
            _strictest(self.pap, other.pap),
            tuple(dict.fromkeys(self.unknown + other.unknown)),
        )

    def or_default(self, default: Marking) -> Marking:
        """With the default's TLP and PAP where this says nothing."""
        return Marking(self.tlp or default.tlp, self.pap or default.pap, self.unknown)


UNMARKED = Marking()


def marking_of(refs: Iterable[str], definitions: Mapping[str, Mapping[str, Any]]) -> Marking:
    """The marking that `refs` make together; `definitions` are the marking definitions at hand, by id.

    Statement and IEP markings restrict no audience. Raises BadInput where a definition used is an impostor.
    """
    whole = UNMARKED
    for ref in refs:
        whole = whole.combined(_single(ref, definitions.get(ref)))
    return whole


def parse_label(text: str) -> Marking:
    """`TLP:AMBER+STRICT`, `amber`, `tlp:white`, `PAP:RED` or a pinned marking id, in any case; anything else refuses.

    A word without its scale is TLP.
    """
    if text in TLP_BY_ID:
        return Marking(tlp=TLP_BY_ID[text])
    if text in PAP_BY_ID:
        return Marking(pap=PAP_BY_ID[text])
    words = text.strip().lower()
    tlp = _tlp(words.removeprefix("tlp:"))
    pap = _PAP_WORDS.get(words.removeprefix("pap:")) if words.startswith("pap:") else None
    if tlp is None and pap is None:
        raise BadInput(
            f"{text[:80]!r} is no marking we know",
            rule="marking-label",
            remedy="use " + ", ".join(t.label for t in TLP) + " or PAP:CLEAR to PAP:RED",
        )
    return Marking(tlp, pap)


def _tlp(word: str) -> TLP | None:
    return _TLP_WORDS.get(_STRICT.sub("+strict", word.lower()))


def check_marking_definition(definition: Mapping[str, Any]) -> None:
    """Raise BadInput if this marking definition claims a TLP level under an id other than the pinned one, or a pinned
    id with another level (STIX 2.1 section 7.2.1.4: no other instances may be made)."""
    marking = str(definition.get("id", ""))
    pinned = TLP_BY_ID.get(marking)
    for claim in _tlp_claims(definition):
        level = _tlp(claim)
        if pinned is None or level is not pinned:
            raise BadInput(
                f"claims TLP:{claim[:40].upper()} under an id that is not its own",
                rule="marking-impostor",
                where=marking,
                remedy=f"refer to {level.id} instead" if level else "use one of the five levels of TLP 2.0",
            )


def _single(ref: str, definition: Mapping[str, Any] | None) -> Marking:
    if definition is not None:
        check_marking_definition(definition)
    if ref in TLP_BY_ID:
        return Marking(tlp=TLP_BY_ID[ref])
    if ref in PAP_BY_ID:
        return Marking(pap=PAP_BY_ID[ref])
    if definition is None:
        return Marking(unknown=(ref,))
    pap = _pap_claim(definition)
    if pap is not None:
        return Marking(pap=pap)
    return UNMARKED if _restricts_no_audience(definition) else Marking(unknown=(ref,))


def _restricts_no_audience(definition: Mapping[str, Any]) -> bool:
    extensions = _extension_ids(definition)
    if extensions:
        return extensions == {IEP_EXTENSION}
    return _text(definition, "definition_type") in _STATEMENT_TYPES


def _tlp_claims(definition: Mapping[str, Any]) -> list[str]:
    """Every level that the definition claims in any of the places where readers and machines look."""
    claims = []
    if found := _TLP_NAME.match(_text(definition, "name")):
        claims.append(found[1] or found[2])
    body = definition.get("definition")
    if isinstance(body, Mapping):
        if found := _TLP_STATEMENT.fullmatch(_text(body, "statement")):
            claims.append(found[1])
        if "tlp" in body:
            claims.append(str(body["tlp"]))
    for values in _extensions(definition):
        if "tlp_2_0" in values:
            claims.append(str(values["tlp_2_0"]))
    if not claims and (_is_tlp_type(definition) or TLP_EXTENSION in _extension_ids(definition)):
        claims.append("?")
    return claims


def _pap_claim(definition: Mapping[str, Any]) -> PAP | None:
    """The strictest PAP level claimed. PAP limits use alone, so an unofficial id is obeyed rather than refused."""
    body = definition.get("definition")
    texts = [_text(definition, "name"), _text(body, "statement") if isinstance(body, Mapping) else ""]
    claims = [found[1] for text in texts if (found := _PAP_LABEL.fullmatch(text))]
    claims += [str(values["pap"]) for values in _extensions(definition) if "pap" in values]
    return max((_PAP_WORDS.get(claim.lower(), PAP.RED) for claim in claims), default=None)


def _is_tlp_type(definition: Mapping[str, Any]) -> bool:
    return _text(definition, "definition_type").lower() == "tlp"


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def _extensions(definition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Wherever the properties of an extension may stand: in it, or at the top (STIX 2.1 section 7.3)."""
    extensions = definition.get("extensions")
    values = list(extensions.values()) if isinstance(extensions, Mapping) else []
    return [*(value for value in values if isinstance(value, Mapping)), definition]


def _extension_ids(definition: Mapping[str, Any]) -> frozenset[str]:
    extensions = definition.get("extensions")
    return frozenset(extensions) if isinstance(extensions, Mapping) else frozenset()


def _strictest(left: _Level | None, right: _Level | None) -> _Level | None:
    if left is None or right is None:
        return right if left is None else left
    return max(left, right)
