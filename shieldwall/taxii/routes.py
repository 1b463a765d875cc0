"""The URLs of the TAXII door. Each is served with and without its last slash and never redirected: clients drop it,
and some lose their credential on a redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from itertools import chain

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from shieldwall.errors import Absent
from shieldwall.http import Answer, View, door
from shieldwall.store import node
from shieldwall.taxii import views
from shieldwall.taxii.answers import render_error
from shieldwall.taxii.media import check_accept


def _negotiated(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **named: str) -> HttpResponse:
        check_accept(request.headers.get("Accept"))
        return view(request, *args, **named)

    return answer


def _route(where: str, **methods: View) -> list[URLPattern]:
    served = door(render_error)({method: _negotiated(view) for method, view in methods.items()})
    return [path(where, served), path(where.removesuffix("/"), served)]


_ROUTES: Mapping[str, Mapping[str, View]] = {
    "": {"GET": views.discovery},
    "root/": {"GET": views.api_root},
    "root/status/<str:status_id>/": {"GET": views.status},
    "root/collections/": {"GET": views.collections},
    "root/collections/<str:collection_id>/": {"GET": views.collection},
    "root/collections/<str:collection_id>/manifest/": {"GET": views.manifest},
    "root/collections/<str:collection_id>/objects/": {"GET": views.objects, "POST": views.add_objects},
    "root/collections/<str:collection_id>/objects/<str:object_id>/": {
        "GET": views.one_object,
        "DELETE": views.delete_object,
    },
    "root/collections/<str:collection_id>/objects/<str:object_id>/versions/": {"GET": views.versions},
}
urlpatterns: list[URLPattern] = list(
    chain.from_iterable(_route(f"taxii2/{where}", **methods) for where, methods in _ROUTES.items())
)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer where no route fits: a TAXII error below /taxii2/, elsewhere a problem of the JSON API."""
    request_id = node().uuid4("request")
    if request.path.startswith("/taxii2"):
        return render_error(Absent("nothing is served here", rule="TAXII 2.1 §3.1"), request_id)
    problem = {"rule": "", "where": request.path[:300], "message": "nothing is served here", "remedy": ""}
    body = orjson.dumps({"error": problem | {"request_id": request_id, "status": 404}})
    return Answer(body, "application/json", 404)
