"""Colleagues whom an internal note names, until they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Message

if TYPE_CHECKING:
    from accounts.models import User


class MentionQuerySet(models.QuerySet["Mention"]):
    """Look-ups of mentions."""

    def visible_to(self, user: User) -> Self:
        """Those in the entries that this person may read."""
        return self.filter(message__in=Message.objects.visible_to(user))

    def unread_of(self, user: User) -> Self:
        """This person's own that she has not read, newest first."""
        own = self.visible_to(user).filter(person=user, read_at=None)
        return own.select_related("message__case", "message__author").order_by("-pk")


class Mention(models.Model):
    """One colleague named in one internal entry; ``read_at``: when she opened the case after that."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    read_at = models.DateTimeField(_("read"), null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (models.UniqueConstraint(fields=("message", "person"), name="mention_once"),)

    def __str__(self) -> str:
        return str(self.person)
