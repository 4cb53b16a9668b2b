"""Items of an evidence request in the customer's words: what it is, and how she gets it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from cases import times
from cases.evidence_requests.kinds import ItemKind, Usual
from cases.evidence_requests.models import ItemState


def label(kind: str, detail: str) -> str:
    """What the item is called, in the language in force (``detail`` is hostile text)."""
    usual = _usual(kind, detail)
    return str(usual.label if usual else ItemKind(kind).facts.label) % {"detail": detail}


def how_to(kind: str, detail: str) -> str:
    """One sentence that a person at the machine can follow; empty for something else."""
    usual = _usual(kind, detail)
    return str(usual.how_to if usual else ItemKind(kind).facts.how_to)


def command(kind: str, detail: str) -> str:
    """A line for PowerShell that collects the item; empty where none is needed."""
    facts = ItemKind(kind).facts
    return facts.command(detail) if facts.command else ""


def word(kind: str, detail: str, before: str, after: str, reason: str) -> str:
    """What a customer says of an item by a button, as an entry of the thread; ``before`` and ``after`` are
    states."""
    if after == ItemState.UNAVAILABLE:
        sentence = _("I cannot send this: %(item)s")
    elif after == ItemState.ARRIVED:
        sentence = _("This is done: %(item)s")
    elif before == ItemState.UNAVAILABLE:
        sentence = _("I can send this after all: %(item)s")
    else:
        sentence = _("This is not done yet: %(item)s")
    lines = [sentence % {"item": label(kind, detail)}]
    if reason and after == ItemState.UNAVAILABLE:
        lines.append(_("Reason: %(reason)s") % {"reason": reason})
    return "\n".join(lines)


def as_text(
    items: Iterable[tuple[str, str]], since: datetime | None, until: datetime | None, note: str
) -> str:
    """A request as an entry of the thread: the note as it was written, all else in the language in force."""
    lines = [f"{number}. {label(*item)}" for number, item in enumerate(items, 1)]
    reaches = span(since, until)
    return "\n".join([note, *([""] if note else []), *lines, *([reaches] if reaches else [])]).strip()


def span(since: datetime | None, until: datetime | None) -> str:
    """The time that is asked for, as a sentence; empty where none is."""
    if since and until:
        moments = {"since": times.with_zone(since), "until": times.with_zone(until)}
        return _("The logs should reach from %(since)s to %(until)s.") % moments
    if since:
        return _("The logs should reach back to %(since)s.") % {"since": times.with_zone(since)}
    if until:
        return _("The logs should reach up to %(until)s.") % {"until": times.with_zone(until)}
    return ""


def _usual(kind: str, detail: str) -> Usual | None:
    # Windows tells names of event logs apart by their letters alone, not by their case.
    usual = ItemKind(kind).facts.usual
    return next((words for name, words in usual.items() if name.casefold() == detail.casefold()), None)
