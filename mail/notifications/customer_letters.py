"""What the customer's people are told: never an internal word; ``None`` where it is no news to them. Whoever
is on the Cc list only hears of it: she is asked for nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import times
from cases.answer_links.kinds import OfAppointment, OfPause, OfScope, OfTimes
from cases.appointments.models import AppointmentState
from cases.desk.progress import progress_of
from cases.evidence_requests.models import EvidenceRequest
from cases.evidence_requests.services import open_request
from cases.evidence_requests.texts import span
from cases.models import Case, Message, MessageKind
from cases.pauses.models import ProposalState
from cases.scopes.models import ScopeState
from cases.signals import Activity
from cases.status import Status
from engine.text_safety import one_line, plain
from mail.notifications.audience import Reader
from mail.notifications.entries import entry_of, reason_of
from mail.notifications.letters import (
    Letter,
    asked,
    because,
    calendar_of,
    letter,
    listed,
    moment,
    named,
    title_of,
    upload_path,
    words_of,
)
from mail.notifications.links import absolute
from mail.notifications.questions import awaited, question_path
from mail.notifications.report_letters import whether_solved
from uploads.custody import notices


def received(activity: Activity, reader: Reader) -> Letter:
    """The confirmation: the number, what happens next, and by when."""
    case = activity.case
    facts = {
        "number": case.number,
        "by": named(activity),
        "title": title_of(case),
        "engineer": one_line(plain(case.engineer.name)) if case.engineer else "",
        "due": times.minute(case.next_due_at) if case.next_due_at else "",
    }
    if activity.by is not None and activity.by.is_vendor:
        begin = _("%(by)s has opened a case for you. Its number is %(number)s.") % facts
    else:
        begin = _("Your case has arrived. Its number is %(number)s.") % facts
    if case.engineer:
        following = _("What happens next: %(engineer)s reads your description and answers you by %(due)s.")
    else:
        following = _("What happens next: an engineer reads your description and answers you by %(due)s.")
    files = _(
        "If you have logs or screenshots already, upload them on the page of your case, or send them as "
        "attachments of a reply to this mail."
    )
    return letter(
        case,
        begin,
        _("Title: %(title)s") % facts,
        following % facts if facts["due"] else "",
        asked(reader, files),
    )


def reply(activity: Activity, reader: Reader) -> Letter:
    """The words of the entry, with the name of who wrote them."""
    return letter(activity.case, _introduced(activity), words_of(activity.message), _signed(activity))


def entry(activity: Activity, reader: Reader) -> Letter:
    """An entry that speaks for itself."""
    return letter(activity.case, words_of(activity.message) or plain(activity.reason), _signed(activity))


def appointment(activity: Activity, reader: Reader) -> Letter | None:
    """The times that are proposed, or what became of them, with the file for her calendar."""
    state, ask, path = activity.facts.get("state"), "", ""
    if state == AppointmentState.DECLINED and reader.person == activity.by:
        return None
    if state == AppointmentState.PROPOSED:
        path = question_path(OfTimes, activity.case, reader)
        ask = _("Please choose a time by the link below, or reply to this mail with one that suits you.")
        if not path:
            ask = _(
                "Please choose a time on the page of your case, or reply to this mail with one that suits "
                "you."
            )
    elif off := question_path(OfAppointment, activity.case, reader):
        ask = _("Should it not suit you any more, call it off by this link: %(url)s")
        ask %= {"url": absolute(off)}
    return letter(
        activity.case,
        entry_of(activity),
        asked(reader, ask),
        _signed(activity),
        label=str(OfTimes.label) if state == AppointmentState.PROPOSED else "",
        path=path,
        calendar=calendar_of(activity),
    )


def scope(activity: Activity, reader: Reader) -> Letter:
    """The scope, and how she says yes or no to it; or that an answer to it is noted."""
    if activity.facts.get("state") != ScopeState.SENT:
        return outcome(activity, reader)
    path = question_path(OfScope, activity.case, reader)
    ask = _(
        "Please tell us whether we have understood you: agree or object by the link below, or reply to this "
        "mail."
    )
    if not path:
        ask = _(
            "Please tell us whether we have understood you: agree or object on the page of your case, or "
            "reply to this mail."
        )
    label = str(OfScope.label)
    said, ask = entry_of(activity), asked(reader, ask)
    return letter(activity.case, said, ask, _signed(activity), label=label, path=path)


def suspension_proposed(activity: Activity, reader: Reader) -> Letter:
    """With what the case would go on, and how she agrees or does not; or what became of the proposal."""
    state = activity.facts.get("state")
    if state == ProposalState.WITHDRAWN:
        return letter(activity.case, entry_of(activity), _signed(activity))
    if state != ProposalState.PROPOSED:
        return outcome(activity, reader)
    path = question_path(OfPause, activity.case, reader)
    ask = _("Nothing changes before you agree. Please answer by the link below, or reply to this mail.")
    if not path:
        ask = _("Nothing changes before you agree. Please answer on the page of your case, or in a reply.")
    lost = _("Nothing is lost by that: it goes on as soon as you write or upload.")
    label = str(OfPause.label)
    said, ask = entry_of(activity), asked(reader, ask)
    return letter(activity.case, said, lost, ask, _signed(activity), label=label, path=path)


def outcome(activity: Activity, reader: Reader) -> Letter:
    """That somebody's word is noted."""
    return letter(activity.case, _("This is noted in your case:"), entry_of(activity))


def evidence_requested(activity: Activity, reader: Reader) -> Letter:
    """The engineer's note, each item with how to get it, the time span, and how to send it."""
    request = EvidenceRequest.objects.filter(message=activity.message).first()
    return letter(
        activity.case,
        plain(activity.reason),
        _("To go on, we need this from you:"),
        listed(activity.facts.get("items", ()), how=True),
        span(request.since, request.until) if request else "",
        asked(reader, _how_to_send()),
        _signed(activity),
        label=_("Upload the files"),
        path=upload_path(activity.case),
    )


def upload_checked(activity: Activity, reader: Reader) -> Letter | None:
    """That her upload is there, and what comes next."""
    if activity.by is not None and activity.by.is_vendor:
        return None
    facts = activity.facts
    if not facts.get("checked", True):
        sentence = _(
            "“%(name)s” has arrived. It could not be checked by itself; your engineer looks at it. You need "
            "not send it again."
        )
    elif facts.get("total"):
        sentence = _(
            "“%(name)s” has arrived and is checked. Nothing of what we asked for is missing any more; your "
            "case goes on."
        )
    else:
        sentence = _("“%(name)s” has arrived and is checked. Your engineer reads what the analysis finds.")
    return letter(activity.case, sentence % {"name": _file(activity)})


def items_missing(activity: Activity, reader: Reader) -> Letter | None:
    """What came and what is still missing, with how to get it."""
    if activity.by is not None and activity.by.is_vendor:
        return None
    missing = activity.facts.get("missing", ())
    sentence = ngettext(
        "“%(name)s” has arrived and is checked. One thing that we asked for is still missing:",
        "“%(name)s” has arrived and is checked. %(count)s things that we asked for are still missing:",
        len(missing),
    ) % {"name": _file(activity), "count": len(missing)}
    return letter(
        activity.case,
        sentence,
        listed(missing, how=True),
        asked(reader, _how_to_send()),
        label=_("Upload the files"),
        path=upload_path(activity.case),
    )


def waiting_reminder(activity: Activity, reader: Reader) -> Letter:
    """What is still waited for, and what becomes of the case if nothing comes."""
    case = activity.case
    request = open_request(case)
    missing = [(item.kind, item.detail) for item in request.missing] if request else []
    begin = _("Your case waits for you. As soon as you answer, it goes on.")
    if missing:
        begin = _("We asked you for these things on %(day)s, and they are still missing:")
        label, path = _("Upload the files"), upload_path(case)
    else:
        label, path = awaited(case, reader)
    suspends = moment(activity.facts.get("suspends_at"))
    ends = _(
        "If we hear nothing by %(day)s, we close the case for the time being. Nothing is lost by that: it "
        "goes on as soon as you write or upload."
    )
    return letter(
        case,
        begin % {"day": times.minute(request.made_at)} if request else begin,
        listed(missing, how=True),
        span(request.since, request.until) if request else "",
        asked(reader, _how_to_send()) if missing else _question(case, reader),
        ends % {"day": suspends} if suspends else "",
        label=label,
        path=path,
    )


def own_reminder(activity: Activity, reader: Reader) -> Letter:
    """That she wanted to be reminded, and what is asked of her."""
    begin = _("You wanted to be reminded of this case; you set it on %(day)s.")
    day = moment(activity.facts.get("made_at"))
    return letter(activity.case, begin % {"day": day}, _question(activity.case, reader))


def _question(case: Case, reader: Reader) -> str:
    """What a case without missing items waits for: her word on what she is asked, or the answer to a
    question."""
    if case.status == Status.RESULT_SENT:
        return asked(reader, whether_solved(case, reader))
    progress = progress_of(case)
    if progress.customers_turn and not progress.by_status:
        return str(progress.now)
    begun = case.events.filter(to_status=Status.WAITING).last()
    question = plain(begun.why).strip() if begun else ""
    return _("You were asked:\n%(question)s") % {"question": question} if question else ""


def suspended(activity: Activity, reader: Reader) -> Letter:
    """Why, and what makes it go on."""
    goes_on = _(
        "It goes on as soon as you upload what is missing or write to us; a reply to this mail is enough."
    )
    begin = _("We have closed your case for the time being.")
    return letter(activity.case, begin, reason_of(activity), asked(reader, goes_on), _signed(activity))


def resumed(activity: Activity, reader: Reader) -> Letter:
    """That it goes on, and by when she hears of it."""
    case = activity.case
    due = _("Your next answer comes by %(due)s.") % {"due": _due(activity)} if case.next_due_at else ""
    return letter(case, _("Your case goes on."), due, _signed(activity))


def closed(activity: Activity, reader: Reader) -> Letter:
    """Why, and what to do should it come back."""
    back = _("Should the problem come back, reply to this mail or write on the page of your case.")
    begin, reason = _("Your case is closed."), because(activity.reason)
    return letter(activity.case, begin, reason, asked(reader, back), _signed(activity))


def reopened(activity: Activity, reader: Reader) -> Letter:
    """That it is worked on again."""
    case = activity.case
    due = _("Your next answer comes by %(due)s.") % {"due": _due(activity)} if case.next_due_at else ""
    return letter(case, _("Your case is open again."), because(activity.reason), due, _signed(activity))


def merged(activity: Activity, reader: Reader) -> Letter:
    """In which case hers goes on; or that it goes on by itself after all."""
    case, other = activity.case, Case.objects.filter(number=activity.facts.get("other")).first()
    facts = {"number": case.number, "other": other.number if other else ""}
    if other is None or activity.facts.get("undone"):
        sentence = _("Your case %(number)s is no double of case %(other)s after all; it goes on by itself.")
        return letter(case, sentence % facts)
    sentence = _(
        "Your case %(number)s is about the same as case %(other)s. Both go on in case %(other)s, and you get "
        "the answers of that one from now on."
    )
    stays = _("Nothing is lost: your messages and uploads stay, and a reply to this mail is written there.")
    path = other.get_absolute_url()
    return letter(case, sentence % facts, stays, _signed(activity), path=path)


def assigned(activity: Activity, reader: Reader) -> Letter | None:
    """Who works on it now."""
    names = [one_line(plain(person.name)) for person in activity.people]
    if not names:
        return None
    return letter(activity.case, _("%(name)s works on your case now.") % {"name": names[0]})


def deletion(activity: Activity, reader: Reader) -> Letter:
    """On which day her uploads go."""
    deletes_at = datetime.fromisoformat(str(activity.facts["deletes_at"]))
    return letter(activity.case, notices.announcement(activity.case, deletes_at))


def _how_to_send() -> str:
    return _(
        "Upload them on the page of your case, or send them as attachments of a reply to this mail; one by "
        "one or together, in any order. Each is held against this list as soon as it is here. If there is "
        "something that you cannot send, say so there or in a reply."
    )


def _introduced(activity: Activity) -> str:
    by, message = activity.by, activity.message
    if message is not None and message.kind == MessageKind.PHONE:
        return _("Noted after a phone call:")
    if (by is not None and by.is_customer) or (by is None and activity.facts.get("writer")):
        return _("%(name)s wrote:") % {"name": named(activity)}
    return ""


def _signed(activity: Activity) -> str:
    """The engineer's name, where her own words do not end with it."""
    name = named(activity)
    if activity.by is None or not activity.by.is_vendor or _ends_with(activity.message, name):
        return ""
    return name


def _ends_with(message: Message | None, name: str) -> bool:
    lines = words_of(message).strip().splitlines()
    return bool(lines) and name in lines[-1]


def _file(activity: Activity) -> str:
    return one_line(plain(activity.facts.get("name", ""), 200))


def _due(activity: Activity) -> str:
    return times.minute(activity.case.next_due_at) if activity.case.next_due_at else ""
