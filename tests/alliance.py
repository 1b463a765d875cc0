"""A small alliance on the node that this process serves, entered through the product's own services.

norway    no-cert, acme, fjord          denmark   dk-cert, dansk          germany   stahl (client: kunde)
bodies    hub, centre
energy    acme, dansk, no-cert (named to each other; newcomers see the past)
quiet     acme, fjord          (not named; newcomers do not see the past)
"""

from __future__ import annotations

import uuid
from typing import Any

import orjson

from shieldwall.policy import Viewer
from tests.node import Clock

PASSWORD = "a shield covers its neighbour"
EVERY_SCOPE = ("read", "submit", "sight", "alert", "administer")
MEMBERS = {
    "no-cert": ("cert", "no"), "acme": ("company", "no"), "fjord": ("company", "no"), "dk-cert": ("cert", "dk"),
    "dansk": ("company", "dk"), "stahl": ("company", "de"), "kunde": ("company", "de"), "centre": ("body", ""),
}  # fmt: skip


class Alliance:
    """Who is there, and a key for each."""

    def __init__(self, clock: Clock | None = None) -> None:
        from shieldwall import members

        self.clock = clock
        boss = members.setup_hub("Alliance Hub", "hub", "boss", PASSWORD)
        self.hub = hub = members.viewer_of_person(boss.id)
        members.create_nations(hub, {"no": "Norway", "dk": "Denmark", "de": "Germany"})
        members.create_members(
            hub,
            [
                members.NewMember(slug=slug, name=slug.title(), kind=kind, nation=nation)
                for slug, (kind, nation) in MEMBERS.items()
            ],
        )
        members.create_group(hub, "energy", "Energy", owner="no-cert", members=["acme", "dansk"])
        members.create_group(
            hub, "quiet", "Quiet", owner="acme", members=["fjord"], members_named=False, hides_past=True
        )
        members.add_client(hub, "stahl", "kunde")
        self.keys: dict[str, str] = {}

    def key(self, member: str, *scopes: str, **rest: Any) -> str:
        """The secret of a new service key of `member`."""
        from shieldwall import members

        return members.create_key(self.hub, member, "a key", scopes=scopes or EVERY_SCOPE[:4], **rest)[1]

    def own_key(self, member: str) -> str:
        """One lasting key of `member` that reads, submits, sights and alerts."""
        if member not in self.keys:
            self.keys[member] = self.key(member)
        return self.keys[member]

    def viewer(self, member: str) -> Viewer:
        """A program of `member` with its rights as they are now."""
        from shieldwall import members

        return members.authenticate(self.own_key(member))

    def person(self, member: str, username: str, *roles: str) -> Viewer:
        """A new person of `member`, as a viewer."""
        from shieldwall import members

        made = members.create_person(
            self.hub, member, username, username.title(), roles=roles or ("reader",), password=PASSWORD
        )
        return members.viewer_of_person(made.id)


CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
_NAMESPACE = uuid.UUID("6d0a1f0e-5f5e-4a53-9f0c-2d0c61d2a7d4")


def stix_id(kind: str, name: str) -> str:
    """A version 4-shaped id made from a name, the same each time."""
    return f"{kind}--{uuid.UUID(bytes=uuid.uuid5(_NAMESPACE, kind + name).bytes, version=4)}"


def indicator(
    value: str = "198.51.100.7", *markings: str, name: str = "", minute: int = 0, **more: Any
) -> dict[str, Any]:
    """An indicator on an IPv4 address; `minute` makes later versions of the same one."""
    kind = "ipv6-addr" if ":" in value else "ipv4-addr"
    made = {
        "type": "indicator", "spec_version": "2.1", "id": stix_id("indicator", name or value),
        "created": "2026-01-01T00:00:00.000Z", "modified": f"2026-01-01T00:{minute:02d}:00.000Z",
        "name": name or f"Address {value}", "pattern": f"[{kind}:value = '{value}']", "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    if markings:
        made["object_marking_refs"] = list(markings)
    return made | more


def observable(value: str = "198.51.100.7", *markings: str, **more: Any) -> dict[str, Any]:
    """An IPv4 address as an observable with its deterministic id."""
    from shieldwall.stix import observable_id

    made: dict[str, Any] = {"type": "ipv4-addr", "spec_version": "2.1", "value": value}
    made["id"] = observable_id(made)
    if markings:
        made["object_marking_refs"] = list(markings)
    return made | more


def envelope(*objects: dict[str, Any]) -> bytes:
    """Objects as a TAXII envelope."""
    return orjson.dumps({"objects": list(objects)})


def bundle(*objects: dict[str, Any]) -> bytes:
    """Objects as a STIX bundle."""
    return orjson.dumps({"type": "bundle", "id": stix_id("bundle", str(len(objects))), "objects": list(objects)})
