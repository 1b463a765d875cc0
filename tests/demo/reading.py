"""An independent reading of a year: who must see what, worked out from the acts and the roster alone.

Nothing of the product's policy, exchange or store is asked. An address is turned into a Python expression over the
tokens that somebody holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import orjson

from shieldwall.demo.world import Act, Roster

Version = tuple[str, str]  # STIX id, `modified` as written ('' for what has none)
_TOKEN = re.compile(r"[a-z]+(?::[a-z0-9-]+)?")


def tokens_of_member(roster: Roster, member: str) -> set[str]:
    """What every principal of `member` holds."""
    nation = roster.by_id()[member].nation
    groups = {f"group:{group.id}" for group in roster.groups if member in group.members}
    return {"public", "community", f"member:{member}"} | groups | ({f"nation:{nation}"} if nation else set())


def reads(tokens: set[str], audience: str) -> bool:
    """Whether whoever holds `tokens` is of `audience`."""
    spelled = _TOKEN.sub(lambda found: str(found[0] in tokens), audience)
    return bool(eval(spelled.replace("&", " and ").replace("|", " or "), {"__builtins__": {}}))


def year(acts: Iterable[Act]) -> dict[str, set[Version]]:
    """Audience → what lies there when all is done, older versions included."""
    lies: dict[str, set[Version]] = defaultdict(set)
    for act in acts:
        if act.outcome == "refused":
            continue
        home = f"member:{act.member}"
        if act.kind == "withdraw":
            for versions in lies.values():
                versions -= {version for version in versions if version[0] == act.target}
            continue
        for thing in orjson.loads(act.objects)["objects"]:
            version = thing["id"], thing.get("modified", "")
            marked = act.default_marking or thing.get("object_marking_refs") or thing["type"] == "marking-definition"
            lies[act.audience if act.audience and marked else home].add(version)
            if thing.get("revoked"):
                for versions in lies.values():
                    if any(known[0] == version[0] for known in versions):
                        versions.add(version)
    return lies


def visible(lies: dict[str, set[Version]], tokens: set[str]) -> set[Version]:
    """Everything that whoever holds `tokens` must be given, and nothing else."""
    return {version for audience, versions in lies.items() if reads(tokens, audience) for version in versions}
