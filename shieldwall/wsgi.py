"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shieldwall.settings")
_application = get_wsgi_application()

from shieldwall.gate import gated  # noqa: E402  the doors need Django set up

application = gated(_application)
