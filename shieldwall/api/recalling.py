"""Recalling: withdrawing what should not have been shared, who had it, and what others withdrew."""

from __future__ import annotations

from shieldwall import exchange
from shieldwall.api.answers import Announced, SentAnswer, WithdrawalAnswer, WithdrawalsAnswer
from shieldwall.api.requests import WithdrawalRequest
from shieldwall.api.route import Reply
from shieldwall.policy import Viewer


def withdraw_object(viewer: Viewer, body: WithdrawalRequest) -> Reply:
    """Withdraw one's own object."""
    done = exchange.withdraw(viewer, body.id, body.version, body.reason)
    return Reply(WithdrawalAnswer(done.withdrawn, done.sent_to, done.others, done.advice))


def list_withdrawals(viewer: Viewer, since: int) -> Reply:
    """Withdrawals in scope."""
    return Reply(
        WithdrawalsAnswer(
            tuple(
                Announced(
                    one.id, one.version, one.owner, one.reason, one.collection, one.number,
                    exchange.timestamp(one.added),
                )
                for one in exchange.withdrawals(viewer, since)
            )
        )
    )  # fmt: skip


def list_recipients(viewer: Viewer, stix_id: str, version: str | None) -> Reply:
    """To whom one's own object was given."""
    sent, others = exchange.told(viewer, stix_id, version)
    return Reply(SentAnswer(sent, others))
