"""Sessions: people signing in and out, and who one is."""

from __future__ import annotations

from shieldwall import members
from shieldwall.api.answers import MeAnswer, SessionAnswer, SignedOutAnswer
from shieldwall.api.requests import SessionRequest
from shieldwall.api.route import Reply
from shieldwall.errors import Refused
from shieldwall.exchange import timestamp
from shieldwall.members import SESSION_US
from shieldwall.policy import Viewer
from shieldwall.store import node


def open_session(viewer: Viewer, body: SessionRequest) -> Reply:
    """Sign in."""
    begun = node().clock()  # before the work of signing in: the session ends no sooner than stated
    token = members.sign_in(body.username, body.password)
    person = members.authenticate(token)
    name = person.principal.removeprefix("person:")
    return Reply(SessionAnswer(token, timestamp(begun + SESSION_US), name, person.member))


def close_session(viewer: Viewer, token: str) -> Reply:
    """Sign out."""
    if not viewer.is_person:
        raise Refused("a service key is no session", rule="sessions", remedy="an administrator revokes keys")
    members.sign_out(token)
    return Reply(SignedOutAnswer(signed_out=True))


def read_me(viewer: Viewer) -> Reply:
    """Who asks."""
    groups = {token.removeprefix("group:").partition("#")[0] for token in viewer.tokens if token.startswith("group:")}
    return Reply(
        MeAnswer(
            viewer.principal, viewer.member, viewer.nation, tuple(sorted(viewer.scopes)), tuple(sorted(viewer.roles)),
            tuple(sorted(groups)),
        )
    )  # fmt: skip
