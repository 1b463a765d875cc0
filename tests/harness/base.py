"""The alliance that every world begins from, made once in a run and copied: nations, members, people and keys.

Groups are no part of it: they are founded by acts, so that hidden ones can come before visible ones.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tests.node import Clock, Entropy, config_of, fresh_node

NATIONS = {"no": "Norway", "dk": "Denmark", "de": "Germany"}
MEMBERS = {
    "no-cert": ("cert", "no"), "acme": ("company", "no"), "fjord": ("company", "no"), "dk-cert": ("cert", "dk"),
    "dansk": ("company", "dk"), "stahl": ("company", "de"), "kunde": ("company", "de"), "centre": ("body", ""),
}  # fmt: skip
NATION_OF = {slug: nation for slug, (_, nation) in MEMBERS.items()}
BOUND = ("acme", "dk-cert", "stahl")
"""Members with a STIX identity of their own."""
SCOPES = {
    "main": ("read", "submit", "sight", "alert"), "every": ("read", "submit", "sight", "alert", "administer"),
    "read": ("read",), "submit": ("submit",), "administer": ("administer",), "watch": ("read", "sight", "alert"),
}  # fmt: skip
"""The service keys of each member, by name."""
ROLES = {"ann": ("release",), "rob": ("reader",), "amy": ("administrator",)}
"""The people of each member: `acme-ann` and so on."""
PASSWORD = "a shield covers its neighbour"


class Base(msgspec.Struct, frozen=True):
    """Where the alliance lies, its credentials by principal (`acme/main`, `acme-ann`), and the ids behind them."""

    folder: Path
    moment: int
    credentials: dict[str, str]
    ids: dict[str, str]


def identity_of(member: str) -> str:
    """The STIX identity of a member."""
    from tests.alliance import stix_id

    return stix_id("identity", f"of {member}")


@cache
def sqlite_base() -> Base:
    """The alliance in a folder to copy."""
    folder = Path(tempfile.mkdtemp(prefix="shieldwall-harness-")) / "data"
    clock = Clock()
    fresh_node(folder, clock=clock, entropy=Entropy("base"))
    base = _found(folder, clock)
    _close()
    return base


def postgres_base(cluster: Any) -> tuple[Base, str]:
    """The alliance in a database to copy: what is known of it, and the template's name."""
    kept = cluster.folder / "harness"

    def build(url: str) -> None:
        from shieldwall.store import open_node
        from tests.node import migrate

        config = config_of(kept, url)
        migrate(config)
        clock = Clock()
        open_node(config, clock=clock, entropy=Entropy("base"))
        base = _found(kept, clock)
        (kept / "base.json").write_bytes(msgspec.json.encode(_Kept(base.moment, base.credentials, base.ids)))
        _close()

    name = cluster.template("harness", build)
    return msgspec.json.decode((kept / "base.json").read_bytes(), type=_Kept).base(kept), name


class _Kept(msgspec.Struct):
    moment: int
    credentials: dict[str, str]
    ids: dict[str, str]

    def base(self, folder: Path) -> Base:
        return Base(folder, self.moment, self.credentials, self.ids)


def _close() -> None:
    from shieldwall.store import node

    node().close()


def _found(folder: Path, clock: Clock) -> Base:
    from shieldwall import members

    boss = members.setup_hub("Alliance Hub", "hub", "boss", PASSWORD)
    hub = members.viewer_of_person(boss.id)
    members.create_nations(hub, NATIONS)
    members.create_members(
        hub,
        [
            members.NewMember(slug=slug, name=slug.title(), kind=kind, nation=nation)
            for slug, (kind, nation) in MEMBERS.items()
        ],
    )
    members.add_client(hub, "stahl", "kunde")
    wanted = [
        members.NewKey(member=member, name=name, scopes=frozenset(scopes))
        for member in MEMBERS for name, scopes in SCOPES.items()
    ]  # fmt: skip
    made = members.create_keys(hub, wanted)
    credentials = {f"{new.member}/{new.name}": secret for new, (_, secret) in zip(wanted, made, strict=True)}
    ids = {f"{new.member}/{new.name}": f"key:{key.id}" for new, (key, _) in zip(wanted, made, strict=True)}
    ids["boss"] = f"person:{boss.id}"
    people = [
        members.NewPerson(
            member=member, username=f"{member}-{name}", name=name.title(), roles=frozenset(roles), password=PASSWORD
        )
        for member in MEMBERS for name, roles in ROLES.items()
    ]  # fmt: skip
    for person in members.create_people(hub, people):
        ids[person.username] = f"person:{person.id}"
        credentials[person.username] = members.sign_in(person.username, PASSWORD)
    for member in BOUND:
        members.bind_identity(hub, member, identity_of(member))
        members.confirm_identity(hub, member, identity_of(member))
    clock.advance(seconds=1)
    return Base(folder, clock.moment, credentials, ids)
