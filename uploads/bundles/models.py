"""The sealed bundle, its check, and the keys that encrypt it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.evidence_requests.models import EvidenceRequest
from cases.models import Case, Message
from cases.thread.models import is_moved
from jobs.models import Job
from uploads.custody.models import Consent, Deletion
from uploads.querysets import OfVisibleCase
from uploads.transfer.models import Upload

if TYPE_CHECKING:
    from accounts.models import User


class BundleCheck(Job):
    """One bundle's check. ``document`` (see ``analysis.checks.services``) holds the entries with the span
    of each log, and per item of ``request`` whether it is there; sentences are made of it when it is
    shown, in the reader's language."""

    bundle = models.OneToOneField("uploads.Bundle", on_delete=models.CASCADE, related_name="bundle_check")
    request = models.ForeignKey(
        EvidenceRequest, on_delete=models.SET_NULL, null=True, related_name="bundle_checks"
    )
    document = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("bundle check")
        verbose_name_plural = _("bundle checks")
        indexes = (models.Index(fields=("state", "lease_until"), name="uploads_bundlecheck_open"),)

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def key(self) -> str:
        """The bundle's."""
        return str(self.bundle_id)


class EncryptionKey(models.Model):
    """A master key that has encrypted files here, by its id: without it the portal does not start."""

    key_id = models.CharField(max_length=16, unique=True)
    first_used_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key_id


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
    """Bundles. One whose entry was moved out of the thread is withdrawn: it came to the wrong case."""

    def in_place(self) -> Self:
        """Without withdrawn ones."""
        return self.exclude(is_moved("message"))

    def visible_to(self, user: User) -> Self:
        """Those of visible cases, withdrawn ones for nobody."""
        return super().visible_to(user).in_place()


class Bundle(models.Model):
    """One uploaded archive or file, immutable once sealed with its SHA-256.

    Where the scanner finds malware in it, it is quarantined: evidence for engineers, no download for others.
    ``announced_at``: when every receiver of ``bundle_sealed`` had heard of it; until then it is announced
    again.
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
    announced_at = models.DateTimeField(null=True, editable=False)
    scan_state = models.CharField(_("malware scan"), max_length=10, choices=ScanState, blank=True, default="")
    scan_said = models.CharField(_("the scanner's words"), max_length=200, blank=True)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    deletion = models.ForeignKey(Deletion, on_delete=models.PROTECT, null=True, related_name="bundles")

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ("received_at",)

    def __str__(self) -> str:
        return self.name


class SealJob(Job):
    """The sealing of a bundle; it ends with the state of the bundle. ``progress``: ``stage`` (``hash``,
    ``store``) and how many bytes of it are ``done``."""

    bundle = models.OneToOneField(Bundle, on_delete=models.CASCADE, primary_key=True, related_name="seal_job")

    class Meta:
        verbose_name = _("sealing")
        verbose_name_plural = _("sealings")
        indexes = (models.Index(fields=("state", "lease_until"), name="uploads_sealjob_open"),)

    def __str__(self) -> str:
        return str(self.pk)


class ScanJob(Job):
    """The malware scan of a bundle; its verdict stands in the bundle."""

    bundle = models.OneToOneField(Bundle, on_delete=models.CASCADE, primary_key=True, related_name="scan_job")

    class Meta:
        verbose_name = _("malware scan")
        verbose_name_plural = _("malware scans")
        indexes = (models.Index(fields=("state", "lease_until"), name="uploads_scanjob_open"),)

    def __str__(self) -> str:
        return str(self.pk)
