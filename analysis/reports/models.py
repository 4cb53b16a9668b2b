"""The report of a run: a draft, then sent and frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.reports.errors import ReportIsFrozen
from analysis.runs.models import AnalysisRun
from cases.models import Case, Message
from cases.thread.models import is_moved
from jobs.models import Job

if TYPE_CHECKING:
    from accounts.models import User


class ReportState(models.TextChoices):
    """A draft belongs to the engineer; a sent report to the customer, for good."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, as far as a person may read them."""

    def visible_to(self, user: User) -> Self:
        """Reports of visible cases; drafts for the vendor only, those of a withdrawn upload for nobody."""
        reports = self.filter(case__in=Case.objects.visible_to(user)).exclude(is_moved("message"))
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
    """An analysis report of one run, in both languages.

    ``conclusion`` and ``advice`` are the engineer's to edit; ``left_out`` holds the positions
    of findings she leaves out. ``unconfirmed`` names of each text the language that nobody has looked at
    since the other was changed (``{"advice": "en"}``); ``confirmations`` who said that both sides say the
    same where something told against it: ``by`` (name), ``at`` (ISO time), ``apart`` (what told against it,
    sentences by language). ``replaces`` is the sent report whose place this one takes, ``change`` what is
    different in the engineer's words. A sent one is superseded once another that replaces it is sent; its
    own row says nothing of that.

    Sending freezes ``content`` (everything the renderings need, with the inputs' hashes) and its SHA-256;
    after that nothing of the row changes: the model refuses it, and so does a trigger. Its PDFs are a
    job's (``PdfJob``).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    run = models.ForeignKey(AnalysisRun, on_delete=models.PROTECT, related_name="reports")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="report")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    conclusion = models.JSONField(_("conclusion"), default=dict)
    advice = models.JSONField(_("advice"), default=dict)
    left_out = models.JSONField(_("findings left out"), default=list)
    unconfirmed = models.JSONField(_("not confirmed"), default=dict, blank=True)
    confirmations = models.JSONField(_("confirmations"), default=list, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    change = models.JSONField(_("what changed"), default=dict, blank=True)
    content = models.JSONField(_("frozen content"), null=True, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
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
            models.UniqueConstraint(
                fields=("run",), condition=models.Q(state="draft"), name="report_one_draft_per_run"
            ),
            models.UniqueConstraint(
                fields=("replaces",), condition=models.Q(state="sent"), name="report_replaced_once"
            ),
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

    @property
    def superseded_by(self) -> Report | None:
        """The sent report that took this one's place."""
        return type(self).objects.filter(replaces=self, state=ReportState.SENT).defer("content").first()

    @property
    def pdfs(self) -> dict[str, Any]:
        """Language → storage name, SHA-256 (hex) and size in bytes; empty until a worker has made them."""
        job = PdfJob.objects.filter(pk=self.pk).first()
        return job.files if job else {}

    def _refuse_if_frozen(self) -> None:
        # What the database says, not what this object was told.
        if self.pk and type(self)._base_manager.filter(pk=self.pk, state=ReportState.SENT).exists():
            raise ReportIsFrozen


class PdfJob(Job):
    """The making of a sent report's PDFs. ``files``: see ``Report.pdfs``; once they are there, a trigger
    refuses any change of the row."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, primary_key=True, related_name="pdf_job")
    files = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("PDFs of a report")
        verbose_name_plural = _("PDFs of reports")
        indexes = (models.Index(fields=("state", "lease_until"), name="analysis_pdfjob_open"),)

    def __str__(self) -> str:
        return str(self.pk)
