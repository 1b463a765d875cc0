"""Errors in the API's one form."""

from __future__ import annotations

import msgspec

from shieldwall.errors import ShieldwallError
from shieldwall.http import Answer, allow_header, status_of


class Problem(msgspec.Struct, frozen=True):
    """What went wrong: by which rule, where, and how to mend it. `request_id` finds it in the node's own record."""

    rule: str
    where: str
    message: str
    remedy: str
    request_id: str
    status: int


class ProblemAnswer(msgspec.Struct, frozen=True):
    """The body of every answer that is no success."""

    error: Problem


def render_problem(error: ShieldwallError, request_id: str) -> Answer:
    """`error` as an answer, with the headers its status needs."""
    status = status_of(error)
    problem = Problem(error.rule, error.where, error.message, error.remedy, request_id, status)
    return Answer(msgspec.json.encode(ProblemAnswer(problem)), "application/json", status, **allow_header(error))
