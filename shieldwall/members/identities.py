"""STIX identities: which member owns what carries `created_by_ref`. Bound by the member, confirmed by the hub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shieldwall.errors import Conflict
from shieldwall.members.models import Identity, Member
from shieldwall.members.names import check_identity
from shieldwall.members.register import Act, acting, chunks, found, require_distinct, require_known
from shieldwall.policy import Viewer
from shieldwall.store import READERS, WRITER


class Claim(NamedTuple):
    """A member that calls a STIX identity its own."""

    member: str
    stix_id: str


def bind_identities(actor: Viewer, claims: Iterable[Claim]) -> None:
    """Claim STIX identities for members, all or none; each counts once the hub confirms it.

    For the members' administrators. Others' claims to the same identity neither hinder these nor show. Raises
    BadInput, Absent, Refused, Conflict.
    """
    fresh = list(claims)
    for claim in fresh:
        check_identity(claim.stix_id)
    with acting(actor) as act:
        for member in {claim.member for claim in fresh}:
            act.require_administrator(member, what="claim identities for it")
        require_known(Member, {claim.member for claim in fresh}, where="member")
        _require_unclaimed(fresh)
        Identity.objects.bulk_create(
            Identity(
                stix_id=claim.stix_id, member_id=claim.member, requested_us=act.now, requested_by=act.actor.principal
            )
            for claim in fresh
        )
        _record(act, "identity-claimed", fresh)


def bind_identity(actor: Viewer, member: str, stix_id: str) -> None:
    """Claim one STIX identity: see `bind_identities`."""
    bind_identities(actor, [Claim(member, stix_id)])


def confirm_identities(actor: Viewer, claims: Iterable[Claim]) -> None:
    """Make members' claims good, all or none. For administrators of the hub.

    Raises Absent where nothing was claimed; Conflict where an identity has an owner, or would have two.
    """
    wanted = list(claims)
    with acting(actor) as act:
        act.require_hub("confirm identities")
        good = _claimed(wanted)
        _require_unowned(wanted)
        for claimed in good:
            claimed.confirmed_us = act.now
            claimed.confirmed_by = act.actor.principal
        Identity.objects.bulk_update(good, ["confirmed_us", "confirmed_by"], batch_size=200)
        _record(act, "identity-confirmed", wanted)


def confirm_identity(actor: Viewer, member: str, stix_id: str) -> None:
    """Make one claim good: see `confirm_identities`."""
    confirm_identities(actor, [Claim(member, stix_id)])


def _record(act: Act, what: str, claims: Sequence[Claim]) -> None:
    act.record_all(what, [{"identity": claim.stix_id, "member": claim.member} for claim in claims])


def _require_unclaimed(claims: Sequence[Claim]) -> None:
    for some in chunks(claims):
        there = Identity.objects.filter(stix_id__in=[claim.stix_id for claim in some])
        for claim in set(some).intersection(Claim(*pair) for pair in there.values_list("member_id", "stix_id")):
            raise Conflict(
                "it is claimed already", rule="identities", where=claim.stix_id, remedy="let the hub confirm it"
            )


def _claimed(claims: Sequence[Claim]) -> list[Identity]:
    known: dict[tuple[str, str], Identity] = {}
    for some in chunks(claims):
        there = Identity.objects.filter(stix_id__in=[claim.stix_id for claim in some])
        known |= {(one.member_id, one.stix_id): one for one in there}
    return [found(known.get(claim), claim.stix_id, where="claim") for claim in claims]


def _require_unowned(claims: Sequence[Claim]) -> None:
    require_distinct([claim.stix_id for claim in claims], where="identity")
    for stix_id, owner in identity_owners([claim.stix_id for claim in claims], WRITER).items():
        raise Conflict(f"it belongs to {owner}", rule="identities", where=stix_id, remedy="settle it between them")


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
