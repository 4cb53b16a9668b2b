"""The findings of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.runs.models import AnalysisRun
from uploads.bundles.models import Bundle

if TYPE_CHECKING:
    from accounts.models import User


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, as far as a person may know of them."""

    def visible_to(self, user: User) -> Self:
        """Findings of runs on bundles of visible cases."""
        return self.filter(run__bundle__in=Bundle.objects.visible_to(user))


class Finding(models.Model):
    """One conclusion of a run; the texts hold both languages (``engine.text.Text``)."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    rule = models.CharField(_("rule"), max_length=100)
    severity = models.CharField(_("severity"), max_length=10)
    title = models.JSONField(_("title"))
    summary = models.JSONField(_("summary"))
    advice = models.JSONField(_("advice"))
    gaps = models.JSONField(null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=list)
    data = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, db_index=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("run", "position"), name="finding_position"),)

    def __str__(self) -> str:
        return str(self.title.get("en", self.rule))
