"""Tells the history of a demo case through the same services that pages use, with times of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from cases.answers.services import Heard
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.pauses import services as pauses
from cases.services import post_message, report_case
from demo.people import Cast


@dataclass(frozen=True)
class Said:
    """One entry of the thread."""

    at: datetime
    by: str
    body: str
    kind: MessageKind = MessageKind.PORTAL
    result: bool = False


@dataclass(frozen=True)
class Changed:
    """One change of status by hand, by its name in ``cases.status``."""

    at: datetime
    by: str
    change: str
    reason: str = ""


@dataclass(frozen=True)
class Paused:
    """The case is closed for the time being, as ``person`` agreed by phone."""

    at: datetime
    by: str
    person: str
    resumes_when: str


@dataclass(frozen=True)
class Asked:
    """An evidence request: kind and detail of each item, and a word with it; the case waits from then on."""

    at: datetime
    by: str
    items: Sequence[tuple[str, str]]
    note: str


@dataclass(frozen=True)
class Story:
    """A case and what happened to it, in order of time."""

    number: str
    at: datetime
    contact: str
    title: str
    description: str
    product: str
    edition: str
    severity: str
    queue: str
    engineer: str | None
    steps: Sequence[Said | Changed | Paused | Asked] = field(default_factory=list)


@transaction.atomic
def replay(story: Story, cast: Cast) -> Case:
    """The case; its history is replayed once, whatever has become of it since."""
    if known := Case.objects.filter(number=story.number).first():
        return known
    contact = cast[story.contact]
    assert contact.organisation is not None
    case = report_case(
        by=contact,
        organisation=contact.organisation,
        contact=contact,
        title=story.title,
        description=story.description,
        product=story.product,
        edition=story.edition,
        severity=story.severity,
        engineer=cast[story.engineer] if story.engineer else None,
        queue=cast.queues[story.queue],
        number=story.number,
        at=story.at,
    )
    for step in story.steps:
        if isinstance(step, Said):
            post_message(
                case, by=cast[step.by], body=step.body, kind=step.kind, at=step.at, result=step.result
            )
        elif isinstance(step, Asked):
            evidence_requests.ask(case, by=cast[step.by], items=step.items, note=step.note, at=step.at)
        elif isinstance(step, Paused):
            pauses.suspend(
                case,
                Heard(cast[step.person], said_at=step.at),
                by=cast[step.by],
                resumes_when=step.resumes_when,
                at=step.at,
            )
        else:
            case.change(step.change, by=cast[step.by], reason=step.reason, at=step.at)
    return case
