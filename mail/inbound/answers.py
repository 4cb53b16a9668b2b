"""What the portal answers to a mail by itself: to proven senders alone, and each at most once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import times
from engine.text_safety import plain
from mail.outbound.outbox import enqueue
from mail.store.models import Direction, MailMessage
from uploads.links import services as links

if TYPE_CHECKING:
    from collections.abc import Sequence

ONCE_IN = timedelta(days=1)
FILES_REFUSED, FILES_ELSEWHERE, KEPT_INTERNAL = "files_refused", "files_elsewhere", "kept_internal"
LINK_LIFE = timedelta(days=14)
MAX_NAMED = 20


def tell_refused(mail: MailMessage, lines: str) -> None:
    """What was not taken, and what to do."""
    assert mail.case is not None
    facts = {"number": mail.case.number, "lines": lines}
    body = _(
        "Your mail is in case %(number)s. These attachments were not taken:\n\n%(lines)s\n\n"
        "You can upload them on the page of the case:"
    )
    address = f"{settings.PORTAL_URL}{mail.case.get_absolute_url()}"
    _answer(mail, FILES_REFUSED, f"{body % facts}\n{address}")


def tell_kept_internal(mail: MailMessage) -> None:
    """That a colleague's mail did not go to the customer, and what to do."""
    assert mail.case is not None
    body = _(
        "Your mail quotes an internal note of case %(number)s. It is kept in the case as an internal note: "
        "the customer has not got it and does not see it. Write to her on the page of the case, or mail "
        "again without the quotation:"
    ) % {"number": mail.case.number}
    _answer(mail, KEPT_INTERNAL, f"{body}\n{settings.PORTAL_URL}{mail.case.get_absolute_url()}")


def ask_for_oversized(mail: MailMessage, names: Sequence[str]) -> None:
    """A link for files that a mailer or a gateway kept elsewhere: they are not fetched from there. While
    nobody has taken up the case, and could answer for a link, the address of its page."""
    case = mail.case
    assert case is not None
    if not _may_answer(mail, FILES_ELSEWHERE) or case.status_facts.is_closed:
        return
    lines = "\n".join(f"– {plain(name)}" for name in names[:MAX_NAMED])
    begin = _("Your mail is in case %(number)s, but these files did not come with it:\n\n%(lines)s")
    begin %= {"number": case.number, "lines": lines}
    if case.engineer is None:
        ask = _("You can upload them on the page of the case:")
        address = f"{settings.PORTAL_URL}{case.get_absolute_url()}"
        _answer(mail, FILES_ELSEWHERE, f"{begin}\n\n{ask}\n{address}")
        return
    until = timezone.now() + LINK_LIFE
    _link, secret = links.make(
        by=case.engineer,
        case=case,
        expires_at=until,
        most_bytes=settings.UPLOAD_MAX_SIZE,
        most_uploads=MAX_NAMED,
        asked=lines,
        mail=mail.person.email if mail.person else "",
        shows_request=True,
    )
    ask = _("Please upload them by this link until %(day)s; it needs no password, a code comes by mail.")
    address = f"{settings.PORTAL_URL}{reverse('upload-link', args=[secret])}"
    action = {"label": _("Upload the files"), "url": address}
    _answer(mail, FILES_ELSEWHERE, f"{begin}\n\n{ask % {'day': times.day(until)}}", action=action)


def _answer(mail: MailMessage, kind: str, text: str, **facts: Any) -> None:
    if not _may_answer(mail, kind):
        return
    assert mail.person is not None
    enqueue(
        mail.person.email,
        person=mail.person,
        case=mail.case,
        kind=kind,
        answers=mail.message_id,
        text=text,
        automatic=True,
        **facts,
    )


def _may_answer(mail: MailMessage, kind: str) -> bool:
    """Never an unproven sender, and none twice a day: the thread tells it in any case."""
    if mail.person is None:
        return False
    lately = MailMessage.objects.filter(
        direction=Direction.OUT,
        address=mail.person.email,
        kind=kind,
        created_at__gt=timezone.now() - ONCE_IN,
    )
    return not lately.exists()
