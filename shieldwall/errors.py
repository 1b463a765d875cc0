"""The one tree of errors.

    ShieldwallError
    ├── BadInput          what was sent is wrong, and says how to mend it
    │   └── TooLarge      beyond a stated limit
    ├── Refused           well-formed, but a rule forbids it to this viewer
    ├── Absent            does not exist, or must look as if it did not
    ├── Conflict          contradicts what stands already
    ├── Unauthenticated   nobody we know
    ├── TooMany           over a quota or rate; `retry_after` seconds
    └── StoreError        ours: the disk, the database, the clock

Each carries a `rule` (which clause or policy), `where` (which object, path, line) and `remedy` (how to mend it).
What an outsider is told never exceeds what they may know: refused and absent look alike at the doors.
"""

from __future__ import annotations


class ShieldwallError(Exception):
    """Root of all our errors."""

    def __init__(self, message: str, *, rule: str = "", where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        if self.rule:
            text += f" [{self.rule}]"
        if self.remedy:
            text += f"; {self.remedy}"
        return text


class BadInput(ShieldwallError):
    """What was sent cannot be accepted as it is."""


class TooLarge(BadInput):
    """Beyond a stated limit of size."""


class Refused(ShieldwallError):
    """A rule forbids this to this viewer."""


class Absent(ShieldwallError):
    """No such thing, or none that this viewer may know of."""


class Conflict(ShieldwallError):
    """Contradicts what stands already."""


class Unauthenticated(ShieldwallError):
    """The caller is nobody we know."""


class TooMany(ShieldwallError):
    """Over a quota or a rate. `retry_after` is in whole seconds."""

    def __init__(self, message: str, *, retry_after: int, rule: str = "", where: str = "", remedy: str = "") -> None:
        super().__init__(message, rule=rule, where=where, remedy=remedy)
        self.retry_after = retry_after


class StoreError(ShieldwallError):
    """The store cannot do what it must: disk, database, clock."""
