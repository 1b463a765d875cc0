"""Django's handle on the side file."""

from django.apps import AppConfig


class SideConfig(AppConfig):
    """The side tables: DDL by hand, no models."""

    name = "shieldwall.store.side"
    label = "side"
