"""Views of a door: the viewer first, then the work, and every error in the door's own form."""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import wraps

from django.http import HttpRequest, HttpResponse

from shieldwall.errors import ShieldwallError, StoreError, Unauthenticated
from shieldwall.http.errors import MethodNotAllowed
from shieldwall.http.quotas import REQUESTS, spend
from shieldwall.members import authenticate
from shieldwall.policy import Viewer
from shieldwall.store import node, snapshot

_log = logging.getLogger("shieldwall.http")

View = Callable[..., HttpResponse]
RenderError = Callable[[ShieldwallError, str], HttpResponse]


def door(render_error: RenderError, *, open_to_all: bool = False) -> Callable[[Mapping[str, View]], View]:
    """Make one Django view of a table method → view.

    Each view is called as `view(request, viewer, **path)`; with `open_to_all` without a viewer. HEAD is GET without
    the body, other methods answer 405 with Allow. Errors of ours are answered by `render_error(error, request_id)`;
    anything else is logged under that id and answered as a StoreError that tells nothing.
    """

    def make(views: Mapping[str, View]) -> View:
        allowed = {*views, "HEAD"} if "GET" in views else set(views)

        def answer(request: HttpRequest, **path: str) -> HttpResponse:
            request_id = node().uuid4("request")
            try:
                method = "GET" if request.method == "HEAD" else request.method or ""
                if open_to_all:
                    return _view(views, method, allowed)(request, **path)
                # One snapshot for the whole of an answer that only reads: what it says first still holds at its end.
                with snapshot() if method == "GET" else nullcontext():
                    viewer = viewer_of(request)
                    spend(viewer, REQUESTS)
                    return _view(views, method, allowed)(request, viewer, **path)
            except ShieldwallError as error:
                if isinstance(error, StoreError):
                    _log.error("request %s: %s (%s)", request_id, error, error.__cause__)
                return render_error(error, request_id)
            except Exception:  # noqa: BLE001  the last resort: nothing of it may reach the client
                _log.exception("request %s failed", request_id)
                return render_error(StoreError("this node could not answer", rule="internal"), request_id)

        return wraps(next(iter(views.values())))(answer)

    return make


def _view(views: Mapping[str, View], method: str, allowed: set[str]) -> View:
    if method not in views:
        raise MethodNotAllowed(allowed)
    return views[method]


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks: a service key as HTTP Basic password (any user name) or as Bearer; a person's session as Bearer only.

    Raises Unauthenticated (TAXII 2.1 §1.6.9).
    """
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return authenticate(rest.strip())
    if scheme.lower() != "basic":
        raise Unauthenticated("no credential", rule="authentication", remedy="send a service key, Basic or Bearer")
    viewer = authenticate(_password(rest.strip()))
    if viewer.is_person:
        raise Unauthenticated(
            "Basic takes service keys only", rule="authentication", remedy="send a session token as Bearer"
        )
    return viewer


def _password(encoded: str) -> str:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError) as problem:
        raise Unauthenticated("not HTTP Basic", rule="RFC 7617", remedy="send user:key in base64") from problem
    return pair.partition(":")[2]
