"""Django's registration of this room."""

from django.utils.translation import gettext_lazy as _

from accounts import rooms


class CasesConfig(rooms.RoomConfig):
    """Cases."""

    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Listens to what happens in cases."""
        from cases.appointments import receivers as appointments  # noqa: F401
        from cases.evidence_requests import receivers as evidence_requests  # noqa: F401
        from cases.own_reminders import receivers  # noqa: F401
        from cases.pauses import receivers as pauses  # noqa: F401
