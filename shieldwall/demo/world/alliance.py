"""The frame of the alliance: nations of 2014, sectors of industry, bodies of its own."""

from __future__ import annotations

import msgspec


class Nation(msgspec.Struct, frozen=True):
    code: str
    name: str
    tongue: str  # which table of names its organisations and people are named from
    weight: float  # share of the companies
    words: str  # "Norwegian": how a text speaks of its companies


NATIONS: tuple[Nation, ...] = (
    Nation("al", "Albania", "albanian", 0.9, "Albanian"),
    Nation("be", "Belgium", "dutch", 3.6, "Belgian"),
    Nation("bg", "Bulgaria", "bulgarian", 2.2, "Bulgarian"),
    Nation("ca", "Canada", "english", 5.2, "Canadian"),
    Nation("hr", "Croatia", "croatian", 1.6, "Croatian"),
    Nation("cz", "Czech Republic", "czech", 3.2, "Czech"),
    Nation("dk", "Denmark", "danish", 2.9, "Danish"),
    Nation("ee", "Estonia", "estonian", 1.7, "Estonian"),
    Nation("fr", "France", "french", 8.6, "French"),
    Nation("de", "Germany", "german", 10.5, "German"),
    Nation("gr", "Greece", "greek", 2.6, "Greek"),
    Nation("hu", "Hungary", "hungarian", 2.4, "Hungarian"),
    Nation("is", "Iceland", "icelandic", 0.8, "Icelandic"),
    Nation("it", "Italy", "italian", 7.2, "Italian"),
    Nation("lv", "Latvia", "latvian", 1.3, "Latvian"),
    Nation("lt", "Lithuania", "lithuanian", 1.5, "Lithuanian"),
    Nation("lu", "Luxembourg", "french", 0.9, "Luxembourg"),
    Nation("nl", "Netherlands", "dutch", 4.4, "Dutch"),
    Nation("no", "Norway", "norwegian", 3.1, "Norwegian"),
    Nation("pl", "Poland", "polish", 5.4, "Polish"),
    Nation("pt", "Portugal", "portuguese", 2.5, "Portuguese"),
    Nation("ro", "Romania", "romanian", 2.9, "Romanian"),
    Nation("sk", "Slovakia", "slovak", 1.6, "Slovak"),
    Nation("si", "Slovenia", "slovenian", 1.3, "Slovenian"),
    Nation("es", "Spain", "spanish", 5.6, "Spanish"),
    Nation("tr", "Turkey", "turkish", 4.4, "Turkish"),
    Nation("gb", "United Kingdom", "english", 8.2, "British"),
    Nation("us", "United States", "english", 12.6, "American"),
)

NATION = {nation.code: nation for nation in NATIONS}


class Sector(msgspec.Struct, frozen=True):
    id: str
    name: str
    stix: str  # the word of STIX 2.1's industry-sector-ov
    weight: float


# In the order of the words of `tongues.py`.
SECTORS: tuple[Sector, ...] = (
    Sector("energy", "energy", "energy", 10.5),
    Sector("transport", "transport", "transportation", 10.0),
    Sector("banking", "banking", "financial-services", 7.5),
    Sector("insurance", "insurance", "insurance", 2.5),
    Sector("health", "health", "healthcare", 8.5),
    Sector("water", "water", "water", 4.5),
    Sector("digital-infrastructure", "digital infrastructure", "technology", 8.0),
    Sector("telecom", "telecommunications", "telecommunications", 5.5),
    Sector("ict-services", "managed ICT services", "technology", 7.0),
    Sector("defence-industry", "defence industry", "defense", 9.5),
    Sector("space", "space", "aerospace", 2.5),
    Sector("manufacturing", "manufacturing", "manufacturing", 10.0),
    Sector("chemicals", "chemicals", "chemical", 3.0),
    Sector("food", "food", "agriculture", 4.5),
    Sector("postal", "postal and courier services", "transportation", 1.5),
    Sector("waste", "waste management", "utilities", 1.5),
    Sector("public-administration", "public administration", "government-public-services", 3.5),
)

SECTOR = {sector.id: sector for sector in SECTORS}

# (size, weight, fewest and most people): members of an exchange are larger than companies at large.
SIZES: tuple[tuple[str, float, int, int], ...] = (
    ("micro", 0.17, 2, 9),
    ("small", 0.33, 10, 49),
    ("medium", 0.30, 50, 249),
    ("large", 0.20, 250, 48_000),
)

HUB = "hub"

# (id, name) of the alliance's own bodies, the hub first.
BODIES: tuple[tuple[str, str], ...] = (
    (HUB, "Alliance Exchange Hub"),
    ("alliance-cyber-centre", "Alliance Cyber Operations Centre"),
    ("alliance-networks", "Alliance Networks and Services Agency"),
)

# (id, name, nation) of the academic members.
ACADEMIC: tuple[tuple[str, str, str], ...] = (
    ("academy-tallvere", "Tallvere Institute of Cyber Defence Studies", "ee"),
    ("university-brandholm", "Technische Universität Brandholm", "de"),
    ("institute-serravalta", "Politecnico di Serravalta", "it"),
    ("university-harrowgate-mill", "Harrowgate Mill University, Centre for Network Resilience", "gb"),
    ("institute-wierzbno", "Instytut Badań Sieci Wierzbno", "pl"),
)
