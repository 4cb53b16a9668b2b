"""One activity becomes mails and items of daily mails, within the transaction of its act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from accounts.secret_links import without_secrets
from cases.signals import Activity, ActivityKind
from mail.notifications.audience import Reader, readers
from mail.notifications.kinds import KINDS, told
from mail.notifications.letters import Letter, because, greeted
from mail.notifications.links import absolute, unsubscribe_url
from mail.notifications.models import Channel, DigestItem, NotificationTimes
from mail.notifications.preferences import channel_of, is_open_to_choice
from mail.outbound.automatic_answers import take_along
from mail.outbound.outbox import enqueue
from mail.store.models import Direction, MailMessage, MailState

HISTORY = timedelta(hours=1)
"""What is older when it is announced is history that is being told: nobody is mailed of it."""
CONFIRMATIONS = frozenset(
    {ActivityKind.CASE_RECEIVED, ActivityKind.UPLOAD_CHECKED, ActivityKind.ITEMS_MISSING}
)
MAX_CONFIRMED = 20
"""Confirmations to one person within a day of what she did herself; the others are in her daily mail. An
unmarked robot that answers each with the next case or file is told no more."""


def tell(activity: Activity) -> None:
    """Everybody whom it concerns, each once, in her language and as she chose."""
    if timezone.now() - activity.at > HISTORY:
        return
    for reader in readers(activity, KINDS[activity.kind]):
        what = told(activity.kind, is_customer=reader.is_customer)
        channel = channel_of(reader, activity.kind)
        if what is None or channel == Channel.PORTAL:
            continue
        with override(reader.language):
            written = what.writes(activity, reader)
            if written is None:
                continue
            if reader.person is not None and (channel == Channel.DIGEST or _is_flood(activity, reader)):
                _keep_for_digest(activity, reader, written)
            else:
                _mail(activity, reader, written)


def _is_flood(activity: Activity, reader: Reader) -> bool:
    if activity.kind not in CONFIRMATIONS or reader.person != activity.by:
        return False
    told = MailMessage.objects.filter(
        direction=Direction.OUT,
        person=reader.person,
        kind__in=CONFIRMATIONS,
        created_at__gt=timezone.now() - timedelta(days=1),
    )
    return told.count() >= MAX_CONFIRMED


def _keep_for_digest(activity: Activity, reader: Reader, written: Letter) -> None:
    assert reader.person is not None
    now = timezone.now()
    text = written.text
    if written.path != activity.case.get_absolute_url() and (url := absolute(written.path)):
        # The daily mail has no button of each.
        text = f"{text}\n\n{written.label}: {url}"
    DigestItem.objects.create(
        person=reader.person,
        case=activity.case,
        entry=activity.message,
        kind=activity.kind,
        text=text,
        at=activity.at,
        due_at=NotificationTimes.of(reader.person).next_digest(now),
    )


def _mail(activity: Activity, reader: Reader, written: Letter) -> None:
    name = reader.person.name if reader.person else ""
    facts = KINDS[activity.kind]
    more: dict[str, Any] = {}
    if reader.person is not None and (url := absolute(written.path)):
        more["action"] = {"label": written.label, "url": url}
    if reader.person is not None:
        more["choice"] = True
    if reader.cc is not None:
        more |= {"cc": reader.cc.pk, "language": reader.language}
    if written.report is not None:
        more["report"] = written.report
    if written.calendar:
        more["calendar"] = written.calendar
    may_end = reader.cc is not None or is_open_to_choice(activity.kind, is_customer=reader.is_customer)
    if may_end and (url := unsubscribe_url(reader, activity.kind)):
        more["unsubscribe"] = url
    if activity.kind == ActivityKind.PROGRESS:
        more["automatic"] = True
    if facts.is_internal and reader.person is not None and reader.person.is_vendor:
        more["internal"] = True
    if answers := activity.facts.get("answers"):
        more["answers"] = answers
    part = {"kind": str(activity.kind), "leads": facts.leads, "text": without_secrets(written.text)}
    earlier = _of_the_same_act(activity, reader)
    if earlier is not None:
        _add(earlier, part, more, activity, name)
        return
    mail = enqueue(
        reader.address,
        kind=activity.kind,
        text=greeted(name, written.text),
        person=reader.person,
        case=activity.case,
        entry=activity.message,
        not_before=_not_before(activity, reader),
        act=activity.at.isoformat(),
        parts=[part],
        **more,
    )
    if besides := take_along(mail):
        _add(mail, part | {"leads": 0, "text": besides, "is_of_its_own": True}, {}, activity, name)


def _of_the_same_act(activity: Activity, reader: Reader) -> MailMessage | None:
    """The mail that this transaction has written to her already: one act has one moment."""
    mails = MailMessage.objects.filter(direction=Direction.OUT, state=MailState.QUEUED, case=activity.case)
    mails = mails.filter(address=reader.address, source="", facts__act=activity.at.isoformat())
    return mails.first()


def _add(
    mail: MailMessage, part: dict[str, Any], more: dict[str, Any], activity: Activity, name: str
) -> None:
    """One more thing in a mail; the one that matters most leads, and what one act says is said once."""
    leads = max(known["leads"] for known in mail.facts["parts"])
    parts = sorted([*mail.facts["parts"], part], key=lambda known: -known["leads"])
    if part["leads"] > leads:
        mail.kind = activity.kind
        mail.facts |= more
        mail.entry = activity.message or mail.entry
    else:
        mail.facts = more | mail.facts
        mail.entry = mail.entry or activity.message
    mail.facts |= {"parts": parts, "text": greeted(name, _joined(parts))}
    mail.save(update_fields=["kind", "entry", "facts"])


def _joined(parts: Iterable[dict[str, Any]]) -> str:
    paragraphs: list[str] = []
    for part in parts:
        for paragraph in part["text"].split("\n\n"):
            # The words of an entry are often the reason of what came of it as well.
            is_said = paragraph in paragraphs or paragraph in map(because, paragraphs)
            if part.get("is_of_its_own") or not is_said:
                paragraphs.append(paragraph)
    return "\n\n".join(paragraphs)


def _not_before(activity: Activity, reader: Reader) -> datetime | None:
    if reader.person is None:
        return None
    return NotificationTimes.of(reader.person).waits_until(activity.case, timezone.now())
