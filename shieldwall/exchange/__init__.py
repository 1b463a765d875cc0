"""The exchange: the only door to the log. Every call takes the viewer; whoever may not read something is told exactly
what they would be told if it did not exist.

    admit      a bundle, envelope, list or object → a receipt that says for each what became of it
    page       objects of one collection, or of all that one may read, in log order
    get, versions, lookup, search      find
    preview, explain                   who would read it; why somebody may or may not
    withdraw, told, withdrawals        it should not have been shared
    submission, take_back, send_now    what waits
    restore                            a backup into an empty node, in a new epoch
    checkpoint, epochs, prove, consistency    verify, trusting only `public_key`; `walk` gives the log itself

Names are loaded when first used, because Django must be set up before there are tables to ask.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shieldwall.exchange.admission import admit
    from shieldwall.exchange.audiences import preview
    from shieldwall.exchange.cursors import Cursor
    from shieldwall.exchange.explaining import Explanation, explain
    from shieldwall.exchange.filters import ALL, FIRST, LAST, PLAIN, Wanted
    from shieldwall.exchange.instants import instant, shown_version, timestamp
    from shieldwall.exchange.lanes import Key
    from shieldwall.exchange.listing import Listed, collection, collections
    from shieldwall.exchange.lookups import MOST_VALUES, Answer, Hit, lookup
    from shieldwall.exchange.paging import Page, page
    from shieldwall.exchange.proofs import Logged, Proof, checkpoint, consistency, epochs, prove, public_key, walk
    from shieldwall.exchange.reading import Found, get, versions, withdrawn_versions
    from shieldwall.exchange.receipts import AudienceView, Outcome, Receipt, Refusal
    from shieldwall.exchange.releases import release_due, send_now, submission, take_back
    from shieldwall.exchange.restoring import Restored, restore
    from shieldwall.exchange.searching import Result, search
    from shieldwall.exchange.withdrawing import Announced, Sent, Withdrawal, Withdrawn, told, withdraw, withdrawals
    from shieldwall.exchange.words import follow_words

_MODULES = {
    "admission": ("admit",),
    "audiences": ("preview",),
    "cursors": ("Cursor",),
    "explaining": ("Explanation", "explain"),
    "filters": ("ALL", "FIRST", "LAST", "PLAIN", "Wanted"),
    "lanes": ("Key",),
    "listing": ("Listed", "collection", "collections"),
    "lookups": ("MOST_VALUES", "Answer", "Hit", "lookup"),
    "paging": ("Page", "page"),
    "proofs": ("Logged", "Proof", "checkpoint", "consistency", "epochs", "prove", "public_key", "walk"),
    "reading": ("Found", "get", "versions", "withdrawn_versions"),
    "receipts": ("AudienceView", "Outcome", "Receipt", "Refusal"),
    "releases": ("release_due", "send_now", "submission", "take_back"),
    "restoring": ("Restored", "restore"),
    "searching": ("Result", "search"),
    "instants": ("instant", "shown_version", "timestamp"),
    "withdrawing": ("Announced", "Sent", "Withdrawal", "Withdrawn", "told", "withdraw", "withdrawals"),
    "words": ("follow_words",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = [
    "ALL", "FIRST", "LAST", "MOST_VALUES", "PLAIN", "Announced", "Answer", "AudienceView", "Cursor", "Explanation",
    "Found", "Hit", "Key", "Listed", "Logged", "Outcome", "Page", "Proof", "Receipt", "Refusal", "Restored", "Result",
    "Sent", "Wanted", "Withdrawal", "Withdrawn", "admit", "checkpoint", "collection", "collections", "consistency",
    "epochs", "explain", "follow_words", "get", "instant", "lookup", "page", "preview", "prove", "public_key",
    "release_due", "restore", "search", "send_now", "shown_version", "submission", "take_back", "timestamp", "told",
    "versions", "walk", "withdraw", "withdrawals", "withdrawn_versions",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
