"""What the log collector of a case collects: set up by hand, or derived from what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from cases.evidence_requests import services as evidence_requests
from uploads.collector.options import Options, collects_anything, of_document, of_request

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


@dataclass(frozen=True)
class Offer:
    """The options, and who answers for them."""

    options: Options
    made_by: User


def offer(case: Case) -> Offer | None:
    """The newer of the engineer's own setting and the open evidence request; ``None`` where neither
    asks for anything that a script could collect."""
    by_hand = case.collector_requests.select_related("made_by").first()
    request = evidence_requests.open_request(case)
    if request is not None and (by_hand is None or request.made_at > by_hand.made_at):
        options = of_request(request, timezone.now())
        if collects_anything(options):
            return Offer(options, request.made_by)
    return Offer(of_document(by_hand.options), by_hand.made_by) if by_hand else None
