"""Pauses and reminders on the pages of a case."""

from django import template

from cases.models import Case
from cases.pauses import services, texts
from cases.pauses.models import Suspension, SuspensionProposal
from cases.reminders import waiting

register = template.Library()


@register.simple_tag
def suspension_of(case: Case) -> Suspension | None:
    """The suspension in force."""
    return services.in_force(case)


@register.filter
def goes_on_with(pause: Suspension | SuspensionProposal) -> str:
    """With what the case goes on (hostile text)."""
    return texts.goes_on_with(pause)


@register.simple_tag
def wait_of(case: Case) -> waiting.Wait | None:
    """How long the customer is waited for, and how often she was reminded."""
    return waiting.wait_of(case)
