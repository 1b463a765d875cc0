"""Who is in the alliance: members, people who can sign in, groups, clients. Made up from a seed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec

from shieldwall.demo.world import circles
from shieldwall.demo.world.alliance import ACADEMIC, BODIES, HUB, NATION, NATIONS, SECTOR, SECTORS, SIZES, Nation
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.naming import Register

COMPANIES = 1500

# The day on which the first 1,500 leaders of industry met the alliance; the identities are dated so.
FOUNDED = "2014-09-17T08:00:00.000Z"


class Member(msgspec.Struct, frozen=True):
    """An organisation. `kind` is alliance, cert, company or academic; `nation` is '' for alliance bodies."""

    id: str
    name: str
    kind: str
    nation: str
    sector: str  # an id of `alliance.SECTORS` or ''
    size: str  # micro, small, medium, large
    employees: int
    domain: str  # under a reserved name, nobody's
    identity_id: str

    @property
    def identity(self) -> dict[str, Any]:
        """The member's STIX identity."""
        return {
            "type": "identity", "spec_version": "2.1", "id": self.identity_id, "created": FOUNDED, "modified": FOUNDED,
            "name": self.name, "identity_class": "organization",
            "sectors": [SECTOR[self.sector].stix if self.sector else _SECTOR_OF_KIND[self.kind]],
            "contact_information": f"soc@{self.domain}",
        }

    @property
    def described(self) -> str:
        """How a text speaks of it without naming it: "a medium-sized Norwegian energy company"."""
        trade = SECTOR[self.sector].name if self.sector else "government"
        size = "medium-sized" if self.size == "medium" else self.size
        words = f"{size} {NATION[self.nation].words if self.nation else 'alliance'} {trade}"
        return f"a {words} organisation"


class Person(msgspec.Struct, frozen=True):
    """Someone who can sign in. `role` is reader, analyst, release or administrator; at the hub also operator,
    auditor or secretary. `totp` is a base-32 secret, or '' for a person without a second factor."""

    id: str
    name: str
    username: str
    password: str
    totp: str
    email: str
    member: str
    role: str


class Group(msgspec.Struct, frozen=True):
    """`kind` is sector, regional, topical or bilateral. The owner is one of the members."""

    id: str
    name: str
    kind: str
    purpose: str
    owner: str
    members: tuple[str, ...]


class Client(msgspec.Struct, frozen=True):
    """`client` has named `member` as its provider of managed security."""

    member: str
    client: str


class Roster(msgspec.Struct, frozen=True):
    nations: tuple[Nation, ...]
    members: tuple[Member, ...]
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    clients: tuple[Client, ...]

    def by_id(self) -> dict[str, Member]:
        return {member.id: member for member in self.members}


def roster(seed: str) -> Roster:
    """The alliance that `seed` makes. Who knows the seed knows the passwords: take a random one for each run."""
    chance = Chance(seed, "roster")
    register = Register(taken=set())
    members = (*_bodies(chance, register), *_companies(chance, register))
    groups = tuple(Group(**circle) for circle in circles.circles(chance, [_facts(member) for member in members]))
    clients = _clients(chance, members)
    people = _people(seed, chance, members, groups, clients)
    return Roster(nations=NATIONS, members=members, people=people, groups=groups, clients=clients)


_SECTOR_OF_KIND = {"alliance": "government-regional", "cert": "government-national", "academic": "education"}


def _bodies(chance: Chance, register: Register) -> list[Member]:
    bodies = [(slug, name, "alliance", "") for slug, name in BODIES]
    bodies += [(f"cert-{nation.code}", f"National CERT {nation.name}", "cert", nation.code) for nation in NATIONS]
    bodies += [(slug, name, "academic", nation) for slug, name, nation in ACADEMIC]
    return [_member(chance, register, *body) for body in bodies]


def _member(chance: Chance, register: Register, slug: str, name: str, kind: str, nation: str) -> Member:
    register.take(slug)
    return Member(id=slug, name=name, kind=kind, nation=nation, sector="", size="medium",
                  employees=chance.randint(60, 240), domain=f"{slug}.example", identity_id=f"identity--{chance.uuid()}")


def _companies(chance: Chance, register: Register) -> list[Member]:
    """Some that no alliance lacks, at least ten for every nation; the rest is spread by weight."""
    homes = [nation for nation in NATIONS for _ in range(10)]
    left = COMPANIES - len(_NEVER_MISSING) - len(homes)
    homes += chance.choices(NATIONS, [nation.weight for nation in NATIONS], k=left)
    drawn = [(nation, _sector(chance), _size(chance)) for nation in sorted(homes, key=lambda nation: nation.code)]
    always = [(NATION[code], sector, size) for code, sector, size in _NEVER_MISSING]
    return [_company(chance, register, *company) for company in always + drawn]


# (nation, sector, size): two in one group, a provider of managed security, one in defence, one in no group.
_NEVER_MISSING = (
    ("no", "energy", "large"), ("no", "energy", "medium"), ("de", "ict-services", "large"),
    ("nl", "defence-industry", "large"), ("pt", "transport", "micro"),
)


def _sector(chance: Chance) -> str:
    return chance.choices(SECTORS, [sector.weight for sector in SECTORS])[0].id


def _size(chance: Chance) -> str:
    return chance.choices(SIZES, [weight for _, weight, _, _ in SIZES])[0][0]


def _company(chance: Chance, register: Register, nation: Nation, sector: str, size: str) -> Member:
    fewest, most = next((fewest, most) for name, _, fewest, most in SIZES if name == size)
    slug, name = register.company(chance, nation, sector)
    return Member(id=slug, name=name, kind="company", nation=nation.code, sector=sector, size=size,
                  employees=round(chance.skewed(fewest, most)), domain=f"{slug}.example",
                  identity_id=f"identity--{chance.uuid()}")


def _facts(member: Member) -> circles.Facts:
    return circles.Facts(id=member.id, kind=member.kind, nation=member.nation, sector=member.sector, size=member.size)


def _clients(chance: Chance, members: tuple[Member, ...]) -> tuple[Client, ...]:
    """Four providers of managed security, each named by companies of its own nation."""
    companies = [member for member in members if member.kind == "company"]
    providers = [company for company in companies
                 if company.sector == "ict-services" and company.size in ("medium", "large")]
    return tuple(
        Client(member=provider.id, client=client.id)
        for provider in chance.some(providers, 4, 4)
        for client in chance.some([company for company in companies if company.nation == provider.nation
                                   and company.sector != "ict-services"], 4, 8)
    )


def _people(seed: str, chance: Chance, members: tuple[Member, ...], groups: tuple[Group, ...],
            clients: tuple[Client, ...]) -> tuple[Person, ...]:
    register = Register(taken=set())
    found = {member.id: member for member in members}
    posts = [(found[member], role) for member, role in _posts(members, groups, clients)]
    return tuple(_person(seed, chance, register, member, role) for member, role in posts)


def _posts(
    members: tuple[Member, ...], groups: tuple[Group, ...], clients: tuple[Client, ...]
) -> list[tuple[str, str]]:
    """(member, role) of those who can sign in.

    Every kind and role, two companies of one nation and one group, one member outside every group, one with clients
    and one of these clients.
    """
    grouped = {member for group in groups for member in group.members}
    energy = next(group for group in groups if group.id == "energy").members
    companies = [member for member in members if member.kind == "company"]
    norwegian = [member.id for member in companies if member.nation == "no" and member.id in energy][:2]
    german = next(member.id for member in companies if member.nation == "de" and member.id in grouped)
    outside = next(member.id for member in companies if member.nation == "pt" and member.id not in grouped)
    defence = next(member.id for member in companies if member.sector == "defence-industry" and member.id in grouped)
    return [
        (HUB, "operator"), (HUB, "secretary"), (HUB, "auditor"), (HUB, "administrator"), (HUB, "release"),
        ("alliance-cyber-centre", "analyst"), ("alliance-networks", "reader"),
        ("cert-no", "administrator"), ("cert-no", "release"), ("cert-no", "analyst"), ("cert-no", "reader"),
        ("cert-de", "analyst"), ("cert-de", "release"), ("cert-pl", "analyst"), ("cert-ee", "analyst"),
        ("cert-gb", "analyst"), ("cert-gb", "release"), ("cert-it", "analyst"), ("cert-us", "analyst"),
        ("cert-tr", "reader"), ("cert-fr", "analyst"),
        (norwegian[0], "administrator"), (norwegian[0], "analyst"), (norwegian[1], "analyst"), (norwegian[1], "reader"),
        (german, "analyst"), (defence, "release"), (clients[0].member, "analyst"), (clients[0].client, "reader"),
        (outside, "analyst"), (ACADEMIC[0][0], "analyst"), (ACADEMIC[2][0], "reader"),
    ]


def _person(seed: str, chance: Chance, register: Register, member: Member, role: str) -> Person:
    nation = NATION[member.nation] if member.nation else chance.one(NATIONS)
    slug, name = register.person(chance, nation)
    second = role in ("operator", "secretary", "auditor", "administrator", "release")
    return Person(id=slug, name=name, username=slug, password=_password(seed, slug),
                  totp=_secret(seed, f"totp:{slug}", 32) if second else "",
                  email=f"{slug}@{member.domain}", member=member.id, role=role)


def _password(seed: str, slug: str) -> str:
    letters = _secret(seed, f"password:{slug}", 20).lower()
    return "-".join(letters[start:start + 5] for start in range(0, 20, 5))


def _secret(seed: str, use: str, length: int) -> str:
    """`length` base-32 letters that only the seed tells."""
    digest = hashlib.blake2b(use.encode(), key=hashlib.sha256(seed.encode()).digest(), digest_size=20).digest()
    return base64.b32encode(digest).decode()[:length]
