"""A viewer: somebody who asks, as the set of tokens held at this moment."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from shieldwall.policy.tokens import BREADTHS, PUBLIC

ANONYMOUS_PRINCIPAL = "anonymous"


class MisgrantedViewer(Exception):
    """Our own mistake: a viewer that must not exist was about to be made."""


class Viewer(msgspec.Struct, frozen=True):
    """Who asks. `tokens` maps each held token to the microsecond from which it is held, 0 meaning from the beginning.

    Whoever holds a nation or group token holds `community`, everybody holds `public`, and nobody holds two nations or
    two members: so the members room grants them, and `implies` builds on it.
    """

    principal: str
    """`key:<id>`, `person:<id>` or `anonymous`."""
    member: str
    nation: str
    tokens: Mapping[str, int]
    scopes: frozenset[str]
    """Of read, submit, sight, alert, administer."""
    roles: frozenset[str] = frozenset()
    version: int = 0
    """The version of this principal's grants that the viewer was made from."""
    default_audience: str = ""
    default_marking: str = ""
    widest: str = PUBLIC
    """The widest breadth this principal may address."""

    def __post_init__(self) -> None:
        if self.key_holder and any(token.startswith("person:") for token in self.tokens):
            # So RED can never leave by TAXII, MISP, feeds or a bus.
            raise MisgrantedViewer("a service key never holds a person's token")
        if self.principal == ANONYMOUS_PRINCIPAL and not self.tokens.keys() <= {PUBLIC}:
            raise MisgrantedViewer("an anonymous viewer holds nothing but public")
        if self.widest not in BREADTHS:
            raise MisgrantedViewer(f"{self.widest!r} is no breadth")

    @property
    def is_person(self) -> bool:
        return self.principal.startswith("person:")

    @property
    def key_holder(self) -> bool:
        return self.principal.startswith("key:")


ANONYMOUS = Viewer(
    principal=ANONYMOUS_PRINCIPAL,
    member="",
    nation="",
    tokens={PUBLIC: 0},
    scopes=frozenset({"read"}),
    widest="own",
)
