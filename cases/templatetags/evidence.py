"""Evidence requests on pages: what is asked for, and what has become of each item."""

from typing import Any

from django import template
from django.template.context import Context

from cases.evidence_requests import texts as evidence_texts
from cases.evidence_requests.kinds import ItemKind
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest
from cases.evidence_requests.services import can_be_asked_again
from engine.text_safety import plain

register = template.Library()

SHOWN = {
    "customer": {"found", "how_to", "answers", "asks_again", "reason"},
    "vendor": {"found", "settled_by", "decides", "asks_again", "reason"},
    "thread": {"found", "open_state", "reason", "undoes"},
    "link": {"how_to"},
}
"""By reader, what she is shown beside names and settled states. ``found``: the file in the upload;
``settled_by``: whose word it is; ``how_to``: how to get it; ``reason``: why it cannot be sent;
``open_state``: the state of open items, too; ``answers``, ``decides``, ``asks_again``, ``undoes``: buttons.
``link`` is whoever has an upload link, without sign-in."""


@register.filter
def item_label(item: EvidenceItem) -> str:
    """What the item is called."""
    return plain(evidence_texts.label(item.kind, item.detail))


@register.filter
def span_asked(request: EvidenceRequest) -> str:
    """The time that the material should cover, as a sentence."""
    return evidence_texts.span(request.since, request.until)


@register.inclusion_tag("cases/evidence_requests/items.html", takes_context=True)
def request_items(context: Context, request: EvidenceRequest, reader: str) -> dict[str, Any]:
    """The items with their state, and what ``reader`` is shown of them; raises ``KeyError`` for a reader
    that ``SHOWN`` does not name."""
    shown = SHOWN[reader]
    undoes = "undoes" in shown and getattr(context.get("user"), "is_customer", False)
    rows = [
        {
            "item": item,
            "how_to": evidence_texts.how_to(item.kind, item.detail),
            "command": evidence_texts.command(item.kind, item.detail),
            "customer_decides": ItemKind(item.kind).facts.match is None,
            "can_undo": undoes and can_be_asked_again(item),
        }
        for item in request.items.all()
    ]
    number = request.case.number if shown & {"answers", "decides", "asks_again", "undoes"} else ""
    return {
        "csrf_token": context.get("csrf_token"),
        "evidence": request,
        "rows": rows,
        "shown": shown,
        "number": number,
        "is_open": request.closed_at is None,
    }
