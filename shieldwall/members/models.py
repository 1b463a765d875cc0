"""The register's tables. Written by this room's services inside a turn, read through the alias `readers`.

Times are microseconds of the log (`Turn.stamp`) or of the clock (expiries). Nothing here is ever deleted that an entry
in the log may name: members, people, keys and groups end, they do not vanish.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shieldwall.members.names import MAX_NAME, MAX_SLUG
from shieldwall.policy import PUBLIC


class Nation(models.Model):
    """A nation of the alliance."""

    code: models.CharField[str, str] = models.CharField(max_length=3, primary_key=True)
    name: models.CharField[str, str] = models.CharField(max_length=MAX_NAME)


class Member(models.Model):
    """An organisation. Its slug is its id in tokens, for ever: `member:<slug>`."""

    slug: models.CharField[str, str] = models.CharField(max_length=MAX_SLUG, primary_key=True)
    name: models.CharField[str, str] = models.CharField(max_length=MAX_NAME)
    kind: models.CharField[str, str] = models.CharField(max_length=8)
    nation: models.ForeignKey[Nation | None, Nation | None] = models.ForeignKey(Nation, models.PROTECT, null=True)
    nation_id: str | None
    national_since_us: models.BigIntegerField[int, int] = models.BigIntegerField(default=0)
    sector: models.CharField[str, str] = models.CharField(max_length=MAX_NAME, blank=True)
    size: models.CharField[str, str] = models.CharField(max_length=8, blank=True)
    status: models.CharField[str, str] = models.CharField(max_length=9, default="active")
    is_hub: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    widest: models.CharField[str, str] = models.CharField(max_length=9, default=PUBLIC)
    grants_version: models.BigIntegerField[int, int] = models.BigIntegerField(default=1)
    created_us: models.BigIntegerField[int, int] = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["is_hub"], condition=Q(is_hub=True), name="one_hub"),
            models.CheckConstraint(condition=Q(kind="body") | Q(nation__isnull=False), name="nation_or_body"),
        )


class Person(models.Model):
    """Somebody at exactly one member: `person:<id>`. Whoever changes employer is a new person here."""

    id: models.CharField[str, str] = models.CharField(max_length=36, primary_key=True)
    member: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT)
    member_id: str
    username: models.CharField[str, str] = models.CharField(max_length=MAX_SLUG, unique=True)
    name: models.CharField[str, str] = models.CharField(max_length=MAX_NAME)
    roles: models.CharField[str, str] = models.CharField(max_length=80)
    password: models.CharField[str, str] = models.CharField(max_length=160, blank=True)
    totp_secret: models.CharField[str | None, str | None] = models.CharField(max_length=64, null=True)
    active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    created_us: models.BigIntegerField[int, int] = models.BigIntegerField()


class Session(models.Model):
    """A person signed in. Only a hash of the token is kept."""

    digest: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32, primary_key=True)
    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.PROTECT)
    person_id: str
    created_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    expires_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    revoked_us: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)


class ServiceKey(models.Model):
    """A program acting for a member. Only a hash of the secret is kept."""

    id: models.CharField[str, str] = models.CharField(max_length=8, primary_key=True)
    member: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT)
    member_id: str
    name: models.CharField[str, str] = models.CharField(max_length=MAX_NAME)
    digest: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)
    scopes: models.CharField[str, str] = models.CharField(max_length=80)
    default_audience: models.TextField[str, str] = models.TextField(blank=True)
    default_marking: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    widest: models.CharField[str, str] = models.CharField(max_length=9)
    created_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    expires_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    revoked_us: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)


class Group(models.Model):
    """A circle of members. `group:<slug>#<volume>` names one of its collections; `volume` is the newest."""

    slug: models.CharField[str, str] = models.CharField(max_length=MAX_SLUG, primary_key=True)
    name: models.CharField[str, str] = models.CharField(max_length=MAX_NAME)
    purpose: models.TextField[str, str] = models.TextField(blank=True)
    owner: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT)
    owner_id: str
    hides_past: models.BooleanField[bool, bool] = models.BooleanField()
    members_named: models.BooleanField[bool, bool] = models.BooleanField()
    volume: models.IntegerField[int, int] = models.IntegerField(default=1)
    append_roles: models.CharField[str, str] = models.CharField(max_length=80, blank=True)
    created_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    closed_us: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)


class GroupPeriod(models.Model):
    """One stretch of one member's membership in a group."""

    group: models.ForeignKey[Group, Group] = models.ForeignKey(Group, models.PROTECT)
    group_id: str
    member: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT)
    member_id: str
    since_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    since_volume: models.IntegerField[int, int] = models.IntegerField()
    until_us: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "member"], condition=Q(until_us=None), name="one_open_period"),
            models.CheckConstraint(condition=Q(until_us=None) | Q(until_us__gte=F("since_us")), name="ends_later"),
        )


class Identity(models.Model):
    """A STIX identity that a member calls its own; the hub's confirmation makes it so, for one member only."""

    stix_id: models.CharField[str, str] = models.CharField(max_length=80)
    member: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT)
    member_id: str
    requested_us: models.BigIntegerField[int, int] = models.BigIntegerField()
    requested_by: models.CharField[str, str] = models.CharField(max_length=80)
    confirmed_us: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    confirmed_by: models.CharField[str, str] = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stix_id", "member"], name="one_claim_for_each_member"),
            models.UniqueConstraint(fields=["stix_id"], condition=Q(confirmed_us__isnull=False), name="one_owner"),
        )


class Client(models.Model):
    """`client` is a client of `member`: what is AMBER may be passed on to it, by a recorded append."""

    member: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT)
    member_id: str
    client: models.ForeignKey[Member, Member] = models.ForeignKey(Member, models.PROTECT, related_name="+")
    client_id: str
    since_us: models.BigIntegerField[int, int] = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "client"], name="a_client_once"),)


class Cap(models.Model):
    """How wide whoever holds a role (or any service key) may address, across the exchange."""

    holder: models.CharField[str, str] = models.CharField(max_length=16, primary_key=True)
    widest: models.CharField[str, str] = models.CharField(max_length=9)
