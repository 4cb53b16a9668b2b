"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms


class MailConfig(rooms.RoomConfig):
    """Mail."""

    name = "mail"
    verbose_name = _("Mail")
