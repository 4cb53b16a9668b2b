"""The check of a bundle: what is in it, held against what was asked for, before the analysis ends."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import EvidenceRequest


class CheckState(models.TextChoices):
    """How far the check of a bundle has come."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class BundleCheck(models.Model):
    """One bundle's check. ``document`` (see ``analysis.bundle_checks``) holds the entries with the span
    of each log, and per item of ``request`` whether it is there; sentences are made of it when it is
    shown, in the reader's language. ``attempt`` is also the fencing token of who works on it."""

    bundle = models.OneToOneField("uploads.Bundle", on_delete=models.CASCADE, related_name="bundle_check")
    request = models.ForeignKey(
        EvidenceRequest, on_delete=models.SET_NULL, null=True, related_name="bundle_checks"
    )
    state = models.CharField(_("state"), max_length=10, choices=CheckState, default=CheckState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("bundle check")
        verbose_name_plural = _("bundle checks")

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def is_under_way(self) -> bool:
        """Whether its end is still to come."""
        return self.state in {CheckState.QUEUED, CheckState.RUNNING}
