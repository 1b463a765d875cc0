"""A small alliance, entered through the room's own services."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from shieldwall import members
from shieldwall.policy import Viewer
from tests.node import Clock

PASSWORD = "a shield covers its neighbour"
BOTH_ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
EVERY_SCOPE = ("read", "submit", "sight", "alert", "administer")


def enter_alliance() -> None:
    """Fill an empty register."""
    hub = members.viewer_of_person(members.setup_hub("Alliance Hub", "hub", "boss", PASSWORD).id)
    members.create_nations(hub, {"no": "Norway", "dk": "Denmark"})
    kinds = {"no-cert": "cert", "dk-cert": "cert", "centre": "body", "academy": "academic"}
    nations = {"dk-cert": "dk", "dansk": "dk", "centre": ""}
    members.create_members(
        hub,
        [
            members.NewMember(
                slug=slug, name=slug.title(), kind=kinds.get(slug, "company"), nation=nations.get(slug, "no")
            )
            for slug in ("no-cert", "acme", "fjord", "academy", "dk-cert", "dansk", "centre")
        ],
    )
    members.create_group(hub, "energy", "Energy", owner="no-cert", members=["acme", "dansk"])
    members.create_group(
        hub, "quiet", "Quiet", owner="no-cert", members=["acme", "fjord"], members_named=False, hides_past=True
    )


class Alliance:
    """norway: no-cert, acme, fjord, academy; denmark: dk-cert, dansk; the bodies hub and centre."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        boss = members.find_person("boss")
        assert boss is not None, "the data directory holds what `enter_alliance` entered"
        self.hub = members.viewer_of_person(boss.id)

    def person(self, member: str, username: str, *roles: str, password: str | None = None) -> Viewer:
        """A new person of `member`, as a viewer."""
        made = members.create_person(
            self.hub, member, username, username.title(), roles=roles or ("reader",), password=password
        )
        return members.viewer_of_person(made.id)

    def key(self, member: str, *scopes: str, **rest: Any) -> str:
        """The secret of a new service key of `member`."""
        return members.create_key(self.hub, member, "a key", scopes=scopes or ("read",), **rest)[1]

    def viewer(self, member: str, *scopes: str) -> Viewer:
        """A program of `member`."""
        return members.authenticate(self.key(member, *scopes))

    def acts(self) -> list[dict[str, Any]]:
        """What the register's log says was done, oldest first."""
        from shieldwall.store import WRITER
        from shieldwall.store.connector import fetch

        text = (
            "SELECT e.body FROM entry e JOIN collection c ON c.id = e.position >> 40"
            " WHERE c.kind = 'register' ORDER BY e.position"
        )
        return [orjson.loads(bytes(row[0])) for row in fetch(WRITER, text, {})]
