"""Related cases on the pages of a case."""

from typing import Any

from django import template
from django.template.context import Context

from cases.models import Case
from cases.relations import services

register = template.Library()


@register.simple_tag(takes_context=True)
def relations_of(context: Context, case: Case) -> list[Any]:
    """Relations whose other case the reader may see: relation, what it is, that case."""
    return services.seen_by(context["user"], case)


@register.simple_tag(takes_context=True)
def goes_on_in(context: Context, case: Case) -> Case | None:
    """The case that this one was merged into, if the reader may see it."""
    other = case.merged_into
    return other if other is not None and other.is_visible_to(context["user"]) else None
