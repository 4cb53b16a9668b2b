"""Old threads that were taken over: the source as it came, and what each of its mails became."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField
from cases.models import Case, Message

if TYPE_CHECKING:
    from accounts.models import User


class KnownBy(models.TextChoices):
    """How the writer of an imported mail is known."""

    HEADER = "header", _("as its header says")
    SIGNATURE = "signature", _("by the mail address in its text")
    HAND = "hand", _("as a colleague says")
    NOBODY = "nobody", _("not known")


def known_choices() -> list[tuple[str, str | Promise]]:
    """For the field: named by the migrations, which a new way does not change."""
    return list(KnownBy.choices)


class ThreadImportQuerySet(models.QuerySet["ThreadImport"]):
    """Sources, as far as a person may see them."""

    def visible_to(self, user: User) -> Self:
        """Those of visible cases, for the vendor alone."""
        if not (user.is_authenticated and user.is_vendor):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))


class ThreadImport(models.Model):
    """A file or a pasted text, once for a case. ``source``: the name of its bytes in the storage, empty after
    they were deleted. ``imported_at`` is empty while it is only looked at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("size"))
    source = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"))
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)

    objects = ThreadImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported thread")
        verbose_name_plural = _("imported threads")
        ordering = ("-added_at",)
        constraints = (models.UniqueConstraint(fields=("case", "sha256"), name="import_once"),)

    def __str__(self) -> str:
        return self.name


class ImportedMessage(models.Model):
    """What the source says of an entry: ``name``, ``address``, ``sent_text`` and ``subject`` as written,
    empty where it does not say. ``sent_at`` is empty where nobody knows: the entry's own time is for the
    order alone. ``fingerprint``: SHA-256 of case, writer, time and text. A trigger keeps the row."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="imported")
    thread = models.ForeignKey(ThreadImport, on_delete=models.PROTECT, related_name="messages")
    position = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(_("mail address"), max_length=320, blank=True)
    known_by = models.CharField(max_length=10, choices=known_choices)
    sent_text = models.CharField(_("time as written"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    subject = SharedCharField(_("subject"), max_length=1000, blank=True)
    fingerprint = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("imported mail")
        verbose_name_plural = _("imported mails")
        ordering = ("thread", "-position")

    def __str__(self) -> str:
        return f"{self.name} {self.sent_text}".strip()
