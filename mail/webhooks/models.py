"""Webhooks, and each message to one of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cases import times
from cases.models import Case, Queue
from cases.signals import ActivityKind
from jobs.models import Job
from mail.sealed import SealedTextField

if TYPE_CHECKING:
    from django.utils.functional import Promise

TEST = "test"
"""The kind of a delivery that an administrator asked for to try a webhook."""


class Format(models.TextChoices):
    """What the receiver understands."""

    JSON = "json", _("JSON, signed (Standard Webhooks)")
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")
    SLACK = "slack", _("Slack incoming webhook")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Look-ups of webhooks."""

    def wanting(self, kind: ActivityKind, case: Case) -> Self:
        """Those that are told of this kind in this case."""
        here = models.Q(queue=None) | models.Q(queue=case.queue_id)
        whose = models.Q(organisation=None) | models.Q(organisation=case.organisation_id)
        return self.filter(here, whose, active=True, kinds__contains=[kind.value])


class Webhook(models.Model):
    """An address that is told of what happens in cases.

    ``address`` is sealed like ``secret``: a group robot's is all that it takes to write into its group.
    ``failures``: attempts that failed since the last success, the first of them at ``failing_since``.
    ``switched_off``: what the portal switched it off for; empty while it is on, or where a person did.
    """

    name = models.CharField(_("name"), max_length=80)
    format = models.CharField(_("format"), max_length=10, choices=Format)
    address = SealedTextField(_("address"))
    secret = SealedTextField(_("secret"), blank=True)
    kinds = ArrayField(models.CharField(max_length=30), verbose_name=_("told of"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    # A queue or organisation that is deleted must not widen what is told.
    queue = models.ForeignKey(
        Queue, verbose_name=_("queue"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    active = models.BooleanField(_("active"), default=True)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    switched_off = models.CharField(max_length=500, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """All of the address that may be shown."""
        return urlsplit(self.address).hostname or ""


class WebhookDelivery(Job):
    """One message to one webhook, written in the transaction of the act (``mail.webhooks.services``).

    Its key is the ``webhook-id`` of every attempt at it. ``title``: the case's at that time.
    ``answer_status``: HTTP's, none where nobody answered; ``answer``: what was answered, or why there is
    none (foreign text).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries"
    )
    kind = models.CharField(_("kind"), max_length=30)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    happened_at = models.DateTimeField(_("happened"))
    answer_status = models.PositiveIntegerField(_("answered with"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-queued_at",)
        indexes = (models.Index(fields=("state", "enqueued_at")), models.Index(fields=("-queued_at",)))

    def __str__(self) -> str:
        return f"{self.kind_label} {times.minute(self.happened_at)}"

    @property
    def kind_label(self) -> str | Promise:
        """What happened, in a few words."""
        if self.kind == TEST:
            return _("Test")
        return ActivityKind(self.kind).label if self.kind in ActivityKind.values else self.kind
