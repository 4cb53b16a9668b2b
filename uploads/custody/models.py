"""What is recorded about the keeping of data: who has seen it, until when it stays, how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField
from cases import times
from cases.events import AppendOnly, AppendOnlyQuerySet
from cases.models import Case, Message
from cases.thread.models import is_moved
from uploads.querysets import OfVisibleCase

if TYPE_CHECKING:
    from accounts.models import User


class Statement(models.Model):
    """One version of the privacy statement, in both languages, as CommonMark without HTML.

    A draft until ``published_at``; then a trigger in the database keeps it as it is. ``most_days``:
    how many days after closing this version promises at most; ``None`` where it leaves that to what
    is agreed with the organisation.
    """

    version = models.CharField(_("version"), max_length=20, unique=True)
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"))
    most_days = models.PositiveIntegerField(
        _("days of keeping at most"),
        null=True,
        blank=True,
        help_text=_("Only if the text names a number of days. Data is never kept longer than was agreed to."),
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("privacy statement")
        verbose_name_plural = _("privacy statements")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.version

    def text(self, language: str) -> str:
        """The text in ``zh-hans`` or ``en``."""
        return self.text_en if language == "en" else self.text_zh


class Act(models.TextChoices):
    """What somebody did with the contents of a bundle."""

    DOWNLOAD = "download", _("downloaded the upload")
    FILE = "file", _("downloaded a file out of the upload")
    EVIDENCE = "evidence", _("opened a piece of evidence")
    FINDINGS = "findings", _("read the findings")
    REPORT = "report", _("read the report")
    ATTACHMENT = "attachment", _("opened an attachment")


class Way(models.TextChoices):
    """How it was reached."""

    PAGE = "page", _("on a page")
    PROGRAM = "program", _("by a program")


class AccessQuerySet(AppendOnlyQuerySet["Access"]):
    """Accesses, as far as a person may see them."""

    def in_place(self) -> Self:
        """Without those to what was moved to another case: its name is not for this one's readers."""
        return self.exclude(is_moved("bundle__message")).exclude(is_moved("attachment__message"))

    def visible_to(self, user: User) -> Self:
        """Those of visible cases, as far as they are ``in_place``."""
        return self.in_place().filter(case__in=Case.objects.visible_to(user))


class Access(AppendOnly):
    """One view or download of the contents of a bundle, or of an attachment.

    ``detail``: the number of the finding and its evidence, the version of the report, or the SHA-256 of
    the file within the bundle. ``address`` is where the request came from, behind a trusted proxy as that
    tells it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    bundle = models.ForeignKey("uploads.Bundle", on_delete=models.PROTECT, null=True, related_name="accesses")
    attachment = models.ForeignKey(
        "uploads.MessageAttachment", on_delete=models.PROTECT, null=True, related_name="accesses"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("what"), max_length=10, choices=Act)
    way = models.CharField(_("how"), max_length=10, choices=Way)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    at = models.DateTimeField(_("at"))

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("case", "-at")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(bundle=None) ^ models.Q(attachment=None), name="access_to_one_thing"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_act_display()} {times.minute(self.at)}"


class LegalHold(models.Model):
    """The deletion of a case's data is stopped, by a manager and with a reason, until it is lifted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="legal_holds")
    reason = SharedCharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("placed"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    objects = OfVisibleCase["LegalHold"].as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ("-placed_at",)
        constraints = (
            models.UniqueConstraint("case", name="legal_hold_once", condition=models.Q(lifted_at=None)),
        )

    def __str__(self) -> str:
        return self.reason


class DeletionNoticeQuerySet(models.QuerySet["DeletionNotice"]):
    """What customers were told; a recalled notice lets nothing be deleted."""

    def in_force(self) -> Self:
        """Those that were not recalled."""
        return self.filter(recalled_at=None)


class DeletionNotice(models.Model):
    """The customer was told that the data of a closed case is deleted at ``deletes_at``.

    ``closed_at`` is the closing it is about: after another one there is another notice. The end of a
    legal hold recalls it (``recalled_at``): the day is told anew. A trigger keeps what was told.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deletion_notices")
    closed_at = models.DateTimeField()
    deletes_at = models.DateTimeField(_("deletion on"))
    told_at = models.DateTimeField(_("told"))
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    recalled_at = models.DateTimeField(null=True)

    objects = DeletionNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of deletion")
        verbose_name_plural = _("notices of deletion")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "closed_at"),
                name="notice_once_a_closing",
                condition=models.Q(recalled_at=None),
            ),
        )

    def __str__(self) -> str:
        return times.day(self.deletes_at)


class DeletionRule(models.TextChoices):
    """Why bundles are deleted."""

    RETENTION = "retention", _("the time of keeping is over")
    WITHDRAWAL = "withdrawal", _("the agreement was withdrawn")


class Deletion(models.Model):
    """One deletion of bundles of a case, begun and, when all of it is gone, finished.

    Its ``bundles`` are in the state ``deleting`` until then. ``days`` is the rule's number;
    ``message`` the thread entry that certifies it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deletions")
    rule = models.CharField(_("rule"), max_length=10, choices=DeletionRule)
    days = models.PositiveIntegerField(_("days after closing"), null=True)
    begun_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="deletion")

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")
        ordering = ("begun_at",)

    def __str__(self) -> str:
        return times.day(self.begun_at)


class Consent(models.Model):
    """Who agreed to which version of the privacy statement, when, in which language.

    ``link`` instead of ``user``: whoever held that upload link. After ``withdrawn_at`` it covers no
    further upload, and what was uploaded under it is deleted.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="consents"
    )
    link = models.ForeignKey("UploadLink", on_delete=models.PROTECT, null=True, related_name="consents")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    agreed_at = models.DateTimeField(_("agreed"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-agreed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "case", "version"),
                name="consent_once_a_version",
                condition=models.Q(withdrawn_at=None),
            ),
            models.UniqueConstraint(
                fields=("link", "version"),
                name="consent_once_a_link",
                condition=models.Q(withdrawn_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"
