"""Which steps of a report's advice were tried, as people say."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.reports.models import Report
from cases.models import Message


class StepTick(models.Model):
    """That somebody ticked a step of a sent report, or took the tick back; the newest counts. ``entry``: the
    mail in which she says so, while it stands in the report's case; none where she ticked on a page.

    ``step`` is the place in ``reports.steps.steps_of``, from 0, the same in both languages. Rows are only
    added: a trigger refuses every change.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="ticks")
    step = models.PositiveSmallIntegerField(_("step"))
    done = models.BooleanField(_("done"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    entry = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="ticked_steps"
    )

    class Meta:
        verbose_name = _("tick of a step")
        verbose_name_plural = _("ticks of steps")
        ordering = ("pk",)
        indexes = (models.Index(fields=("report", "step"), name="analysis_steptick_step"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.step + 1}"
