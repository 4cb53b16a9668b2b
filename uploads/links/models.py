"""Upload links: a right to upload to one case without signing in."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedTextField
from cases import times
from cases.evidence_requests.models import Closing, EvidenceRequest
from cases.models import Case
from uploads.querysets import OfVisibleCase

SETTLED_OPEN = timedelta(days=1)
"""For so long what is under way may be finished once nothing is missing any more."""


class UploadLinkQuerySet(OfVisibleCase["UploadLink"]):
    """Upload links."""


class UploadLink(models.Model):
    """A right to upload to one case without signing in, for whoever holds its secret address.

    The secret is shown once when the link is made and kept as a SHA-256 only. ``asked`` is what
    its page shows, with ``shows_request`` the items of the case's open evidence request, too;
    nothing else of the case is shown. ``mail``: where a code is sent that opens the page; empty where
    no code is asked for. ``most_bytes`` and ``most_uploads`` count all of its uploads together;
    cancelled and expired ones do not count. ``is_collector``: made for one download of the log
    collector. ``made_by``: ``None`` where the portal answered a mail while nobody worked on the case.
    ``person``: the reader of the mail that it stands in; it ends when she does not see the case
    any more. ``request``: what it is for; of each request one for each reader.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="upload_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    asked = SharedTextField(_("what is asked for"), max_length=2000, blank=True)
    shows_request = models.BooleanField(_("shows the evidence request"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
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
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request = models.ForeignKey(
        EvidenceRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="links"
    )

    objects = UploadLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload link")
        verbose_name_plural = _("upload links")
        ordering = ("-made_at",)
        constraints = (
            models.UniqueConstraint(fields=("request", "person"), name="one_link_a_request_and_reader"),
        )

    def __str__(self) -> str:
        return times.minute(self.made_at)

    @property
    def is_open(self) -> bool:
        """Neither revoked nor expired, its case not closed, its reader still on the case, its request not
        taken back or settled for longer than ``SETTLED_OPEN``."""
        if self.revoked_at is not None or self.is_expired or self.case.status_facts.is_closed:
            return False
        if self.is_settled and not self._may_finish:
            return False
        return self.person is None or self.case.is_visible_to(self.person)

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def is_settled(self) -> bool:
        """Whether its request is closed: nothing more is begun by it."""
        return self.request is not None and self.request.closed_at is not None

    @property
    def _may_finish(self) -> bool:
        assert self.request is not None and self.request.closed_at is not None
        is_taken_back = self.request.closing == Closing.WITHDRAWN
        return not is_taken_back and self.request.closed_at > timezone.now() - SETTLED_OPEN
