"""Pauses and reminders on the pages of a case."""

from datetime import datetime

from django import template

from cases.models import Case
from cases.pauses import services
from cases.pauses.models import Suspension
from cases.reminders import waiting

register = template.Library()


@register.simple_tag
def suspension_of(case: Case) -> Suspension | None:
    """The suspension in force."""
    return services.in_force(case)


@register.simple_tag
def suspends_at(case: Case) -> datetime | None:
    """When the case is closed for the time being if nothing is heard, once that was announced."""
    return waiting.suspends_at(case)
