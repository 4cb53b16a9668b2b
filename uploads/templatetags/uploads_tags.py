"""``{% upload_panel case %}`` and ``{% bundle_card bundle %}`` for the case page."""

from django import template

from cases.models import Case, Message
from uploads.bundles import cards
from uploads.bundles.models import Bundle
from uploads.collector.in_force import offer
from uploads.custody import legal_holds
from uploads.custody.accesses import Seen, seen_by
from uploads.custody.retention import Keeping, keeping_of

register = template.Library()


@register.inclusion_tag("uploads/bundles/panel.html", takes_context=True)
def upload_panel(context: template.RequestContext, case: Case) -> dict[str, object]:
    """Consent, drop zone, uploads under way; needs ``request`` in the context."""
    request = context["request"]
    return {"request": request, "csrf_token": context.get("csrf_token")} | cards.panel_context(
        request.user, case
    )


@register.inclusion_tag("uploads/bundles/card.html", takes_context=True)
def bundle_card(context: template.RequestContext, bundle: Bundle) -> dict[str, object]:
    """Name, size, SHA-256 and state of one bundle; needs ``request`` in the context."""
    request = context["request"]
    return {"request": request} | cards.card_context(request.user, bundle)


@register.inclusion_tag("uploads/attachments/attachments.html", takes_context=True)
def attachments(context: template.RequestContext, entry: Message) -> dict[str, object]:
    """The files of an entry: pictures shown, others to download; needs ``request`` in the context."""
    user = context["request"].user
    files = [(file, file.may_open(user)) for file in entry.attachments.all()]
    return {
        "pictures": [file for file, may_open in files if file.is_picture and may_open],
        "others": [(file, may_open) for file, may_open in files if not (file.is_picture and may_open)],
    }


@register.inclusion_tag("uploads/links/panel.html", takes_context=True)
def links_panel(context: template.RequestContext, case: Case) -> dict[str, object]:
    """The case's upload links, newest first, and the ways to collect from outside; for the vendor."""
    return {"csrf_token": context.get("csrf_token"), "case": case, "links": cards.links_of(case)}


@register.inclusion_tag("uploads/collector/offer.html", takes_context=True)
def collector_offer(context: template.RequestContext, case: Case) -> dict[str, object]:
    """The log collector to download, if the engineer offers one."""
    offered = offer(case) is not None
    return {"csrf_token": context.get("csrf_token"), "case": case, "offered": offered}


@register.simple_tag
def lately_seen_by(case: Case) -> list[Seen]:
    """The newest three entries of who has seen the data of the case."""
    return seen_by(case, most=3)


@register.simple_tag
def keeping(case: Case) -> Keeping:
    """Until when the data of the case is kept, and whether it is held or gone."""
    return keeping_of(case)


@register.inclusion_tag("uploads/custody/keeping_panel.html", takes_context=True)
def keeping_panel(context: template.RequestContext, case: Case) -> dict[str, object]:
    """The clock of the customer's data, who has seen it, and the legal hold; for the vendor."""
    user = context["request"].user
    return {
        "csrf_token": context.get("csrf_token"),
        "case": case,
        "kept": keeping_of(case),
        "user": user,
        "may_hold": legal_holds.may_hold(user, case),
    }
