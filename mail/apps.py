"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms
from accounts.secret_links import SIGNED, SecretLink


class MailConfig(rooms.RoomConfig):
    """Mail."""

    name = "mail"
    verbose_name = _("Mail")
    secret_links = (SecretLink("/mail/unsubscribe/", secret=SIGNED),)
