"""Answers to results and ratings on the pages of a case."""

from django import template

from cases.models import Case
from cases.outcomes import services
from cases.outcomes.models import Outcome, Rating

register = template.Library()


@register.simple_tag
def outcome_of(case: Case) -> Outcome | None:
    """The newest answer to a result."""
    return services.latest(case)


@register.simple_tag
def rating_of(case: Case) -> Rating | None:
    """How the customer found the service, once she has said so."""
    return Rating.objects.filter(case=case).select_related("person").first()
