"""Coins names of organisations and people, and the slugs they go by."""

from __future__ import annotations

import re
import unicodedata

from shieldwall.demo.world.alliance import Nation
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.tongues import TONGUES

# Letters that Unicode does not take apart into a base letter and an accent.
_PLAIN = str.maketrans({
    "ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "œ": "oe", "å": "a",
    "Ø": "O", "Æ": "Ae", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "Th", "Å": "A", "&": "and",
})
_NEVER_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40


def slug_of(name: str) -> str:
    """`name` in lower-case ASCII letters, digits and hyphens, 1 to 40 characters."""
    plain = unicodedata.normalize("NFKD", name.translate(_PLAIN)).encode("ascii", "ignore").decode().lower()
    return _NEVER_IN_A_SLUG.sub("-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-")


class Register:
    """Names given out so far: none is given twice."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def company(self, chance: Chance, nation: Nation, sector: str) -> tuple[str, str]:
        """(slug, full name) of a new company."""
        while True:
            stem, trade = _stem(chance, nation), chance.one(TONGUES[nation.tongue].trades[sector])
            if self.take(slug := slug_of(f"{stem} {trade}")):
                return slug, _with_form(chance, nation, f"{stem} {trade}")

    def person(self, chance: Chance, nation: Nation) -> tuple[str, str]:
        """(slug, full name) of a new person."""
        tongue = TONGUES[nation.tongue]
        while True:
            name = f"{chance.one(tongue.given)} {chance.one(tongue.family)}"
            if self.take(slug := slug_of(name)):
                return slug, name

    def take(self, slug: str) -> bool:
        """True once for each slug."""
        free = slug not in self._taken
        self._taken.add(slug)
        return free


def _stem(chance: Chance, nation: Nation) -> str:
    tongue = TONGUES[nation.tongue]
    middle = chance.one(tongue.middles) if chance.often(0.75) else ""
    stem = chance.one(tongue.openings) + middle + chance.one(tongue.endings)
    return re.sub(r"(.)\1\1", r"\1\1", re.sub(r"([aeiouıåøäöüáéíóú])\1+", r"\1", stem))


def _with_form(chance: Chance, nation: Nation, name: str) -> str:
    form = chance.one(_FORMS_IN.get(nation.code, TONGUES[nation.tongue].forms))
    return form.replace("*", name) if "*" in form else f"{name} {form}"


# Where a nation shares its language with another, the forms of its own law.
_FORMS_IN = {
    "be": ("BV", "NV", "SRL"),
    "lu": ("S.A.", "S.à r.l."),
    "ca": ("Inc.", "Ltd.", "Corp."),
    "gb": ("Ltd", "Ltd", "plc", "LLP"),
    "us": ("Inc.", "LLC", "Corp."),
}
