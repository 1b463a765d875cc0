"""Django's settings, all derived from `shieldwall.config`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from shieldwall.config import read_config
from shieldwall.store.driver import use_safe_sqlite
from shieldwall.store.layout import database_settings, secret

use_safe_sqlite()

CONFIG = read_config()
BASE_DIR = Path(__file__).resolve().parent

SECRET_KEY = secret(CONFIG.data, "django").hex()
DEBUG = False
# Absolute URLs come from SHIELDWALL_URL; the Host header decides nothing, so any is let through to the doors.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shieldwall.urls"
WSGI_APPLICATION = "shieldwall.wsgi.application"
INSTALLED_APPS = [
    "shieldwall.store.side",
    "shieldwall.store",
    "shieldwall.members",
    "shieldwall.exchange",
]
MIDDLEWARE: list[str] = []
DATABASES: dict[str, dict[str, Any]] = database_settings(CONFIG)
DATABASE_ROUTERS = ["shieldwall.store.layout.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
# Bodies are read as a bounded stream by the doors themselves.
DATA_UPLOAD_MAX_MEMORY_SIZE = None
APPEND_SLASH = False
LOGGING_CONFIG = None
# Django would write the path of every refused request, and with it STIX ids, to the log.
logging.getLogger("django.request").setLevel(logging.CRITICAL)
