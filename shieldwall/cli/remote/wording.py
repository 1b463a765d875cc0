"""Audiences and counts in words, the same wherever a command shows them."""

from __future__ import annotations

from collections import Counter
from typing import Any


def readers_in_words(audience: dict[str, Any]) -> str:
    """An audience of the API in one line: its address, and the readers that may be named."""
    names = [one["name"] for one in audience.get("members", ())] + [one["name"] for one in audience.get("people", ())]
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    others = f"; others not named: {audience['others']}" if audience.get("others") else ""
    return f"{audience.get('address') or 'your own organisation'}: {shown or 'nobody you may see by name'}{others}"


def readers_counted(audience: dict[str, Any]) -> str:
    """An audience of the API in one line: its address, how many read it, and of which nations."""
    members, people = audience.get("members", ()), audience.get("people", ())
    counts = [counted(len(members), "member")] if members or not people else []
    counts += [counted(len(people), "person", "people")] if people else []
    counts += [f"{audience['others']:,} not named"] if audience.get("others") else []
    nations = Counter(one["nation"] for one in members if one["nation"]).most_common()
    spread = f" ({', '.join(f'{nation} {count}' for nation, count in nations)})" if len(nations) > 1 else ""
    return f"{audience.get('address') or 'your own organisation'}: {', '.join(counts)}{spread}"


def counted(count: int, one: str, several: str = "") -> str:
    """`count` of something, in the right number."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"
