"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisConfig(AppConfig):
    """Analysis."""

    name = "analysis"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        """Listens to the signals of the other rooms."""
        from analysis import receivers  # noqa: F401
