"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms


class CasesConfig(rooms.RoomConfig):
    """Cases."""

    name = "cases"
    verbose_name = _("Cases")
