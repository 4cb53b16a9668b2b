"""Words and marks of the case pages: times, states, people, hostile text."""

from collections.abc import Callable
from datetime import datetime

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from cases import times
from cases.models import Case
from cases.service_levels import Severity
from cases.thread import message_text, quoting
from engine.text_safety import plain

register = template.Library()

register.filter("plain", plain)
register.filter("linked", message_text.linked)
register.filter("segments", quoting.segments)


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str) -> SafeString:
    """A link of the main navigation, marked when its page is shown."""
    request = context.get("request")
    address = reverse(name)
    here = getattr(request, "path", "") == address
    return format_html(
        '<a href="{}"{}>{}</a>', address, SafeString(' aria-current="page"') if here else "", label
    )


@register.simple_tag(takes_context=True)
def stay_here(context: Context) -> str:
    """The address to come back to after switching the language; an answer to a form has none of its own."""
    request = context.get("request")
    if request is None:
        return "/"
    return request.get_full_path() if request.method in {"GET", "HEAD"} else str(context.get("here", "/"))


@register.simple_tag
def initial(person: User | None) -> str:
    """One character that stands for a person in a round mark: of a Chinese name the family name for
    customers, the last character for colleagues, whose titles are often written in front."""
    if person is None:
        return "·"
    name = plain(str(person)).strip()
    chinese = name[-1:] >= "\u4e00"
    return name[-1:] if chinese and person.is_vendor else name[:1].upper()


@register.simple_tag
def moment(at: datetime | None, style: str = "clock") -> SafeString | str:
    """A ``<time>``: ``ago`` for lists, ``clock`` (day and clock), ``day``,
    ``zone`` (the whole time with its zone); exact on hover."""
    if at is None:
        return ""
    styles: dict[str, Callable[[datetime], str]] = {
        "ago": times.ago,
        "day": times.short_day,
        "zone": times.with_zone,
    }
    words = styles.get(style, times.day_and_clock)(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), times.exact(at), words)


@register.filter
def since(at: datetime | None) -> str:
    """How long ago, as a length: “2 h 5 min”."""
    return times.span(timezone.now() - at) if at else ""


@register.simple_tag
def due(at: datetime | None, length: str = "long") -> SafeString | str:
    """When an answer is due: “today 16:00, 1 h 52 min left”, or how long it is overdue."""
    if at is None:
        return ""
    now = timezone.now()
    if at < now:
        words, mark = (
            _("%(span)s overdue") % {"span": times.span(now - at, roughly=length == "short")},
            "bad strong",
        )
    else:
        day, left = times.day_and_clock(at, now), times.span(at - now)
        near = (at - now).total_seconds() < 4 * 3600
        words = day if length == "short" else _("%(day)s, %(span)s left") % {"day": day, "span": left}
        mark = "warn strong" if near else ""
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>', mark, at.isoformat(), times.exact(at), words
    )


@register.simple_tag
def status_pill(case: Case) -> SafeString:
    """The status in a word."""
    return format_html('<span class="pill {}">{}</span>', case.status_facts.pill, case.get_status_display())


@register.simple_tag
def severity_pill(case: Case) -> SafeString:
    """The severity; A stands out."""
    mark = "pill-bad" if case.severity == Severity.A else ""
    return format_html(
        '<span class="pill {}" title="{}">{}</span>',
        mark,
        case.get_severity_display(),
        _("Severity %(letter)s") % {"letter": case.severity},
    )
