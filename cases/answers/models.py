"""A customer's answer as a row keeps it: whose it is, by which way it came, when, in which words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedTextField


class Way(models.TextChoices):
    """How an answer reached us."""

    BUTTON = "button", _("on the portal")
    LINK = "link", _("by the link in a mail")
    PHONE = "phone", _("by phone")
    MAIL = "mail", _("by mail")
    SILENCE = "silence", _("no answer to reminders")
    """Nobody's: what was announced for the case that nothing is heard."""


RECORDED = (Way.PHONE, Way.MAIL)
"""Ways by which a person of the vendor's heard it and writes it down."""


def ways() -> list[tuple[str, str | Promise]]:
    """For model fields: named by the migrations, which a new way does not change."""
    return list(Way.choices)


class Answerable(models.Model):
    """What a customer is asked, and her answer to it.

    ``answered_by`` is whose word it is, ``answered_at`` when she said it; ``recorded_by`` who wrote it down,
    if not she herself. ``words`` are her own (hostile text).
    """

    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    way = models.CharField(_("how"), max_length=8, choices=ways, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    words = SharedTextField(_("the customer's words"), blank=True)

    class Meta:
        abstract = True
