"""Who has seen the contents of a bundle: recorded at every door, told to the customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rate_limit import address_of
from uploads.custody.models import Access, Act, Way

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from cases.models import Case
    from uploads.attachments.models import MessageAttachment
    from uploads.bundles.models import Bundle

NOTED_EVERY = timedelta(hours=1)
"""The findings and the pictures of the thread stand on the case page, which refreshes itself: reading them is
noted this often."""


def record_view(request: HttpRequest | Request, bundle: Bundle, act: Act, detail: str = "") -> None:
    """Records that the request's person is being shown contents of the bundle.

    Called before they are sent: what cannot be recorded is not shown.
    """
    _record(request, detail, act == Act.FINDINGS, case_id=bundle.case_id, bundle=bundle, act=act)


def record_attachment_view(request: HttpRequest, attachment: MessageAttachment) -> None:
    """The same for an attachment."""
    case_id, shown_again = attachment.message.case_id, attachment.is_picture
    _record(request, "", shown_again, case_id=case_id, attachment=attachment, act=Act.ATTACHMENT)


def _record(request: HttpRequest | Request, detail: str, shown_again: bool, **what: Any) -> None:
    now = timezone.now()
    what["person"] = request.user
    if shown_again and Access.objects.filter(**what, at__gt=now - NOTED_EVERY).exists():
        return
    Access.objects.create(
        **what,
        way=Way.PROGRAM if request.path_info.startswith("/api/") else Way.PAGE,
        detail=detail[:300],
        address=address_of(request)[:45],
        at=now,
    )


@dataclass
class Seen:
    """What one person did on one day; ``acts`` in plain words. ``last`` is the latest of it."""

    person: User
    day: date
    last: datetime
    acts: list[str] = field(default_factory=list)
    by_program: bool = False
    addresses: list[str] = field(default_factory=list)


def seen_by(case: Case, most: int | None = None) -> list[Seen]:
    """Who has seen the data of the case, newest day first, one entry a person and day."""
    accesses = Access.objects.in_place().filter(case=case)
    counts = (
        accesses.annotate(day=TruncDate("at"))
        .values("person", "day", "act", "way", "address")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-day", "-last")
    )
    groups: dict[tuple[int, date], Seen] = {}
    times: dict[tuple[int, date], dict[str, int]] = {}
    people = User.objects.in_bulk(accesses.order_by().values_list("person", flat=True).distinct())
    for row in counts:
        key = (row["person"], row["day"])
        if key not in groups:
            if most is not None and len(groups) == most:
                break
            groups[key] = Seen(people[row["person"]], row["day"], row["last"])
            times[key] = {}
        seen = groups[key]
        seen.last = max(seen.last, row["last"])
        seen.by_program |= row["way"] == Way.PROGRAM
        if row["address"] not in ["", *seen.addresses]:
            seen.addresses.append(row["address"])
        times[key][row["act"]] = times[key].get(row["act"], 0) + row["times"]
    for key, seen in groups.items():
        seen.acts = [_in_words(act, times[key][act]) for act in Act.values if act in times[key]]
    return sorted(groups.values(), key=lambda seen: seen.last, reverse=True)


def _in_words(act: str, times: int) -> str:
    what = str(Act(act).label)
    return what if times == 1 else _("%(what)s, %(times)s times") % {"what": what, "times": times}
