"""The groups of the alliance: by sector, by region, by topic, between two or three."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from shieldwall.demo.world.alliance import HUB, NATIONS
from shieldwall.demo.world.chance import Chance, unique


class Facts(msgspec.Struct, frozen=True):
    """What decides who is asked into a group."""

    id: str
    kind: str
    nation: str
    sector: str
    size: str


# (id, name, purpose, owner, sectors, most companies)
_BY_SECTOR = (
    ("energy", "Energy ISAC", "Threats to generation, grids and fuel supply; shared detection for control rooms.",
     "cert-no", ("energy",), 46),
    ("transport", "Transport and Maritime ISAC",
     "Ports, rail, aviation and road freight: incidents, spoofed notices, ransomware.",
     "cert-nl", ("transport", "postal"), 40),
    ("finance", "Finance ISAC", "Fraud, payment systems and attacks on customers of banks and insurers.",
     "cert-lu", ("banking", "insurance"), 44),
    ("health", "Health ISAC", "Hospitals and laboratories: extortion, exposed devices, continuity of care.",
     "cert-fr", ("health",), 34),
    ("water", "Water ISAC", "Drinking and waste water: control systems, remote access, small operators.",
     "cert-dk", ("water", "waste"), 26),
    ("telecom", "Telecommunications ISAC", "Signalling abuse, routing, equipment and lawful-intercept exposure.",
     "cert-es", ("telecom",), 30),
    ("digital-infrastructure", "Digital Infrastructure ISAC", "Data centres, exchanges, DNS and cloud platforms.",
     "cert-de", ("digital-infrastructure", "ict-services"), 38),
    ("defence-industry", "Defence Industrial Base Exchange",
     "Theft of designs and attacks through suppliers of defence equipment.",
     "alliance-cyber-centre", ("defence-industry", "space"), 48),
    ("manufacturing", "Manufacturing Exchange",
     "Plants and their suppliers: production outages, engineering workstations.",
     "cert-it", ("manufacturing", "chemicals"), 34),
    ("food", "Food Supply Exchange", "Farm to shelf: logistics outages, extortion, cold-chain control.",
     "cert-ro", ("food",), 18),
    ("space", "Space Systems Exchange", "Ground segments, satellite operators and their terminals.",
     "cert-lu", ("space",), 20),
)

# (id, name, purpose, owner, nations, most companies)
_BY_REGION = (
    ("nordic", "Nordic Circle", "Daily exchange between the northern nations.", "cert-dk", "dk is no", 14),
    ("baltic", "Baltic Shield",
     "Early warning along the eastern shore of the Baltic Sea.", "cert-lv", "ee lv lt pl", 18),
    ("black-sea", "Black Sea Watch", "Ports, cables and energy around the Black Sea.", "cert-bg", "bg ro tr", 16),
    ("mediterranean", "Mediterranean Table",
     "Shipping, tourism and energy in the south.", "cert-it", "it es gr pt fr tr hr al", 18),
    ("central", "Central European Round",
     "Industry between the Elbe and the Carpathians.", "cert-cz", "cz sk hu pl de si", 20),
    ("benelux", "Low Countries Desk", "Ports, finance and data centres of the three.", "cert-be", "be nl lu", 16),
    ("atlantic", "Atlantic Bridge",
     "Both sides of the ocean: cables, air traffic, joint suppliers.", "cert-ca", "us ca gb is pt no", 18),
)

# (id, name, purpose, owner, sectors preferred, CERTs, companies)
_BY_TOPIC = (
    ("ransomware", "Ransomware Response",
     "Decryptors, negotiations, leak sites, first hours.", "cert-nl", "", 24, 22),
    ("control-systems", "Control Systems Security", "Protocols, safety systems and field devices.", "cert-no",
     "energy water manufacturing chemicals", 14, 26),
    ("supply-chain", "Supply Chain Trust",
     "Compromised updates, shared suppliers, small firms.", HUB, "defence-industry ict-services", 16, 24),
    ("vulnerability-coordination", "Vulnerability Coordination",
     "Findings before they are public, fixes after.", "cert-de",
     "ict-services digital-infrastructure", 20, 12),
    ("hybrid-threats", "Hybrid Threats and Elections",
     "Influence, hack-and-leak and attacks on public confidence.", "cert-ee",
     "public-administration telecom", 22, 8),
    ("cloud-identity", "Cloud and Identity", "Token theft, consent abuse and tenants under attack.", "cert-us",
     "digital-infrastructure ict-services banking", 14, 20),
)

# (id, name, purpose, members)
_BETWEEN_FEW = (
    ("no-gb", "Norway and United Kingdom", "Subsea cables and offshore installations.", "cert-no cert-gb"),
    ("de-fr", "Germany and France", "Joint picture of industrial espionage.", "cert-de cert-fr"),
    ("us-ca", "United States and Canada", "Grid and pipeline incidents across the border.", "cert-us cert-ca"),
)


def circles(chance: Chance, members: Sequence[Facts]) -> list[dict[str, Any]]:
    """The fields of each group; the owner always is a member."""
    companies = [member for member in members if member.kind == "company" and not _keeps_to_itself(member)]
    made = []
    for slug, name, purpose, owner, sectors, most in _BY_SECTOR:
        fitting = [m for m in companies if m.sector in sectors]
        made.append(_circle(chance, "sector", (slug, name, purpose, owner), _certs(chance, 8), fitting, most))
    for slug, name, purpose, owner, codes, most in _BY_REGION:
        fitting = [m for m in companies if m.nation in codes.split() and m.size in ("medium", "large")]
        certs = [f"cert-{code}" for code in codes.split()]
        made.append(_circle(chance, "regional", (slug, name, purpose, owner), certs, fitting, most))
    for slug, name, purpose, owner, trades, certs_asked, most in _BY_TOPIC:
        fitting = [m for m in companies if not trades or m.sector in trades.split()]
        certs = _certs(chance, certs_asked)
        made.append(_circle(chance, "topical", (slug, name, purpose, owner), certs, fitting, most))
    for slug, name, purpose, few in _BETWEEN_FEW:
        made.append(_circle(chance, "bilateral", (slug, name, purpose, few.split()[0]), few.split(), [], 0))
    return made


def _certs(chance: Chance, number: int) -> list[str]:
    return [f"cert-{nation.code}" for nation in chance.sample(NATIONS, number)]


def _circle(chance: Chance, kind: str, names: tuple[str, str, str, str], certs: list[str], fitting: list[Facts],
            most: int) -> dict[str, Any]:
    slug, name, purpose, owner = names
    compatriots = [member for member in fitting if owner == f"cert-{member.nation}"][:2]
    companies = [member.id for member in compatriots + chance.sample(fitting, min(most, len(fitting)))]
    return {"id": slug, "name": name, "kind": kind, "purpose": purpose, "owner": owner,
            "members": tuple(unique([owner, *certs, *companies]))}


def _keeps_to_itself(member: Facts) -> bool:
    """The smallest take part in no group yet."""
    return member.size == "micro"
