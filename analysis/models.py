"""The portal's side of an analysis: runs, artifacts, findings, reports, baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.errors import ReportIsFrozen
from cases.models import Case, Message
from uploads.models import Bundle

if TYPE_CHECKING:
    from accounts.models import User


class RunState(models.TextChoices):
    """The life of a run."""

    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Failed")


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


class AnalysisRun(models.Model):
    """One analysis of one bundle: the truth about the job, whatever the broker believes.

    ``token`` is the fencing token: each claim raises it, and a worker whose token is old can
    write nothing more. ``lease_until`` is renewed by the heartbeat; the sweep re-enqueues a
    run whose lease has passed. ``progress`` is ``engine.progress.Progress`` as JSON.
    ``document`` is the result document in both languages. ``locked`` counts the files that wait for
    a password; ``had_password`` tells whether one was given for this run.
    """

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    token = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(_("queued"))
    enqueued_at = models.DateTimeField(_("sent to the workers"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    document = models.JSONField(_("result document"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure, blank=True)
    error = models.TextField(_("error"), blank=True)
    locked = models.PositiveIntegerField(_("files that wait for a password"), default=0)
    had_password = models.BooleanField(_("with a password"), default=False)

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
                condition=models.Q(state__in=("queued", "running")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.bundle} #{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or works."""
        return self.state in {RunState.QUEUED, RunState.RUNNING}


class RunPassword(models.Model):
    """The password given for a run, sealed (``analysis.passwords``); deleted when the run ends."""

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


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, as far as a person may know of them."""

    def visible_to(self, user: User) -> Self:
        """Findings of runs on bundles of visible cases."""
        return self.filter(run__bundle__case__in=Case.objects.visible_to(user))


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


class BaselineQuerySet(models.QuerySet["Baseline"]):
    """Known-good file states, the vendor's."""

    def matching(self, words: str) -> Self:
        """Those whose path, product, label, version or hash holds each of the words."""
        found = self
        for word in words.split():
            found = found.filter(
                models.Q(path__icontains=word)
                | models.Q(product__icontains=word)
                | models.Q(label__icontains=word)
                | models.Q(version__icontains=word)
                | models.Q(sha256__startswith=word.upper())
            )
        return found


class Baseline(models.Model):
    """A known-good file state, kept by the vendor's lab."""

    product = models.CharField(_("product"), max_length=100)
    label = models.CharField(_("label"), max_length=200)
    path = models.TextField(_("path"))
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField(_("size"), null=True, blank=True)
    modified = models.CharField(_("last write time"), max_length=19, blank=True)
    version = models.CharField(_("version"), max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ("product", "path")
        constraints = (models.UniqueConstraint(fields=("path", "sha256"), name="baseline_once"),)

    def __str__(self) -> str:
        return f"{self.label} {self.path}"


class ReportState(models.TextChoices):
    """A draft belongs to the engineer; a sent report to the customer, for good."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, as far as a person may read them."""

    def visible_to(self, user: User) -> Self:
        """Reports of visible cases; drafts for the vendor only."""
        reports = self.filter(case__in=Case.objects.visible_to(user))
        return reports if user.is_authenticated and user.is_vendor else reports.filter(state=ReportState.SENT)

    def update(self, **values: Any) -> int:
        """Refuses where a sent report would be touched; raises ``ReportIsFrozen``."""
        if self.filter(state=ReportState.SENT).exists():
            raise ReportIsFrozen
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuses where a sent report would go; raises ``ReportIsFrozen``."""
        if self.filter(state=ReportState.SENT).exists():
            raise ReportIsFrozen
        return super().delete()


class Report(models.Model):
    """The analysis report of one run, in both languages.

    ``conclusion`` and ``advice`` are the engineer's to edit; ``left_out`` holds the positions
    of findings she leaves out. Sending freezes ``content`` (everything the renderings need,
    with the inputs' hashes) and its SHA-256, and ``pdfs`` (language → storage name, SHA-256 and
    size); after that nothing of the row changes: the model refuses it, and so does a trigger.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    run = models.ForeignKey(AnalysisRun, on_delete=models.PROTECT, related_name="reports")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="report")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    conclusion = models.JSONField(_("conclusion"), default=dict)
    advice = models.JSONField(_("advice"), default=dict)
    left_out = models.JSONField(_("findings left out"), default=list)
    content = models.JSONField(_("frozen content"), null=True, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    pdfs = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("drafted"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("case", "version")
        constraints = (
            models.UniqueConstraint(fields=("case", "version"), name="report_version"),
            models.UniqueConstraint(fields=("run",), name="report_one_per_run"),
        )

    def __str__(self) -> str:
        return f"{self.case.number} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses to change a report that has been sent; raises ``ReportIsFrozen``."""
        self._refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses to delete a report that has been sent; raises ``ReportIsFrozen``."""
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    @property
    def is_sent(self) -> bool:
        """Whether the customer has it, and nobody can change it."""
        return self.state == ReportState.SENT

    def _refuse_if_frozen(self) -> None:
        # What the database says, not what this object was told.
        if self.pk and type(self)._base_manager.filter(pk=self.pk, state=ReportState.SENT).exists():
            raise ReportIsFrozen
