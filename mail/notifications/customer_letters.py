"""What the customer's people are told: never an internal word; ``None`` where it is no news to them. Whoever
is on the Cc list only hears of it: she is asked for nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from cases import times
from cases.answer_links.kinds import OfAppointment, OfPause, OfScope, OfTimes
from cases.appointments.models import AppointmentState
from cases.models import Case, MessageKind
from cases.pauses.models import ProposalState
from cases.scopes.models import ScopeState
from cases.signals import Activity
from engine.text_safety import one_line, plain
from mail.notifications.audience import Reader
from mail.notifications.entries import entry_of, reason_of
from mail.notifications.letters import (
    Letter,
    asked,
    because,
    calendar_of,
    letter,
    named,
    signed,
    title_of,
    words_of,
)
from mail.notifications.links import absolute, question_path
from mail.notifications.report_letters import if_silent, late_answer, whether_solved
from uploads.custody import notices


def received(activity: Activity, reader: Reader) -> Letter:
    """The confirmation: the number, what happens next, and by when."""
    case = activity.case
    facts = {
        "number": case.number,
        "by": named(activity),
        "title": title_of(case),
        "engineer": one_line(plain(case.engineer.name)) if case.engineer else "",
        "due": times.with_zone(case.next_due_at) if case.next_due_at else "",
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
    """The words of the entry, with the name of who wrote them; of a result whether it is solved."""
    case, ask = activity.case, []
    if activity.facts.get("result"):
        ask = [asked(reader, whether_solved(case, reader)), asked(reader, if_silent())]
    return letter(case, _introduced(activity), words_of(activity.message), *ask, signed(activity))


def entry(activity: Activity, reader: Reader) -> Letter:
    """An entry that speaks for itself."""
    return letter(activity.case, words_of(activity.message) or plain(activity.reason), signed(activity))


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
        signed(activity),
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
    return letter(activity.case, said, ask, signed(activity), label=label, path=path)


def suspension_proposed(activity: Activity, reader: Reader) -> Letter:
    """With what the case would go on, and how she agrees or does not; or what became of the proposal."""
    state = activity.facts.get("state")
    if state == ProposalState.WITHDRAWN:
        return letter(activity.case, entry_of(activity), signed(activity))
    if state != ProposalState.PROPOSED:
        return outcome(activity, reader)
    path = question_path(OfPause, activity.case, reader)
    ask = _("Nothing changes before you agree. Please answer by the link below, or reply to this mail.")
    if not path:
        ask = _("Nothing changes before you agree. Please answer on the page of your case, or in a reply.")
    lost = _("Nothing is lost by that: it goes on as soon as you write or upload.")
    label = str(OfPause.label)
    said, ask = entry_of(activity), asked(reader, ask)
    return letter(activity.case, said, lost, ask, signed(activity), label=label, path=path)


def outcome(activity: Activity, reader: Reader) -> Letter:
    """That somebody's word is noted."""
    return letter(activity.case, _("This is noted in your case:"), entry_of(activity))


def suspended(activity: Activity, reader: Reader) -> Letter:
    """Why, and what makes it go on."""
    goes_on = _(
        "It goes on as soon as you upload what is missing or write to us; a reply to this mail is enough."
    )
    if activity.case.result_asked_at:
        goes_on = late_answer(activity.case, reader)
    begin = _("We have closed the case for the time being.")
    if reader.person:
        begin = _("We have closed your case for the time being.")
    return letter(activity.case, begin, reason_of(activity), asked(reader, goes_on), signed(activity))


def resumed(activity: Activity, reader: Reader) -> Letter:
    """That it goes on, why where somebody let it, and by when she hears of it."""
    case = activity.case
    begin = _("Your case goes on.") if reader.person else _("The case goes on.")
    why = because(words_of(activity.message))
    return letter(case, begin, why, _next_answer(case, reader), signed(activity))


def closed(activity: Activity, reader: Reader) -> Letter:
    """Why, and what to do should it come back."""
    back = _("Should the problem come back, reply to this mail or write on the page of your case.")
    begin = _("Your case is closed.") if reader.person else _("The case is closed.")
    return letter(activity.case, begin, because(activity.reason), asked(reader, back), signed(activity))


def reopened(activity: Activity, reader: Reader) -> Letter:
    """That it is worked on again."""
    case = activity.case
    begin = _("Your case is open again.") if reader.person else _("The case is open again.")
    return letter(case, begin, because(activity.reason), _next_answer(case, reader), signed(activity))


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
    return letter(case, sentence % facts, stays, signed(activity), path=path)


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


def _introduced(activity: Activity) -> str:
    by, message = activity.by, activity.message
    if message is not None and message.kind == MessageKind.PHONE:
        return _("Noted after a phone call:")
    if (by is not None and by.is_customer) or (by is None and activity.facts.get("writer")):
        return _("%(name)s wrote:") % {"name": named(activity)}
    return ""


def _next_answer(case: Case, reader: Reader) -> str:
    if case.next_due_at is None:
        return ""
    promise = (
        _("Your next answer comes by %(due)s.") if reader.person else _("The next answer comes by %(due)s.")
    )
    return promise % {"due": times.with_zone(case.next_due_at)}
