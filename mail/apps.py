"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms


class MailConfig(rooms.RoomConfig):
    """Mail."""

    name = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Listens to the signals of the other rooms."""
        from mail.inbound import receivers as inbound  # noqa: F401
        from mail.notifications import receivers  # noqa: F401
        from mail.webhooks import receivers as webhooks  # noqa: F401
