"""Answers to results and ratings on the pages of a case."""

from django import template

from cases.events import EventKind
from cases.models import Case, CaseEvent, Message
from cases.outcomes import services
from cases.outcomes.models import Outcome, Rating
from cases.outcomes.readings import Reading, reading_of
from cases.status import Status

register = template.Library()


@register.simple_tag
def outcome_of(case: Case) -> Outcome | None:
    """The newest answer to a result."""
    return services.latest(case)


@register.simple_tag
def closing_of(case: Case) -> CaseEvent | None:
    """Who closed it the last time, when and why."""
    closings = case.events.filter(kind=EventKind.STATUS, to_status=Status.CLOSED).select_related("actor")
    return closings.last()


@register.inclusion_tag("cases/outcomes/reading.html", takes_context=True)
def read_as_answer(context: template.RequestContext, entry: Message) -> dict[str, object]:
    """That an entry reads as the customer's answer to the result, for who may write it down; looked for once
    for the whole thread."""
    request = context["request"]
    known: dict[int, Reading | None] = request.__dict__.setdefault("readings_of_threads", {})
    if entry.case_id not in known:
        known[entry.case_id] = reading_of(entry.case, context["user"])
    reading = known[entry.case_id]
    is_it = reading is not None and reading.entry.pk == entry.pk
    return {"reading": reading if is_it else None, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def rating_of(case: Case) -> Rating | None:
    """How the customer found the service, once she has said so."""
    return Rating.objects.filter(case=case).select_related("person").first()
