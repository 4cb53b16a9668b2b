"""Evidence requests on pages: what is asked for, and what has become of each item."""

from typing import Any

from django import template
from django.template.context import Context

from cases.evidence_requests import texts as evidence_texts
from cases.evidence_requests.kinds import ItemKind
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest
from engine.text_safety import plain

register = template.Library()


@register.filter
def item_label(item: EvidenceItem) -> str:
    """What the item is called."""
    return plain(evidence_texts.label(item.kind, item.detail))


@register.filter
def span_asked(request: EvidenceRequest) -> str:
    """The time that the material should cover, as a sentence."""
    return evidence_texts.span(request.since, request.until)


@register.inclusion_tag("cases/evidence_requests/items.html", takes_context=True)
def request_items(context: Context, request: EvidenceRequest, reader: str = "customer") -> dict[str, Any]:
    """The items with their state. ``reader``: ``customer`` (how to get each, and what she may say of it),
    ``vendor`` (what may be decided), ``thread`` (names and states alone), ``link`` (no sign-in: how to
    get each)."""
    rows = [
        {
            "item": item,
            "how_to": evidence_texts.how_to(item.kind, item.detail),
            "command": evidence_texts.command(item.kind, item.detail),
            "customer_decides": ItemKind(item.kind).facts.match is None,
        }
        for item in request.items.all()
    ]
    number = request.case.number if reader in {"customer", "vendor"} else ""
    return {
        "csrf_token": context.get("csrf_token"),
        "evidence": request,
        "rows": rows,
        "reader": reader,
        "number": number,
        "is_open": request.closed_at is None,
    }
