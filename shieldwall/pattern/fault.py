"""How the parts of the parser say what is wrong: relative to their own text, until `parse_any` knows the place."""

from __future__ import annotations

from shieldwall.errors import BadInput, TooLarge


class Fault(Exception):
    """`clause` of STIX 2.1 is broken `offset` characters into the text."""

    def __init__(self, message: str, clause: str, remedy: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message, self.clause, self.remedy, self.offset = message, clause, remedy, offset

    def moved(self, start: int) -> Fault:
        """The same fault, told from where the text of the part begins."""
        return Fault(self.message, self.clause, self.remedy, self.offset + start)

    def in_text(self, text: str) -> BadInput:
        """The error for the outside, with line and column (both from 1)."""
        rule = f"STIX 2.1 §{self.clause}"
        return BadInput(self.message, rule=rule, where=_place(text, self.offset), remedy=self.remedy)


class Cap(Fault):
    """More than we read of any pattern, though the standard sets no bound."""

    def in_text(self, text: str) -> BadInput:
        rule = f"STIX 2.1 §{self.clause}, limit of this exchange"
        return TooLarge(self.message, rule=rule, where=_place(text, self.offset), remedy=self.remedy)


def _place(text: str, offset: int) -> str:
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"
