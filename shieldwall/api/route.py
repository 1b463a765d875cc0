"""A route: what one method of one path takes and gives, and the view that Django calls for it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.http import HttpRequest

from shieldwall.api.bodies import JSON, Body, take_body
from shieldwall.api.parameters import Parameter, read_parameters
from shieldwall.errors import Refused
from shieldwall.http import NOTICE, REQUESTS, Answer, spend, viewer_of
from shieldwall.members import ANONYMOUS
from shieldwall.policy import Viewer

PREFIX = "/api/v1"


class Reply(msgspec.Struct, frozen=True):
    """What a handler gives: a value to encode, a status, for 202 where to look again, and what a header tells."""

    value: msgspec.Struct | msgspec.Raw
    status: int = 200
    location: str = ""
    notice: str = ""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table.

    `scope` is what the principal must hold ('' for none in particular); `public` needs nobody to be known. `errors`
    are the statuses besides those that follow from the rest.
    """

    method: str
    path: str
    handler: Callable[..., Reply]
    summary: str
    gives: type[msgspec.Struct] | None
    takes: Body | None = None
    parameters: tuple[Parameter, ...] = ()
    scope: str = ""
    public: bool = False
    statuses: tuple[int, ...] = (200,)
    errors: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The handler's name, which is the operation's."""
        return self.handler.__name__

    def refusals(self) -> list[int]:
        """Every status but success that this route can answer with."""
        found = {400, 503, *self.errors}
        found |= set() if self.public else {401, 429}
        found |= {403} if self.scope else set()
        found |= {413, 415} if self.takes else set()
        return sorted(found)

    def view(self) -> Callable[..., Answer]:
        """The Django view of this method, for a door that is open to all: it asks who is there itself."""

        def answer(request: HttpRequest, **path: str) -> Answer:
            viewer = ANONYMOUS if self.public else self._viewer(request)
            arguments = read_parameters(self.parameters, request, path)
            if self.takes is not None:
                arguments["body"] = take_body(request, self.takes, sender=viewer.member)
                if not self.public:
                    viewer = self._allowed(viewer_of(request))  # a body may take its time: rights end meanwhile
            return _rendered(self.handler(viewer, **arguments))

        answer.__name__ = self.name
        return answer

    def _viewer(self, request: HttpRequest) -> Viewer:
        viewer = viewer_of(request)
        spend(viewer, REQUESTS)
        return self._allowed(viewer)

    def _allowed(self, viewer: Viewer) -> Viewer:
        if self.scope and self.scope not in viewer.scopes:
            raise Refused(
                f"this needs the scope {self.scope}", rule="scope",
                remedy=f"use a key or role with the scope {self.scope}",
            )  # fmt: skip
        return viewer


def _rendered(reply: Reply) -> Answer:
    headers = {name: value for name, value in (("Location", reply.location), (NOTICE, reply.notice)) if value}
    return Answer(msgspec.json.encode(reply.value), JSON, reply.status, **headers)
