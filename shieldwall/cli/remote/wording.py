"""An audience in words, the same wherever a command shows one."""

from __future__ import annotations

from typing import Any


def readers_in_words(audience: dict[str, Any]) -> str:
    """An audience of the API in one line: its address, and the readers that may be named."""
    names = [one["name"] for one in audience.get("members", ())] + [one["name"] for one in audience.get("people", ())]
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    others = f"; others not named: {audience['others']}" if audience.get("others") else ""
    return f"{audience.get('address') or 'your own organisation'}: {shown or 'nobody you may see by name'}{others}"
