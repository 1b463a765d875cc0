"""Lists the licence of every distribution that runs with Shieldwall; fails for any stricter than LGPL or MPL.

Usage: licences.py [requirements/run.txt]
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

# Read in the package itself, because its metadata says nothing that a program could judge.
READ_BY_US = {
    "pysqlite3": "Zlib",  # its LICENSE file is the zlib licence
}

# Words with which an acceptable licence's name begins. Every licence that the metadata names must be one of these,
# a choice between two included: what is not recognised is refused until somebody has read it.
ACCEPTED = re.compile(
    r"""(GNU\ )? (0BSD | AFL | Apache | BSD | CC0 | CNRI | HPND | ISC | LGPL | Lesser\ General\ Public | MIT | MPL
        | Mozilla | PSF | Python\ Software\ Foundation | Unlicense | Zlib)""",
    re.VERBOSE | re.IGNORECASE,
)
JOINTS = re.compile(r"\s+(?:AND|OR|WITH)\s+|[();,/]", re.IGNORECASE)


def stated(found: Distribution) -> str:
    """What the distribution's metadata says: SPDX expression, else classifiers, else free text."""
    metadata = found.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    classifiers = [c.split(" :: ")[-1] for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    classifiers = [c for c in classifiers if c != "OSI Approved"]
    free = (metadata.get("License") or "").strip().splitlines()
    return " AND ".join(classifiers) or (free[0] if free else "")


def acceptable(licence: str) -> bool:
    """True if each licence named is no stricter than LGPL or MPL, and there is one."""
    named = [part.strip() for part in JOINTS.split(licence) if part.strip()]
    return bool(named) and all(map(ACCEPTED.match, named))


def names(requirements: Path) -> list[str]:
    """The distributions pinned in a compiled requirement file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", requirements.read_text(), re.MULTILINE)


def main() -> int:
    requirements = Path(sys.argv[1] if len(sys.argv) > 1 else "requirements/run.txt")
    refused = []
    for name in names(requirements):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # pinned for another platform; it does not run here
        licence = READ_BY_US.get(name) or stated(found)
        print(f"{name:28} {found.version:12} {licence or 'no licence stated'}")
        if not acceptable(licence):
            refused.append(name)
    if refused:
        print(f"licences: stricter than LGPL or MPL, or not stated: {', '.join(refused)}", file=sys.stderr)
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main())
