"""Requests: how a submission is to be released, as it was asked, and what that comes to for whoever asks."""

from __future__ import annotations

import msgspec

from shieldwall.errors import Refused
from shieldwall.exchange.judging import single_audience
from shieldwall.members import resolve
from shieldwall.policy import UNMARKED, Audience, Marking, Viewer, home_audience, parse_label
from shieldwall.store import Scope, audience_of, scope_of, snapshot


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a submission is to be released, as it was asked: an address or a collection, a default for the unmarked."""

    audience: str = ""
    collection: str = ""
    default_marking: str = ""
    digest: str = ""


def require_submit(viewer: Viewer) -> None:
    """Raises Refused where the viewer may not submit."""
    if "submit" not in viewer.scopes:
        raise Refused("this principal may not submit", rule="scope", remedy="use a key or role with the scope submit")


def target(viewer: Viewer, request: Request) -> Audience:
    """The audience a request addresses. Raises BadInput for an address nobody can use, Absent for an unreadable id."""
    with snapshot():
        default_of(viewer, request)
        return addressed(viewer, request, scope_of(viewer))


def addressed(viewer: Viewer, request: Request, scope: Scope) -> Audience:
    """The same, inside a snapshot."""
    single_audience(request.audience, request.collection)
    if request.collection and request.collection != scope.facts.virtual_collection:
        return audience_of(scope.by_uuid(request.collection).collection.audience)
    address = request.audience or viewer.default_audience
    return resolve(address, viewer) if address else home_audience(viewer.member)


def default_of(viewer: Viewer, request: Request) -> Marking:
    """The marking of what carries none. Raises BadInput for what is no marking."""
    label = request.default_marking or viewer.default_marking
    return parse_label(label) if label else UNMARKED
