"""Detection patterns: STIX, simple and composite, and the rule languages of sensors."""

from __future__ import annotations

from collections.abc import Sequence

from shieldwall.demo.world.chance import Chance
from shieldwall.demo.world.objects import DAY, stamp
from shieldwall.demo.world.observables import Find


def simple(find: Find) -> str:
    return f"[{find.comparison}]"


def composite(chance: Chance, finds: Sequence[Find], at_us: int) -> str:
    """A pattern over two or three values, with what the language has to join them."""
    first, second = finds[0].comparison, finds[1].comparison
    form = chance.randrange(6)
    if form == 0:
        return "[" + " OR ".join(find.comparison for find in finds[:3]) + "]"
    if form == 1:
        return f"[{first}] AND [{second}]"
    if form == 2:
        return f"([{first}] FOLLOWEDBY [{second}]) WITHIN {chance.choice((60, 300, 3600))} SECONDS"
    if form == 3:
        return f"[{first}] REPEATS {chance.randint(3, 20)} TIMES WITHIN 600 SECONDS"
    if form == 4:
        return f"[{first}] START t'{stamp(at_us)}' STOP t'{stamp(at_us + 90 * DAY)}'"
    return f"[{first} OR {second}] AND [process:command_line LIKE '%hidden%']"


def yara(chance: Chance, family: str) -> str:
    name = "".join(letter for letter in family if letter.isalnum()) or "Family"
    return (f"rule {name}_{chance.hexes(4)} {{\n  meta:\n    description = \"Loader and configuration of {name}\"\n"
            f"  strings:\n    $config = {{ {_octets(chance, 8)} ?? ?? {_octets(chance, 4)} }}\n"
            f"    $agent = \"{name}/{chance.randint(1, 5)}.{chance.randint(0, 9)}\" ascii wide\n"
            f"  condition:\n    uint16(0) == 0x5A4D and filesize < {chance.randint(1, 8)}MB and all of them\n}}")


def sigma(chance: Chance, title: str, find: Find, technique: str) -> str:
    return (f"title: {title}\nid: {chance.uuid()}\nstatus: experimental\nlogsource:\n  category: dns_query\n"
            f"  product: windows\ndetection:\n  selection:\n    QueryName|endswith: '{find.text}'\n"
            f"  condition: selection\nfalsepositives:\n  - Sandbox traffic\nlevel: {chance.one(('medium', 'high'))}\n"
            f"tags:\n  - attack.{technique.lower()}")


def suricata(chance: Chance, title: str, find: Find) -> str:
    number = chance.randint(9_000_000, 9_999_999)
    return (f"alert dns $HOME_NET any -> any any (msg:\"{title}\"; dns.query; content:\"{find.text}\"; nocase; "
            f"endswith; classtype:trojan-activity; sid:{number}; rev:1;)")


def snort(chance: Chance, title: str, find: Find) -> str:
    number = chance.randint(9_000_000, 9_999_999)
    return (f"alert tcp $HOME_NET any -> {find.text} any (msg:\"{title}\"; flow:to_server,established; "
            f"sid:{number}; rev:1;)")


def _octets(chance: Chance, count: int) -> str:
    return " ".join(chance.hexes(2).upper() for _ in range(count))
