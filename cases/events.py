"""History: what can happen to a case, and tables to which rows are added and nothing else. Each of these has
a trigger in the database, too, which refuses as well what does not come this way."""

from __future__ import annotations

from typing import Any, Generic, NoReturn, TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cases.errors import HistoryIsKept

M = TypeVar("M", bound=models.Model)

MOVED = gettext_noop("The mail that led to this was moved to another case.")
"""Why a case was led back to an earlier status, which it has as if it had never left it."""


class EventKind(models.TextChoices):
    """What happened to a case, for its history."""

    CREATED = "created", _("Case reported")
    STATUS = "status", _("Status changed")
    ASSIGNED = "assigned", _("Engineer assigned")
    BUNDLE = "bundle", _("Bundle received")
    ANALYSIS = "analysis", _("Analysis finished")
    REPORT = "report", _("Report sent")
    STEP = "step", _("Step of the advice ticked")
    LINK = "link", _("Upload link")
    INCIDENT = "incident", _("Time of the incident")
    REQUEST = "request", _("Evidence request")
    CORRECTED = "corrected", _("Corrected")
    PROGRESS = "progress", _("Progress asked for and answered")
    MAIL = "mail", _("Mail")
    RELATION = "relation", _("Relation to another case")


def choices() -> list[tuple[str, str | Promise]]:
    """For model fields: named by the migrations, which a new kind does not change."""
    return list(EventKind.choices)


class AppendOnlyQuerySet(models.QuerySet[M], Generic[M]):
    """Rows that stay as they are."""

    def update(self, **fields: Any) -> NoReturn:
        """Refused."""
        raise HistoryIsKept(f"{self.model.__name__}: rows are never changed.")

    def delete(self) -> NoReturn:
        """Refused."""
        raise HistoryIsKept(f"{self.model.__name__}: rows are never deleted.")


class AppendOnly(models.Model):
    """A row that stays as it is; its manager is made of an ``AppendOnlyQuerySet``."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the row; a second time is refused."""
        if not self._state.adding:
            raise HistoryIsKept(f"{type(self).__name__}: rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise HistoryIsKept(f"{type(self).__name__}: rows are never deleted.")
