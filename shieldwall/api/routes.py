"""The API's URLs: one view for each path, with its methods; whatever else lies under the prefix is absent."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest
from django.urls import URLPattern, path, re_path

from shieldwall.api.openapi import EVERY
from shieldwall.api.problems import render_problem
from shieldwall.api.route import PREFIX
from shieldwall.errors import Absent
from shieldwall.http import Answer, View, door
from shieldwall.store import node


def nothing_here(request: HttpRequest) -> Answer:
    """The answer for a path that is no route."""
    return render_problem(
        Absent("no such path", rule="route", remedy=f"see {PREFIX}/openapi.json"), node().uuid4("request")
    )


def _views() -> dict[str, dict[str, View]]:
    views: dict[str, dict[str, View]] = defaultdict(dict)
    for route in EVERY:
        views[route.path][route.method] = route.view()
    return views


def _pattern(text: str) -> str:
    return (PREFIX + text).removeprefix("/").replace("{", "<str:").replace("}", ">")


urlpatterns: list[URLPattern] = [
    *(
        path(_pattern(text), door(render_problem, open_to_all=True)(methods), name=f"api:{text}")
        for text, methods in _views().items()
    ),
    re_path(rf"^{PREFIX.removeprefix('/')}(?:/|$)", nothing_here),
]
