"""What everyone may know already: the knowledge that installed packages carry, as submissions of the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

import msgspec

from shieldwall.demo.world import attack, galaxies, lists
from shieldwall.demo.world.alliance import HUB
from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.objects import DAY, Thing, bundle, stamp

_MOST_IN_ONE = 2500


class Submission(msgspec.Struct, frozen=True):
    """A bundle that `member` gives to `audience`; none of it carries a TLP label, so the default marks it."""

    source: str
    member: str
    audience: str
    default_marking: str
    count: int
    objects: bytes


_SOURCES: dict[str, Callable[[str], Iterable[Thing]]] = {
    "attack": lambda at: attack.matrix(),
    "attack-links": lambda at: attack.links(of_software=False),
    "actors": lambda at: chain([galaxies.owner(at)], galaxies.clusters(galaxies.ACTORS, at)),
    "malware": lambda at: galaxies.clusters(galaxies.MALWARE, at),
    "practice": lambda at: galaxies.clusters(galaxies.PRACTICE, at),
    "warning-lists": lambda at: chain([lists.owner(at)], lists.warning_lists(at)),
    "taxonomies": lists.taxonomies,
    "attack-software-links": lambda at: attack.links(of_software=True),
    "families": lambda at: galaxies.clusters(galaxies.FAMILIES, at),
}

SOURCES = tuple(_SOURCES)
# Without what malware does in each of 10,000 cases and the 3,000 families of Malpedia: half the objects.
EVERYDAY = SOURCES[:7]


def knowledge(now: int, sources: Iterable[str] = EVERYDAY) -> Iterator[Submission]:
    """The knowledge of `sources` in bundles of at most 2,500 objects. What has no time of its own is dated a year
    before `now` (µs)."""
    at = stamp((now - 365 * DAY) // DAY * DAY)
    for source in sources:
        chance = Chance(source, "knowledge")
        things = iter(_SOURCES[source](at))
        while batch := list(islice(things, _MOST_IN_ONE)):
            yield Submission(source=source, member=HUB, audience="community", default_marking="TLP:CLEAR",
                             count=len(batch), objects=bundle(chance, batch))
