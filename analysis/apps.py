"""Django's registration of this room, and what `manage.py check` says of it."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.utils.translation import gettext_lazy as _

from accounts import rooms
from engine.messages.codes import tables


class AnalysisConfig(rooms.RoomConfig):
    """Analysis."""

    name = "analysis"
    verbose_name = _("Analysis")


@register
def error_codes_are_complete(**_: Any) -> list[CheckMessage]:
    """A warning where the set-up could not build the complete lists of error codes."""
    if missing := tables.missing():
        return [
            Warning(
                f"The complete tables of error codes are missing here ({', '.join(missing)}): "
                "rarer codes are shown as unknown.",
                hint="Run `make setup` where the package index can be reached.",
                id="analysis.W001",
            )
        ]
    return []
