"""What can happen to a case, for its history."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What happened to a case, for its history."""

    CREATED = "created", _("Case reported")
    STATUS = "status", _("Status changed")
    ASSIGNED = "assigned", _("Engineer assigned")
    BUNDLE = "bundle", _("Bundle received")
    ANALYSIS = "analysis", _("Analysis finished")
    REPORT = "report", _("Report sent")
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
