"""What the log collector of a case collects."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases import times
from cases.models import Case


class CollectorRequest(models.Model):
    """What the log collector of a case collects: the newest request of a case is the one in force.

    ``options`` is the document of ``uploads.collector.options.Options``.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="collector_requests")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    options = models.JSONField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return times.minute(self.made_at)
