"""When somebody last wrote in a case, and what is still waited for: annotations for the desks."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from accounts.roles import Right, with_right
from cases.evidence_requests.models import EvidenceItem, EvidenceItemQuerySet, EvidenceRequest, ItemState
from cases.models import (
    OF_CHANGES,
    Case,
    CaseQuerySet,
    Message,
    MessageKind,
    MessageQuerySet,
    word_awaited,
)
from cases.outcomes.models import Outcome
from cases.reminders.models import Reminder


def with_activity(cases: CaseQuerySet) -> CaseQuerySet:
    """Adds ``last_message_at``, ``last_customer_at`` and ``last_vendor_at`` (aware datetimes or
    None), of entries that the customer can read; ``last_post_at``: the customer's last entry that is
    no upload; ``items_asked``, ``items_settled`` and ``asked_at`` of the open evidence request; ``reminded``:
    how often the customer was reminded since then, or since the case waits; ``draft_waits``: the newest
    report is a draft; ``contradicted``: she said “solved” and her words the contrary, and nobody of the
    vendor's has written since; ``word_awaited``: a scope, a time or a pause waits for her word.
    """
    public = Message.objects.in_place().filter(case=models.OuterRef("pk"), internal=False)
    reports = Message.objects.in_place().filter(case=models.OuterRef("pk"), kind=MessageKind.REPORT)
    posts = public.filter(author__isnull=False).exclude(kind__in={MessageKind.BUNDLE, *OF_CHANGES})
    items = EvidenceItem.objects.filter(request__case=models.OuterRef("pk"), request__closed_at=None)
    open_requests = EvidenceRequest.objects.open().filter(case=models.OuterRef("pk"))
    waits_since = Coalesce(models.OuterRef("asked_at"), models.OuterRef("status_since"))
    reminders = Reminder.objects.filter(case=models.OuterRef("pk"), at__gte=waits_since).order_by()
    since = Message.objects.in_place().filter(
        case=models.OuterRef("case"),
        author__role__in=with_right(Right.VENDOR),
        created_at__gt=models.OuterRef("recorded_at"),
    )
    doubted = Outcome.objects.in_place().filter(
        ~models.Exists(since), case=models.OuterRef("pk"), solved=True
    )
    doubted = doubted.exclude(contradicted_by=None)
    customers = with_right(Right.OWN_ORGANISATION)
    annotations = {
        "last_message_at": _latest(public),
        "last_customer_at": _latest(public.filter(author__role__in=customers)),
        # What the vendor uploads is no answer, nor that the case goes on.
        "last_vendor_at": _latest(posts.filter(author__role__in=with_right(Right.VENDOR))),
        "last_post_at": _latest(posts.filter(author__role__in=customers)),
        "items_asked": _count(items),
        "asked_at": models.Subquery(open_requests.values("made_at")[:1]),
        "reminded": Coalesce(
            models.Subquery(reminders.values("case").annotate(number=models.Count("pk")).values("number")),
            models.Value(0),
        ),
        "items_settled": _count(items.exclude(state=ItemState.OPEN)),
        "draft_waits": Coalesce(
            models.Subquery(reports.order_by("-created_at", "-pk").values("internal")[:1]),
            models.Value(False),
        ),
        "contradicted": models.Exists(doubted),
        "word_awaited": models.Exists(Case.objects.filter(word_awaited(), pk=models.OuterRef("pk"))),
    }
    return cases.annotate(**annotations)


def _latest(messages: MessageQuerySet) -> models.Subquery:
    return models.Subquery(messages.order_by("-created_at").values("created_at")[:1])


def _count(items: EvidenceItemQuerySet) -> Coalesce:
    number = items.order_by().values("request__case").annotate(number=models.Count("pk")).values("number")
    return Coalesce(models.Subquery(number), models.Value(0))
