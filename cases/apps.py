"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms
from accounts.secret_links import SIGNED, SecretLink


class CasesConfig(rooms.RoomConfig):
    """Cases."""

    name = "cases"
    verbose_name = _("Cases")
    secret_links = (SecretLink("/answer/", secret=SIGNED),)
