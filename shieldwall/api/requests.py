"""What a client may send as JSON: small flat forms, nothing in them unknown."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from shieldwall.exchange import MOST_VALUES

Line = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, Meta(max_length=10_000, pattern=r"^[^\x00]*$")]


class LookupRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Observable values, defanged or not: addresses, domains, URLs, hashes, CVE names …"""

    values: Annotated[list[Annotated[str, Meta(max_length=8_192)]], Meta(max_length=MOST_VALUES)]


class AudienceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address: tokens joined by `&` and `|`."""

    audience: Line


class WithdrawalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What should not have been shared: one version (its `modified`), or every version where it is null."""

    id: Line
    reason: Text
    version: Line | None = None


class SessionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person signing in."""

    username: Line
    password: Annotated[str, Meta(min_length=1, max_length=1_000, pattern=r"^[^\x00]*$")]
