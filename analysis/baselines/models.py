"""Known-good file states, the vendor's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case

if TYPE_CHECKING:
    from accounts.models import User


class BaselineQuerySet(models.QuerySet["Baseline"]):
    """Known-good file states, the vendor's."""

    def matching(self, words: str) -> Self:
        """Those whose path, product, label, version or hash holds each of the words."""
        baselines = self
        for word in words.split():
            baselines = baselines.filter(
                models.Q(path__icontains=word)
                | models.Q(product__icontains=word)
                | models.Q(label__icontains=word)
                | models.Q(version__icontains=word)
                | models.Q(sha256__startswith=word.upper())
            )
        return baselines

    def with_source_for(self, user: User) -> Self:
        """With ``source_case`` loaded where this person may see that case, and ``None`` everywhere else."""
        return self.prefetch_related(models.Prefetch("source_case", Case.objects.visible_to(user)))


class Baseline(models.Model):
    """A known-good file state, kept by the vendor's lab, and shared by the analyses of all organisations.

    Everything but ``source_case`` and ``added_by`` goes into findings, reports and exports: it holds
    nothing of the case that the state was first seen in. Show ``source_case`` by ``with_source_for`` only.
    """

    product = models.CharField(_("product"), max_length=100)
    label = models.CharField(_("label"), max_length=200)
    path = models.TextField(_("path"))
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField(_("size"), null=True, blank=True)
    modified = models.CharField(_("last write time"), max_length=19, blank=True)
    version = models.CharField(_("version"), max_length=200, blank=True)
    source_case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ("product", "path")
        constraints = (models.UniqueConstraint(fields=("path", "sha256"), name="baseline_once"),)

    def __str__(self) -> str:
        return f"{self.label} {self.path}"
