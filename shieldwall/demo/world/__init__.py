"""A made-up alliance and its year: who is in it, what it knows, what happened.

Pure: everything follows from a seed and a given `now`. No clock, no table, no network; the knowledge is read from
installed packages. Whoever loads it feeds it through the public services.
"""

from shieldwall.demo.world.acts import Act
from shieldwall.demo.world.knowledge import EVERYDAY, SOURCES, Submission, knowledge
from shieldwall.demo.world.life import life
from shieldwall.demo.world.roster import Client, Group, Member, Person, Roster, roster

__all__ = [
    "EVERYDAY",
    "SOURCES",
    "Act",
    "Client",
    "Group",
    "Member",
    "Person",
    "Roster",
    "Submission",
    "knowledge",
    "life",
    "roster",
]
