"""Django's handle on the members room."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The register: who is who, and which tokens they hold."""

    name = "shieldwall.members"
    label = "members"
