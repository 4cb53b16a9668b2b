"""What is recorded about the keeping of data, for the customer to read: who has seen it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case, HistoryIsKept
from uploads.querysets import OfVisibleCase


class Act(models.TextChoices):
    """What somebody did with the contents of a bundle."""

    DOWNLOAD = "download", _("downloaded the upload")
    FILE = "file", _("downloaded a file out of the upload")
    EVIDENCE = "evidence", _("opened a piece of evidence")
    FINDINGS = "findings", _("read the findings")
    REPORT = "report", _("read the report")


class Way(models.TextChoices):
    """How it was reached."""

    PAGE = "page", _("on a page")
    PROGRAM = "program", _("by a program")


class AccessQuerySet(OfVisibleCase["Access"]):
    """Accesses; they are only ever added to."""

    def update(self, **fields: Any) -> NoReturn:
        """Refused; the database refuses as well."""
        raise HistoryIsKept("Accesses are never changed.")

    def delete(self) -> NoReturn:
        """Refused; the database refuses as well."""
        raise HistoryIsKept("Accesses are never deleted.")


class Access(models.Model):
    """One view or download of a bundle's contents. Append-only; a trigger in the database keeps it so.

    ``detail``: the place within the bundle or the report (hostile text). ``address`` is where the
    request came from, behind a trusted proxy as that tells it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    bundle = models.ForeignKey("uploads.Bundle", on_delete=models.PROTECT, related_name="accesses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("what"), max_length=10, choices=Act)
    way = models.CharField(_("how"), max_length=10, choices=Way)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    at = models.DateTimeField(_("at"))

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("case", "-at")),)

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the access; a second time is refused."""
        if not self._state.adding:
            raise HistoryIsKept("Accesses are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise HistoryIsKept("Accesses are never deleted.")
