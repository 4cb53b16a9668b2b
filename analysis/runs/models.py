"""The runs of the analysis and the files that they met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.runs.errors import NoResult, ResultUnreadable
from engine.schema.document import ResultDocument
from engine.schema.versions import DocumentUnreadable, opened
from jobs.models import OPEN, Job
from uploads.bundles.models import Bundle

if TYPE_CHECKING:
    from accounts.models import User


class Failure(models.TextChoices):
    """Why a run ended without a result; ``AnalysisRun.error`` holds the technical side of it."""

    BUNDLE_MISSING = "bundle_missing", _("the uploaded file is no longer in the storage")
    BUNDLE_ALTERED = "bundle_altered", _("the stored file is not the one that was sealed")
    UNREADABLE = "unreadable", _("the uploaded file cannot be read")
    TIMED_OUT = "timed_out", _("it took longer than is allowed; the files have to come in smaller uploads")
    BROKEN = "broken", _("the analysis met an error that it could not get past")
    INTERRUPTED = "interrupted", _("the analysis was interrupted too many times")


class RunQuerySet(models.QuerySet["AnalysisRun"]):
    """Runs, as far as a person may know of them."""

    def visible_to(self, user: User) -> Self:
        """Runs on bundles of visible cases."""
        return self.filter(bundle__in=Bundle.objects.visible_to(user))


class AnalysisRun(Job):
    """One analysis of one bundle.

    ``progress`` is ``engine.progress.Progress`` as JSON. ``document`` is the result document in both
    languages. ``locked`` counts the files that wait for a password; ``had_password`` tells whether one was
    given for this run. ``conditions``: what it took into account (``analysis.runs.conditions``).
    """

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="runs")
    document = models.JSONField(_("result document"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure, blank=True)
    locked = models.PositiveIntegerField(_("files that wait for a password"), default=0)
    had_password = models.BooleanField(_("with a password"), default=False)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("analysis run")
        verbose_name_plural = _("analysis runs")
        ordering = ("-queued_at", "-pk")
        indexes = (models.Index(fields=("state", "lease_until")),)
        constraints = (
            models.UniqueConstraint(
                name="run_one_open_per_bundle",
                fields=("bundle",),
                condition=models.Q(state__in=OPEN),
            ),
        )

    _opened: tuple[object, ResultDocument] | None = None

    def __str__(self) -> str:
        return f"{self.bundle} #{self.pk}"

    @property
    def result(self) -> ResultDocument:
        """``document``, opened once. Raises ``NoResult`` and ``ResultUnreadable``."""
        stored = self.document
        if stored is None:
            raise NoResult
        if self._opened is None or self._opened[0] is not stored:
            try:
                self._opened = stored, opened(stored)
            except DocumentUnreadable as error:
                raise ResultUnreadable(schema=error.schema or "–") from error
        return self._opened[1]


class RunPassword(models.Model):
    """The password given for a run, sealed (``analysis.runs.passwords``); deleted when the run ends."""

    run = models.OneToOneField(
        AnalysisRun, on_delete=models.CASCADE, related_name="password", primary_key=True
    )
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("password of a run")
        verbose_name_plural = _("passwords of runs")

    def __str__(self) -> str:
        return f"#{self.run_id}"


class Artifact(models.Model):
    """One file of the analysed bundle (``engine.artifacts``); ``path`` is hostile text."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="artifacts")
    path = models.TextField(_("path"))
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.BigIntegerField(_("size"))
    kind = models.CharField(_("kind"), max_length=20)
    state = models.CharField(_("state"), max_length=20)
    detail = models.JSONField(_("detail"), null=True, blank=True)

    class Meta:
        verbose_name = _("artifact")
        verbose_name_plural = _("artifacts")
        ordering = ("path",)

    def __str__(self) -> str:
        return self.path
