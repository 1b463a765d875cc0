"""Django's handle on the exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """No models of its own: its tables are the store's."""

    name = "shieldwall.exchange"
    label = "exchange"
