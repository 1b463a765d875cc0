"""STIX identities: which member owns what carries `created_by_ref`. Bound by the member, confirmed by the hub."""

from __future__ import annotations

from collections.abc import Iterable

from shieldwall.errors import Conflict
from shieldwall.members.models import Identity
from shieldwall.members.names import check_identity
from shieldwall.members.register import acting, chunks, found, get_member
from shieldwall.policy import Viewer
from shieldwall.store import READERS


def bind_identity(actor: Viewer, member: str, stix_id: str) -> None:
    """Claim a STIX identity for a member; it counts once the hub confirms. For the member's administrators.

    Others' claims to the same identity neither hinder this one nor show. Raises BadInput, Refused, Conflict.
    """
    check_identity(stix_id)
    with acting(actor) as act:
        act.require_administrator(member, what="claim identities for it")
        get_member(member)
        if Identity.objects.filter(stix_id=stix_id, member=member).exists():
            raise Conflict("it is claimed already", rule="identities", where=stix_id, remedy="let the hub confirm it")
        Identity.objects.create(
            stix_id=stix_id, member_id=member, requested_us=act.now, requested_by=act.actor.principal
        )
        act.record("identity-claimed", identity=stix_id, member=member)


def confirm_identity(actor: Viewer, member: str, stix_id: str) -> None:
    """Make a member's claim good. For administrators of the hub. Raises Absent; Conflict where another one owns it."""
    with acting(actor) as act:
        act.require_hub("confirm identities")
        claim = found(Identity.objects.filter(stix_id=stix_id, member=member).first(), stix_id, where="claim")
        owner = Identity.objects.filter(stix_id=stix_id, confirmed_us__isnull=False).first()
        if owner is not None:
            raise Conflict(
                f"it belongs to {owner.member_id}", rule="identities", where=stix_id, remedy="settle it between them"
            )
        claim.confirmed_us = act.now
        claim.confirmed_by = act.actor.principal
        claim.save(update_fields=["confirmed_us", "confirmed_by"])
        act.record("identity-confirmed", identity=stix_id, member=member)


def identity_owners(stix_ids: Iterable[str], alias: str = READERS) -> dict[str, str]:
    """Identity → the member it is bound to, for those of `stix_ids` that are bound and confirmed."""
    owners: dict[str, str] = {}
    confirmed = Identity.objects.using(alias).filter(confirmed_us__isnull=False)
    for some in chunks(sorted(set(stix_ids))):
        owners.update(confirmed.filter(stix_id__in=some).values_list("stix_id", "member_id"))
    return owners


def identity_owner(stix_id: str, alias: str = READERS) -> str | None:
    """The member that a STIX identity is bound to; None where nobody's binding is confirmed."""
    return identity_owners([stix_id], alias).get(stix_id)
