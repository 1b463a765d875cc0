"""Members: who is who, which tokens they hold, and who would read an audience.

Services take the acting `Viewer` first, check everything they can before a turn is taken, and record what they did in
the register's audited log. Names are loaded when first used, because Django must know this app before it has models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from shieldwall.policy import ANONYMOUS

if TYPE_CHECKING:
    from shieldwall.members.audiences import check_group_rules, display_names, resolve
    from shieldwall.members.caps import set_cap
    from shieldwall.members.directory import NamedMember, NamedPerson, Readers, members_by_id, readers_of
    from shieldwall.members.groups import NewGroup, close_group, create_group, create_groups, join_group, leave_group
    from shieldwall.members.identities import (
        Claim,
        bind_identities,
        bind_identity,
        confirm_identities,
        confirm_identity,
        identity_owner,
        identity_owners,
    )
    from shieldwall.members.keys import NewKey, create_key, create_keys, revoke_key, rotate_key
    from shieldwall.members.listing import ListedGroup, ListedKey, ListedPerson, list_groups, list_keys, list_people
    from shieldwall.members.organisations import (
        NewMember,
        add_client,
        create_member,
        create_members,
        create_nation,
        create_nations,
        depart_member,
        remove_client,
        restore_member,
        suspend_member,
    )
    from shieldwall.members.people import (
        SESSION_US,
        NewPerson,
        create_people,
        create_person,
        deactivate_person,
        find_person,
        set_password,
        set_roles,
        setup_hub,
        sign_in,
        sign_out,
    )
    from shieldwall.members.viewers import (
        OPERATOR,
        authenticate,
        unknown_viewer,
        viewer_as_of_now,
        viewer_named,
        viewer_of_key,
        viewer_of_person,
    )
    from shieldwall.members.wards import clients_of, owners_served

__all__ = [
    "ANONYMOUS", "OPERATOR", "SESSION_US", "Claim", "ListedGroup", "ListedKey", "ListedPerson", "NamedMember",
    "NamedPerson", "NewGroup", "NewKey", "NewMember", "NewPerson", "Readers", "add_client", "authenticate",
    "bind_identities", "bind_identity", "check_group_rules", "clients_of", "close_group", "confirm_identities",
    "confirm_identity", "create_group", "create_groups", "create_key", "create_keys", "create_member",
    "create_members", "create_nation", "create_nations", "create_people", "create_person", "deactivate_person",
    "depart_member", "display_names", "find_person", "identity_owner", "identity_owners", "join_group", "leave_group",
    "list_groups", "list_keys", "list_people", "members_by_id", "owners_served", "readers_of", "remove_client",
    "resolve", "restore_member", "revoke_key", "rotate_key", "set_cap", "set_password", "set_roles", "setup_hub",
    "sign_in", "sign_out", "suspend_member", "unknown_viewer", "viewer_as_of_now", "viewer_named", "viewer_of_key",
    "viewer_of_person",
]  # fmt: skip
_MODULES = (
    "audiences", "caps", "directory", "groups", "identities", "keys", "listing", "organisations", "people", "viewers",
    "wards",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in _MODULES:
            if name in (names := vars(import_module(f"{__name__}.{module}"))):
                return names[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
