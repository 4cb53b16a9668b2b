"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms


class AnalysisConfig(rooms.RoomConfig):
    """Analysis."""

    name = "analysis"
    verbose_name = _("Analysis")
