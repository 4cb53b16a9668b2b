"""What became of a result: the customer's answer to it, and how she was served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField, SharedTextField
from cases.answers.models import ways
from cases.models import Case, Message
from cases.thread.models import is_moved

if TYPE_CHECKING:
    from accounts.models import User


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Answers to results."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def in_place(self) -> Self:
        """Those whose entry stands: one that was read in an entry goes when that is moved to another case."""
        return self.exclude(is_moved("message"))


class Outcome(models.Model):
    """One answer to the question whether it is solved; never changed.

    ``person``: whose word it is, ``at`` when she said it; ``recorded_by``: who wrote it down, if not she
    herself. ``words``: her own (hostile text). ``contradicted_by``: a post of hers of about the same time
    that says the contrary. ``said_in``: the post that it was read in, where a colleague wrote it down from
    there; her words are there alone.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outcomes")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="outcome")
    solved = models.BooleanField()
    way = models.CharField(max_length=8, choices=ways)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = SharedTextField(blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    contradicted_by = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_in = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a result")
        verbose_name_plural = _("answers to results")
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return f"{self.case.number} {'✓' if self.solved else '✗'}"


class RatingQuerySet(models.QuerySet["Rating"]):
    """Ratings of cases."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Rating(models.Model):
    """How a customer found the service, once a case; never changed. ``stars``: 1 (bad) to 5 (good)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rating")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField(validators=(MinValueValidator(1), MaxValueValidator(5)))
    words = SharedCharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = (
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="one_to_five_stars"),
        )

    def __str__(self) -> str:
        return f"{self.case.number} {self.stars}"
