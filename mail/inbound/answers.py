"""What the portal answers to a mail by itself: to a proven sender alone, and by one mail a day
(``mail.outbound.automatic_answers``).

What one mail gives reason for is one answer: files that did not come with it and the link for them, files
that were refused, a colleague's mail that did not reach the customer. These say that something has not
happened of which its sender believes that it has: where she had today's answer they wait for the next mail
to her, and stand on the entry at once. How far a case is nobody wants to know a day later: who asks and
is not answered by the portal waits for a person, and the clock runs. Why a mail is not answered stands on it.
What is told of acts (case received, upload checked …) are no answers: see ``mail.notifications``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Right
from cases import times
from cases.desk.progress_answer import answer_progress, was_told_lately
from cases.services import CUSTOMER_WROTE_AGAIN
from engine.text_safety import plain, storable
from mail.outbound import automatic_answers
from mail.outbound.automatic_answers import free_at
from mail.store.models import Direction, MailMessage
from mail.store.reasons import Unanswered
from uploads.links import services as links
from uploads.links.addresses import path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.models import Case
    from mail.reading.elsewhere.files import Elsewhere

FILES_REFUSED, FILES_ELSEWHERE, KEPT_INTERNAL = "files_refused", "files_elsewhere", "kept_internal"
NOT_AS_BELIEVED = (KEPT_INTERNAL, FILES_ELSEWHERE, FILES_REFUSED)
"""What a sender believes to have happened and has not; the first names the answer."""
LINK_LIFE = timedelta(days=14)
MAX_NAMED = 20
MAX_SUBJECT = 200


@dataclass(frozen=True)
class Occasion:
    """What a mail gives reason to answer. ``left``: bytes of a mail that was left in its mailbox; of it only
    the header came. ``refused``: lines of files and why each was not taken."""

    left: int = 0
    elsewhere: Sequence[Elsewhere] = ()
    refused: str = ""
    is_kept_internal: bool = False
    asks_for_progress: bool = False
    may_be_answered: bool = True

    @property
    def kinds(self) -> list[str]:
        """Of ``NOT_AS_BELIEVED``, those that there is reason for."""
        elsewhere = self.left or self.elsewhere
        reasons = zip(NOT_AS_BELIEVED, (self.is_kept_internal, elsewhere, self.refused), strict=True)
        return [kind for kind, reason in reasons if reason]


def answer(mail: MailMessage, occasion: Occasion) -> None:
    """Answers it, or notes on the mail why not. Within a transaction, once for each mail."""
    if occasion.elsewhere:
        _note(mail, elsewhere=[_noted(file) for file in occasion.elsewhere[:MAX_NAMED]])
    if not occasion.kinds and not occasion.asks_for_progress:
        return
    why = _why_not(mail, occasion)
    if why is None and occasion.kinds:
        why = _send(mail, occasion)
    elif why is None:
        assert mail.case is not None and mail.person is not None
        is_told = free_at(mail.person) is None and answer_progress(mail.case, mail.person) is not None
        why = None if is_told else Unanswered.TODAY
    if why is not None:
        _note(mail, unanswered=why)
    if occasion.asks_for_progress and (occasion.kinds or why):
        _ask_a_person(mail)


def not_asked_for(mail: MailMessage, files: Sequence[Elsewhere]) -> list[Elsewhere]:
    """Those that no earlier mail of this case named: a mail program quotes their list again and again."""
    earlier = MailMessage.objects.filter(case=mail.case, direction=Direction.IN).exclude(pk=mail.pk)
    lists = earlier.filter(facts__has_key="elsewhere").values_list("facts__elsewhere", flat=True)
    named = {file["name"] for files_of_one in lists for file in files_of_one}
    return [file for file in files if _noted(file)["name"] not in named]


def _why_not(mail: MailMessage, occasion: Occasion) -> Unanswered | None:
    if mail.person is None:
        return Unanswered.UNPROVEN
    if not occasion.may_be_answered:
        return Unanswered.UNWANTED
    assert mail.case is not None
    is_closed = occasion.kinds == [FILES_ELSEWHERE] and mail.case.status_facts.is_closed
    return Unanswered.CLOSED if is_closed else None


def _ask_a_person(mail: MailMessage) -> None:
    """Her question of how far it is starts the clock like any other, unless she was told within a day."""
    case, person = mail.case, mail.person
    if (
        case is None
        or person is None
        or not person.has_right(Right.OWN_ORGANISATION)
        or was_told_lately(case, person)
    ):
        return
    case.customer_wrote(by=person, reason=CUSTOMER_WROTE_AGAIN, at=timezone.now(), in_words=False)


def _send(mail: MailMessage, occasion: Occasion) -> Unanswered | None:
    """``None`` where it goes at once."""
    case = mail.case
    assert mail.person is not None and case is not None
    if automatic_answers.is_full(mail.person):
        return Unanswered.TODAY
    page = f"{settings.PORTAL_URL}{case.get_absolute_url()}"
    facts = {"number": case.number}
    paragraphs: list[str] = []
    action = None
    if occasion.is_kept_internal:
        body = _(
            "Your mail quotes an internal note of case %(number)s. It is kept in the case as an internal "
            "note: the customer has not got it and does not see it. Write to her on the page of the case, or "
            "mail again without the quotation:"
        )
        paragraphs.append(f"{body % facts}\n{page}")
    if occasion.left:
        begin = _(
            "Your mail of %(size)s is larger than the %(most)s that the portal takes: of it only the subject "
            "is in case %(number)s. Please mail its text again without the files."
        )
        sizes = {"size": filesizeformat(occasion.left), "most": filesizeformat(settings.MAIL_MAX_SIZE)}
        asked = _("The files of your mail “%(subject)s”") % {"subject": plain(mail.subject, MAX_SUBJECT)}
        ask, action = _ask_for(mail, case, asked, page)
        paragraphs.append(f"{begin % (facts | sizes)} {ask}")
    elif occasion.elsewhere:
        lines = "\n".join(_line(file) for file in occasion.elsewhere[:MAX_NAMED])
        begin = _("Your mail is in case %(number)s, but these files did not come with it:\n\n%(lines)s")
        ask, action = _ask_for(mail, case, lines, page)
        paragraphs.append(f"{begin % (facts | {'lines': lines})}\n\n{ask}")
    if occasion.refused:
        body = _(
            "Your mail is in case %(number)s. These attachments were not taken:\n\n%(lines)s\n\n"
            "You can upload them on the page of the case:"
        )
        paragraphs.append(f"{body % (facts | {'lines': occasion.refused})}\n{page}")
    kind, text = occasion.kinds[0], "\n\n".join(paragraphs)
    is_sent = automatic_answers.answer(
        mail.person, case, kind=kind, text=text, answers=mail.message_id, action=action
    )
    return None if is_sent else Unanswered.LATER


def _ask_for(mail: MailMessage, case: Case, lines: str, page: str) -> tuple[str, dict[str, str] | None]:
    """A link for what did not come: it is not fetched from where it is. While nobody works on the case the
    portal answers for it; of a closed case, where no link opens, the address of its page."""
    if case.status_facts.is_closed:
        ask = _("You can upload them on the page of the case:")
        return f"{ask}\n{page}", None
    until = timezone.now() + LINK_LIFE
    link, _secret = links.make(
        by=case.working_engineer,
        case=case,
        expires_at=until,
        most_bytes=settings.UPLOAD_MAX_SIZE,
        most_uploads=MAX_NAMED,
        asked=lines,
        mail=mail.person.email if mail.person else "",
        shows_request=True,
        person=mail.person,
    )
    ask = _("Please upload them by this link until %(day)s; it needs no password, a code comes by mail.")
    action = {"label": _("Upload the files"), "url": f"{settings.PORTAL_URL}{path_of(link)}"}
    return ask % {"day": times.day(until)}, action


def _line(file: Elsewhere) -> str:
    if file.until is None:
        return f"– {plain(file.name)}"
    facts = {"name": plain(file.name), "day": times.day(file.until)}
    told = _("%(name)s (your mail service keeps it until %(day)s)") % facts
    return f"– {told}"


def _noted(file: Elsewhere) -> dict[str, str]:
    until = {"until": file.until.isoformat()} if file.until else {}
    return {"name": storable(file.name)[:200]} | until


def _note(mail: MailMessage, **facts: object) -> None:
    mail.facts = {**mail.facts, **facts}
    mail.save(update_fields=["facts"])
