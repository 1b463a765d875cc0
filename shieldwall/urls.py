"""Every route of this node: TAXII at the server's root, the JSON API under /api/v1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from shieldwall.api.routes import urlpatterns as api
from shieldwall.taxii.routes import not_found
from shieldwall.taxii.routes import urlpatterns as taxii

urlpatterns: list[URLPattern | URLResolver] = [*taxii, *api]
handler404 = not_found
