"""Cases that have to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.status import choices

if TYPE_CHECKING:
    from accounts.models import User


class RelationKind(models.TextChoices):
    """What the first case is to the other."""

    RELATED = "related", _("Related to")
    FOLLOW_UP = "follow_up", _("Follow-up of")
    DOUBLE = "double", _("Double of")


BACKWARDS = {
    RelationKind.RELATED: _("Related to"),
    RelationKind.FOLLOW_UP: _("Continued in"),
    RelationKind.DOUBLE: _("Has the double"),
}
"""What the other case is to the first."""


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

    ``before``: the status of a double before it was merged, to which undoing leads back.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="relations_to")
    kind = models.CharField(_("kind"), max_length=10, choices=RelationKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    before = models.CharField(max_length=20, choices=choices, blank=True)
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


def double_of(case: Case) -> Case | None:
    """The case that this one was merged into."""
    relation = case.relations.in_force().filter(kind=RelationKind.DOUBLE).select_related("other").first()
    return relation.other if relation else None
