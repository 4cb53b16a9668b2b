"""What one case can be to another."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RelationKind(models.TextChoices):
    """What the first case is to the other."""

    RELATED = "related", _("Related to")
    FOLLOW_UP = "follow_up", _("Follow-up of")
    DOUBLE = "double", _("Double of")


BACKWARDS = {
    RelationKind.RELATED: _("Related to"),
    RelationKind.FOLLOW_UP: _("Continued in"),
    RelationKind.DOUBLE: _("Has the double"),
}
"""What the other case is to the first."""
