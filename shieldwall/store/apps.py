"""Django's handle on the store."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The log's tables: DDL by hand, no models."""

    name = "shieldwall.store"
    label = "store"
