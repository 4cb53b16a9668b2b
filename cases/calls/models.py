"""What a phone note and a note of a remote session say beside their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField
from cases.models import Message

if TYPE_CHECKING:
    from accounts.models import User


class CallQuerySet(models.QuerySet["Call"]):
    """Look-ups of calls."""

    def visible_to(self, user: User) -> Self:
        """Those whose entry this person may read."""
        return self.filter(message__in=Message.objects.visible_to(user))


class Call(models.Model):
    """Who talked with whom, when, how long and with what tool; ``word``: whose word was given for what.

    It belongs to an entry of the kind ``phone`` or ``remote`` and never changes.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="call")
    with_whom = SharedCharField(_("with whom"), max_length=200, blank=True)
    began_at = models.DateTimeField(_("began"), null=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True)
    tool = SharedCharField(_("tool"), max_length=100, blank=True)
    word = SharedCharField(_("whose word for what"), max_length=300, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return self.with_whom
