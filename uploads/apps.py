"""Django's registration of this room."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads."""

    name = "uploads"
