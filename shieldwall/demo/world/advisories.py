"""Vulnerabilities of invented products under invented CVE numbers: the advisory, the remedy, how far it is mended."""

from __future__ import annotations

from collections.abc import Sequence

from shieldwall.demo.world import phrases
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.objects import DAY, Thing, linked, made
from shieldwall.demo.world.observables import software

# Numbers that high are not given out.
_FIRST_NUMBER = 900_000


def advisory(chance: Chance, author: str, at: int, year: str) -> list[Thing]:
    """One vulnerability with the software that has it, a course of action and often a note from the field."""
    vendor, product, versions = chance.one(phrases.PRODUCTS)
    flaw, gain, weakness, score = chance.one(phrases.FLAWS)
    version = versions.format(chance.randint(0, 14))
    number = f"CVE-{year}-{_FIRST_NUMBER + chance.randrange(99_999)}"
    vulnerability = made(
        chance, "vulnerability", author, at, name=number,
        description=f"{vendor} {product} before {version} has {flaw}. An attacker who reaches the service can {gain}. "
                    f"CVSS 3.1 base score {score}. {chance.one(_STATES)}",
        external_references=[{"source_name": "cve", "external_id": number},
                             {"source_name": "cwe", "external_id": weakness}],
        labels=["advisory", chance.one(("exploited", "proof-of-concept", "no-known-exploit"))])
    remedy = made(chance, "course-of-action", author, at, name=f"Update {product} to {version}",
                  description=chance.one(_REMEDIES).format(product=product, version=version))
    things = [vulnerability, software(product, vendor, version), remedy,
              linked(chance, "mitigates", remedy, vulnerability, author, at)]
    if chance.often(0.5):
        things.append(made(chance, "note", author, at, abstract=f"{number}: how far we are",
                           content=chance.one(_PROGRESS).format(product=product, share=chance.randint(35, 98)),
                           object_refs=[vulnerability["id"]], labels=["vulnerability-status"]))
    return things


def products(chance: Chance) -> Sequence[str]:
    """Names that reports speak of."""
    return tuple(f"{vendor} {product} {version.format(chance.randint(0, 14))}"
                 for vendor, product, version in phrases.PRODUCTS)


def progress(chance: Chance, author: str, vulnerability: Thing, at: int) -> Thing:
    """What another member says about its own park."""
    return made(chance, "note", author, at + DAY // 2, abstract=f"{vulnerability['name']}: state here",
                content=chance.one(_PROGRESS).format(product="the product", share=chance.randint(20, 99)),
                object_refs=[vulnerability["id"]], labels=["vulnerability-status"])


_STATES = ("Exploitation has been seen.", "A proof of concept is public.", "No exploitation is known.",
           "The vendor has known since last month; the fix was held until all nations could be told.")
_REMEDIES = (
    "Install {version}. Where that must wait, allow the management port from the maintenance network only.",
    "Install {version} and end all sessions of {product}; a patch alone does not put out who is already in.",
    "Switch off the web console of {product} until {version} is in place. The service itself can stay up.",
    "Install {version}, then change the secrets that {product} keeps. Look for new administrators.",
)
_PROGRESS = (
    "{share} % of the reachable installations of {product} in our nation are mended; the rest have been written to.",
    "We have {product} in two plants. The update needs a stop and is planned for the next window.",
    "No {product} here. We asked our suppliers; {share} % have answered.",
    "Mended everywhere within four days. One device would not start again: keep the old firmware at hand.",
)
