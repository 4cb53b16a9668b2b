"""Cases that have to do with each other."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cases.events import EventKind
from cases.models import Case
from cases.relations.kinds import BACKWARDS, RelationKind
from cases.status import choices

if TYPE_CHECKING:
    from accounts.models import User


class RelationQuerySet(models.QuerySet["Relation"]):
    """Relations of cases."""

    def visible_to(self, user: User) -> Self:
        """Those of which this person may see both cases."""
        cases = Case.objects.visible_to(user)
        return self.filter(case__in=cases, other__in=cases)

    def in_force(self) -> Self:
        """Those that nobody took back."""
        return self.filter(removed_at=None)


class Relation(models.Model):
    """That ``case`` is related to, follows, or is a double of ``other``; by whom it was said, and taken back.

    Of a double, to which undoing leads back: ``before``, its status until it was merged, and ``due_before``,
    by when its customer had been promised an answer; ``other_before`` and ``other_due_before`` of the case
    that took it in, where merging changed them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="relations_to")
    kind = models.CharField(_("kind"), max_length=10, choices=RelationKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    before = models.CharField(max_length=20, choices=choices, blank=True)
    due_before = models.DateTimeField(null=True, blank=True)
    other_before = models.CharField(max_length=20, choices=choices, blank=True)
    other_due_before = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation of cases")
        verbose_name_plural = _("relations of cases")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "other", "kind"), condition=models.Q(removed_at=None), name="relation_once"
            ),
            models.UniqueConstraint(
                fields=("case",),
                condition=models.Q(removed_at=None, kind=RelationKind.DOUBLE),
                name="double_of_one_case",
            ),
            models.CheckConstraint(condition=~models.Q(case=models.F("other")), name="not_related_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_kind_display()} {self.other.number}"

    def record(self, *, by: User | None, at: datetime) -> None:
        """Adds it to the history of both cases, or that it was taken back."""
        kind = RelationKind(self.kind)
        number = "before" if self.removed_at else "after"
        with translation.override("en"):  # ``CaseEvent.why`` translates what the history keeps in English.
            sides = (
                (self.case, self.other, str(kind.label)),
                (self.other, self.case, str(BACKWARDS[kind])),
            )
        for case, other, what in sides:
            case.record(EventKind.RELATION, by=by, at=at, reason=what, **{number: other.number})
