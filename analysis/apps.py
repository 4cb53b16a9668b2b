"""Django's registration of this room."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Analysis."""

    name = "analysis"

    def ready(self) -> None:
        """Listens to the signals of the other rooms."""
        from analysis import receivers  # noqa: F401
