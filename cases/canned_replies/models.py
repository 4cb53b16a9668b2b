"""Texts that engineers use again, in both languages, with variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class CannedReplyQuerySet(models.QuerySet["CannedReply"]):
    """Look-ups of canned replies."""

    def visible_to(self, user: User) -> Self:
        """All of them, to the vendor's people alone."""
        return self if user.is_authenticated and user.is_vendor else self.none()


class CannedReply(models.Model):
    """One text; its variables are names in braces, see ``services.VARIABLES``."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed"))

    objects = CannedReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def text(self, language: str) -> str:
        """The text in ``zh-hans`` or ``en``."""
        return self.text_en if language == "en" else self.text_zh
