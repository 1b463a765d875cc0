"""Giving: submissions, their receipts, and what is held."""

from __future__ import annotations

import msgspec

from shieldwall import exchange
from shieldwall.api.answers import Audience, Receipt
from shieldwall.api.requests import AudienceRequest
from shieldwall.api.route import PREFIX, Reply
from shieldwall.http import OBJECTS, absolute, spend, spend_address
from shieldwall.policy import Viewer
from shieldwall.stix import split
from shieldwall.store import node

_WAITING = frozenset({"pending", "held"})


def submit_objects(
    viewer: Viewer, body: bytes, audience: str, collection: str, default_marking: str, hold_us: int, idempotency: str
) -> Reply:
    """Admit a bundle, envelope, list or object."""
    spend_address(viewer, audience)
    spend(viewer, OBJECTS, len(split(body, cap=node().config.max_body_bytes)))
    receipt = exchange.admit(
        viewer, body, audience=audience, collection=collection, default_marking=default_marking,
        idempotency=idempotency, hold_us=hold_us,
    )  # fmt: skip
    return _receipt(receipt)


def read_submission(viewer: Viewer, submission: str) -> Reply:
    """The receipt as it stands."""
    return Reply(receipt_form(exchange.submission(viewer, submission)))


def send_submission(viewer: Viewer, submission: str) -> Reply:
    """Release what is held."""
    return _receipt(exchange.send_now(viewer, submission))


def take_back_submission(viewer: Viewer, submission: str) -> Reply:
    """Take back what is held."""
    return _receipt(exchange.take_back(viewer, submission))


def preview_audience(viewer: Viewer, body: AudienceRequest) -> Reply:
    """Who would read it."""
    return Reply(_audience(exchange.preview(viewer, body.audience)))


def receipt_form(receipt: exchange.Receipt) -> Receipt:
    """A receipt as clients read it."""
    return Receipt(
        id=receipt.id, state=receipt.state, outcomes=receipt.outcomes, counts=receipt.counts,
        unmarked_at_home=receipt.unmarked_at_home, advice=receipt.advice,
        audience=None if receipt.audience is None else _audience(receipt.audience),
        created=exchange.timestamp(receipt.created), due=exchange.timestamp(receipt.due or receipt.created),
    )  # fmt: skip


def _receipt(receipt: exchange.Receipt) -> Reply:
    if receipt.state not in _WAITING:
        return Reply(receipt_form(receipt))
    return Reply(receipt_form(receipt), 202, absolute(f"{PREFIX}/submissions/{receipt.id}"))


def _audience(view: exchange.AudienceView) -> Audience:
    return msgspec.convert(view, Audience, from_attributes=True)
