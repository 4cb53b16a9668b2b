"""What a person is told, in the language in force: the new words first, then what she can do.

Bodies of entries, titles, names and reasons are people's own (hostile text).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import current_language
from cases import times
from cases.appointments.calendar_file import ics_of
from cases.appointments.models import Appointment
from cases.evidence_requests import texts as evidence_texts
from cases.evidence_requests.kinds import ItemKind
from cases.models import MessageKind
from cases.services import CUSTOMER_WROTE_AGAIN
from cases.thread.courtesy import GREETINGS_EN, GREETINGS_ZH
from cases.thread.quoting import SegmentKind, segments
from engine.text import in_language
from engine.text_safety import one_line, plain

if TYPE_CHECKING:
    from cases.models import Case, Message
    from cases.signals import Activity
    from mail.notifications.audience import Reader

GREETING = re.compile(rf".{{0,20}}(?:{GREETINGS_ZH}|\b(?:{GREETINGS_EN})\b)", re.IGNORECASE)
"""How people begin a letter themselves."""
OPEN_CASE = gettext_lazy("Open the case")


@dataclass(frozen=True)
class Letter:
    """``text`` without a greeting. ``label`` and ``path`` (below the portal's address): the one button.
    ``report``: the id of one whose PDF goes with it. ``calendar``: an iCalendar text."""

    text: str
    label: str
    path: str
    report: int | None = None
    calendar: str = ""


def letter(
    case: Case, *parts: str, label: str = "", path: str = "", report: int | None = None, calendar: str = ""
) -> Letter:
    """One of these paragraphs, those that say nothing left out; its button opens the case."""
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    return Letter(text, label or str(OPEN_CASE), path or case.get_absolute_url(), report, calendar)


def asked(reader: Reader, text: str) -> str:
    """What its reader can do about it: nothing where she has no account."""
    return text if reader.person is not None else ""


def nothing_read(activity: Activity) -> str:
    """That nothing of an upload can be analysed, and why; empty where something can."""
    told = activity.facts.get("nothing", ())
    return "\n".join(plain(in_language(said, current_language())) for said in told)


def greeted(name: str, text: str) -> str:
    """``text`` behind a greeting, unless its writer greets herself."""
    if GREETING.match(text.partition("\n")[0][:60]):
        return text
    name = one_line(plain(name))
    greeting = _("Hello %(name)s,") % {"name": name} if name else _("Hello,")
    return f"{greeting}\n\n{text}"


def named(activity: Activity) -> str:
    """Who did it; the portal itself has no name."""
    name = activity.by.name if activity.by else activity.facts.get("writer", "")
    return one_line(plain(name))


def title_of(case: Case) -> str:
    """The case's title on a line."""
    return one_line(plain(case.title))


def words_of(message: Message | None) -> str:
    """An entry's own words: whole, but of a mail without the older mails quoted in it."""
    if message is None:
        return ""
    body = plain(message.body)
    if message.kind in {MessageKind.MAIL_IN, MessageKind.MAIL_OUT}:
        written = [part.text for part in segments(body) if part.kind == SegmentKind.WRITTEN]
        return "\n\n".join(written) or body
    return body


def signed(activity: Activity) -> str:
    """The engineer's name, where her own words do not end with it."""
    name = named(activity)
    if activity.by is None or not activity.by.is_vendor or _ends_with(activity.message, name):
        return ""
    return name


def _ends_with(message: Message | None, name: str) -> bool:
    lines = words_of(message).strip().splitlines()
    return bool(lines) and name in lines[-1]


def calendar_of(activity: Activity) -> str:
    """The file for calendars that goes with an appointment; empty where no time was agreed."""
    key = activity.facts.get("appointment")
    appointment = Appointment.objects.filter(pk=key).first() if key else None
    if appointment is None or appointment.starts_at is None or appointment.ends_at is None:
        return ""
    return ics_of(appointment).decode()


def moment(value: object) -> str:
    """A time out of an activity's facts (ISO 8601), in figures with its zone; empty where there is none."""
    return times.with_zone(datetime.fromisoformat(value)) if isinstance(value, str) and value else ""


def because(reason: str) -> str:
    """The reason as a paragraph, where there is one that her own words do not say."""
    reason = "" if reason == CUSTOMER_WROTE_AGAIN else plain(reason).strip()
    # A sentence of ours, or a person's words, which stand in no catalogue.
    reason = _(reason) if reason else ""
    return _("Reason: %(reason)s") % {"reason": reason} if reason else ""


def listed(items: Iterable[Sequence[str]], *, how: bool = False) -> str:
    """Items of an evidence request, numbered; ``how``: each with how it is collected."""
    lines = []
    for number, (kind, detail) in enumerate(items, 1):
        if kind not in ItemKind:
            continue
        lines.append(f"{number}. {evidence_texts.label(kind, plain(detail))}")
        if how and (hint := evidence_texts.how_to(kind, detail)):
            lines.append(f"   {hint}")
        if how and (command := evidence_texts.command(kind, detail)):
            lines.append(f"   {command}")
    return "\n".join(lines)


def upload_path(case: Case) -> str:
    """Where files are uploaded to a case."""
    return f"{case.get_absolute_url()}#upload"


def report_path(case: Case, version: int) -> str:
    """Where a report is read."""
    return reverse("analysis:report", args=[case.number, version])
