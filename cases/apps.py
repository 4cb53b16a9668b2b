"""Django's registration of this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases."""

    name = "cases"
