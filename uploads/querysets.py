"""Look-ups that every table of this room shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar

from django.db import models

from cases.models import Case

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class OfVisibleCase(models.QuerySet[M], Generic[M]):
    """Look-ups of rows that hang on a case."""

    def visible_to(self, user: User) -> Self:
        """Rows of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))
