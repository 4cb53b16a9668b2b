"""Consent, the upload under way, and the sealed bundle."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import times
from cases.models import Case, Message
from cases.status import Status
from uploads.check_models import BundleCheck as BundleCheck
from uploads.custody_models import Deletion
from uploads.mail_models import InboundMail as InboundMail
from uploads.querysets import OfVisibleCase


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


class UploadLinkQuerySet(OfVisibleCase["UploadLink"]):
    """Upload links."""


class UploadLink(models.Model):
    """A right to upload to one case without signing in, for whoever holds its secret address.

    The secret is shown once when the link is made and kept as a SHA-256 only. ``asked`` is what
    its page shows, with ``shows_request`` the items of the case's open evidence request, too;
    nothing else of the case is shown. ``mail``: where a code is sent that opens the page; empty where
    no code is asked for. ``most_bytes`` and ``most_uploads`` count all of its uploads together;
    cancelled and expired ones do not count. ``is_collector``: made for one download of the log
    collector.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="upload_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    asked = models.TextField(_("what is asked for"), max_length=2000, blank=True)
    shows_request = models.BooleanField(_("shows the evidence request"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    most_bytes = models.BigIntegerField(_("bytes in all"))
    most_uploads = models.PositiveIntegerField(_("number of uploads"))
    mail = models.EmailField(_("mail address for a code"), blank=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    is_collector = models.BooleanField(default=False)

    objects = UploadLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload link")
        verbose_name_plural = _("upload links")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return times.minute(self.made_at)

    @property
    def is_open(self) -> bool:
        """Neither revoked nor expired, and its case not closed."""
        is_closed = self.case.status == Status.CLOSED
        return self.revoked_at is None and self.expires_at > timezone.now() and not is_closed


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


class UploadQuerySet(OfVisibleCase["Upload"]):
    """Uploads; each belongs to the person who began it."""

    def unfinished(self) -> Self:
        """Begun, neither complete nor cancelled nor expired."""
        return self.filter(gone_at=None, expires_at__gt=timezone.now(), offset__lt=models.F("size"))

    def pending(self) -> Self:
        """What somebody has announced and what is no bundle yet: unfinished uploads, complete parts."""
        waiting = models.Q(offset__lt=models.F("size")) | models.Q(concat=Concat.PARTIAL)
        # A joined upload is made of parts that count already.
        alive = self.filter(gone_at=None, expires_at__gt=timezone.now()).exclude(concat=Concat.FINAL)
        return alive.filter(waiting)


class Concat(models.TextChoices):
    """What an upload is to tus's concatenation; most are nothing to it."""

    NONE = "", _("whole file")
    PARTIAL = "partial", _("part of a file")
    FINAL = "final", _("joined from parts")


class Upload(models.Model):
    """One tus upload: ``offset`` bytes of ``size`` are safe in ``staged``.

    Bytes reach the disk before ``offset`` tells of them. A finished upload becomes a bundle.
    ``lease`` names the one request that may write now; a newer request replaces it, and the
    older one finds out before its next block. ``file_modified`` is the file's last change in
    the browser (milliseconds since 1970): with name and size it tells the same file again.
    ``gone_at`` is set when the staged bytes are deleted by cancelling or by expiry, or when a
    part has been joined. ``parts`` are the ids of the parts of a joined upload, in order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="uploads"
    )
    link = models.ForeignKey("UploadLink", on_delete=models.PROTECT, null=True, related_name="uploads")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="uploads")
    name = models.CharField(_("file name"), max_length=255)
    size = models.BigIntegerField(_("size"))
    offset = models.BigIntegerField(_("received"), default=0)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last bytes"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    lease = models.UUIDField(null=True, editable=False)
    file_modified = models.BigIntegerField(_("file last changed"), null=True)
    gone_at = models.DateTimeField(_("bytes deleted"), null=True)
    concat = models.CharField(
        _("part or whole"), max_length=7, choices=Concat, blank=True, default=Concat.NONE
    )
    parts = ArrayField(models.UUIDField(), default=list, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = (
            models.CheckConstraint(
                name="upload_offset_within_size",
                condition=models.Q(offset__gte=0, offset__lte=models.F("size")),
            ),
            models.CheckConstraint(
                name="upload_is_somebodys",
                condition=models.Q(user__isnull=False) | models.Q(link__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def staged(self) -> Path:
        """Where the bytes lie until the bundle is sealed."""
        return Path(settings.UPLOAD_STAGING) / str(self.id)

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.size

    @property
    def is_evidence(self) -> bool:
        """Complete and for good: neither expiry nor a cancellation touches it."""
        return self.is_complete and self.concat != Concat.PARTIAL


class BundleState(models.TextChoices):
    """From the last byte to the seal, and to the end of the time of keeping.

    ``deleting`` is stored before the first file goes: there is no way back from it.
    """

    SEALING = "sealing", _("Being sealed")
    SEALED = "sealed", _("Sealed")
    LOST = "lost", _("Lost")
    DELETING = "deleting", _("Being deleted")
    DELETED = "deleted", _("Deleted")


class ScanState(models.TextChoices):
    """What the malware scanner said of a bundle."""

    NONE = "", _("not scanned")
    WAITING = "waiting", _("waiting for the scan")
    CLEAN = "clean", _("nothing found")
    INFECTED = "infected", _("malware found")
    REFUSED = "refused", _("not scanned: the scanner refuses it")


def bundle_path(bundle: Bundle, filename: str) -> str:
    """``bundles/<case number>/<bundle id>``: no part of it comes from the customer's file name."""
    return f"bundles/{bundle.case.number}/{bundle.pk}"


class BundleQuerySet(OfVisibleCase["Bundle"]):
    """Bundles."""


class Bundle(models.Model):
    """One uploaded archive or file, immutable once sealed with its SHA-256.

    Where the scanner finds malware in it, it is quarantined: evidence for engineers, no download for others.
    ``asked_at``: when the worker was last asked to seal it. ``announced_at``: when every
    receiver of ``bundle_sealed`` had heard of it; until then it is announced again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="bundles")
    upload = models.OneToOneField(Upload, on_delete=models.SET_NULL, null=True, related_name="bundle")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="bundles"
    )
    link = models.ForeignKey("UploadLink", on_delete=models.PROTECT, null=True, related_name="bundles")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="bundles")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="bundle")
    name = models.CharField(_("file name"), max_length=255)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    file = models.FileField(_("file"), upload_to=bundle_path, max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BundleState, default=BundleState.SEALING)
    received_at = models.DateTimeField(_("received"))
    sealed_at = models.DateTimeField(_("sealed"), null=True, blank=True)
    asked_at = models.DateTimeField(null=True, editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    scan_state = models.CharField(_("malware scan"), max_length=10, choices=ScanState, blank=True, default="")
    scan_said = models.CharField(_("the scanner's words"), max_length=200, blank=True)
    scan_asked_at = models.DateTimeField(null=True, editable=False)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    deletion = models.ForeignKey(Deletion, on_delete=models.PROTECT, null=True, related_name="bundles")

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ("received_at",)

    def __str__(self) -> str:
        return self.name
