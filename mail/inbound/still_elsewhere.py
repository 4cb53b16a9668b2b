"""Files that mails of a case named and that are still kept elsewhere: each with the day on which it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cases.models import Message
from mail.store.models import Direction, MailMessage
from uploads.bundles.models import Bundle

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

SHOWN_AFTER = timedelta(days=14)
"""For so long it is told that a file is gone there and has not come."""


@dataclass(frozen=True)
class StillElsewhere:
    """``name`` is hostile text; ``until``: when who keeps it deletes it."""

    name: str
    until: datetime
    told_at: datetime


def still_elsewhere(case: Case, user: User, now: datetime) -> list[StillElsewhere]:
    """Those for which a day is told, the nearest first, as far as this person reads the entries; none of a
    closed case. A file has come when one of its name did since, or one by the link that asks for it."""
    if case.status_facts.is_closed:
        return []
    mails = MailMessage.objects.filter(case=case, direction=Direction.IN, facts__has_key="elsewhere")
    named: dict[str, StillElsewhere] = {}
    for mail in mails.filter(entry__in=Message.objects.visible_to(user)).order_by("created_at"):
        for name, until in mail.elsewhere:
            if until and until > now - SHOWN_AFTER:
                named[name] = StillElsewhere(name, until, mail.created_at)
    if not named:
        return []
    bundles = Bundle.objects.visible_to(user).filter(case=case).select_related("link")
    came = [(bundle.name, bundle.link.asked if bundle.link else "", bundle.received_at) for bundle in bundles]
    waiting = [
        file
        for file in named.values()
        if not any(
            at >= file.told_at and (name == file.name or _is_asked_for(file.name, asked))
            for name, asked, at in came
        )
    ]
    return sorted(waiting, key=lambda file: file.until)


def _is_asked_for(name: str, asked: str) -> bool:
    """Whether a link asks for this file: its name is all of a line, or stands before how long it is kept."""
    lines = (line.removeprefix("– ") for line in asked.split("\n"))
    return any(line == name or line.startswith((f"{name} (", f"{name}（")) for line in lines)
