"""What the vendor's people are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases import times
from cases.models import Case, MessageKind
from cases.signals import Activity
from engine.text_safety import one_line, plain
from mail.notifications.audience import Reader
from mail.notifications.entries import entry_of, reason_of
from mail.notifications.letters import (
    Letter,
    because,
    calendar_of,
    letter,
    listed,
    moment,
    named,
    nothing_read,
    title_of,
    words_of,
)
from mail.store.reasons import NotSent


def received(activity: Activity, reader: Reader) -> Letter:
    """A new case: whose, how bad, by when, and the customer's words."""
    case = activity.case
    facts = {
        "organisation": one_line(plain(case.organisation.name)),
        "contact": one_line(plain(case.contact.name)),
        "severity": case.get_severity_display(),
        "due": times.with_zone(case.next_due_at) if case.next_due_at else "–",
        "title": title_of(case),
    }
    return letter(
        case,
        _("A new case of %(organisation)s (%(contact)s).") % facts,
        _("Title: %(title)s\nSeverity: %(severity)s\nFirst answer due by %(due)s") % facts,
        plain(case.description),
    )


def reply(activity: Activity, reader: Reader) -> Letter:
    """Who wrote, and the words."""
    return letter(activity.case, _introduced(activity), words_of(activity.message))


def entry(activity: Activity, reader: Reader) -> Letter:
    """An entry that speaks for itself, with who made it, and the file for calendars of an appointment."""
    text = entry_of(activity) or plain(activity.reason)
    return letter(activity.case, _introduced(activity), text, calendar=calendar_of(activity))


def outcome(activity: Activity, reader: Reader) -> Letter:
    """Solved or not, in the customer's words; a contradiction is named."""
    contradiction = ""
    if activity.facts.get("contradicted"):
        contradiction = _("Another message of the customer says the contrary. Please look before you go on.")
    return letter(activity.case, _introduced(activity), entry_of(activity), contradiction)


def merged(activity: Activity, reader: Reader) -> Letter:
    """Which case went into which, or no more."""
    sentence = _("%(name)s merged case %(number)s into case %(other)s.")
    if activity.facts.get("undone"):
        sentence = _("%(name)s took back that case %(number)s is a double of case %(other)s.")
    facts = {
        "name": named(activity),
        "number": activity.case.number,
        "other": activity.facts.get("other", ""),
    }
    return letter(activity.case, sentence % facts)


def evidence_requested(activity: Activity, reader: Reader) -> Letter:
    """What a colleague asked for."""
    begin = _("%(name)s asked the customer for evidence:") % {"name": named(activity)}
    return letter(activity.case, begin, plain(activity.reason), listed(activity.facts.get("items", ())))


def upload_checked(activity: Activity, reader: Reader) -> Letter:
    """What came, and whether it is what was asked for."""
    facts = activity.facts
    if not facts.get("checked", True):
        sentence = _("“%(name)s” has arrived and could not be checked. Please look at it yourself.")
    elif facts.get("total"):
        sentence = _("“%(name)s” has arrived. Everything that was asked for is settled (%(total)s).")
    else:
        sentence = _("“%(name)s” has arrived and is checked.")
    said = sentence % {"name": _file(activity), "total": facts.get("total")}
    return letter(activity.case, said, nothing_read(activity))


def items_missing(activity: Activity, reader: Reader) -> Letter:
    """What came, and what is still missing."""
    facts = {"name": _file(activity), "settled": activity.facts.get("settled")}
    sentence = _("“%(name)s” has arrived. %(settled)s of %(total)s items are settled; still missing:")
    facts["total"] = activity.facts.get("total")
    missing = listed(activity.facts.get("missing", ()))
    return letter(activity.case, sentence % facts, missing, nothing_read(activity))


def report_sent(activity: Activity, reader: Reader) -> Letter:
    """That a colleague sent the report."""
    facts = {"name": named(activity), "version": activity.facts.get("version", "")}
    return letter(activity.case, _("%(name)s sent report v%(version)s to the customer.") % facts)


def status(activity: Activity, reader: Reader) -> Letter:
    """What became of the case, and why."""
    facts = {"what": activity.kind.label, "name": named(activity)}
    sentence = _("%(what)s by %(name)s.") if facts["name"] else _("%(what)s.")
    return letter(activity.case, sentence % facts, reason_of(activity))


def waiting_reminder(activity: Activity, reader: Reader) -> Letter:
    """That the customer was reminded."""
    suspends = moment(activity.facts.get("suspends_at"))
    ends = _("Without an answer the case is closed for the time being on %(day)s.") % {"day": suspends}
    return letter(
        activity.case, _("The customer has been reminded of what we wait for."), ends if suspends else ""
    )


def long_wait(activity: Activity, reader: Reader) -> Letter:
    """Since when what is waited for, how often the customer was reminded, and what to do about it."""
    case, facts = activity.case, activity.facts
    missing = facts.get("missing", ())
    about: dict[str, Any] = {
        "organisation": one_line(plain(case.organisation.name)),
        "contact": one_line(plain(case.contact.name)),
        "since": moment(facts.get("since")),
        "count": len(missing),
    }
    sentence = _("%(organisation)s (%(contact)s) has not answered since %(since)s.")
    if missing:
        sentence = ngettext(
            "One thing has been waited for from %(organisation)s (%(contact)s) since %(since)s:",
            "%(count)s things have been waited for from %(organisation)s (%(contact)s) since %(since)s:",
            len(missing),
        )
    reminded = int(facts.get("reminded", 0))
    times_told = ngettext(
        "The customer has been reminded once. Perhaps a call helps.",
        "The customer has been reminded %(count)s times. Perhaps a call helps.",
        reminded,
    )
    suspends = moment(facts.get("suspends_at"))
    ends = _("Without an answer the case is closed for the time being on %(day)s.") % {"day": suspends}
    call = times_told % {"count": reminded} if reminded else _("Perhaps a call helps.")
    if facts.get("unreached"):
        call = _(
            "The case was to be closed for the time being now, and stays open: the mail that announced it "
            "did not reach the contact. Please reach her in another way. Once you write in the case, the "
            "reminders begin anew."
        )
    return letter(
        case,
        sentence % about,
        listed(missing),
        call,
        ends if suspends else "",
        _("Title: %(title)s\nEngineer: %(engineer)s") % _title_and_engineer(case),
    )


def assigned(activity: Activity, reader: Reader) -> Letter:
    """What she has been given."""
    case = activity.case
    facts = {"name": named(activity)}
    begin = _("%(name)s has given you this case.") if facts["name"] else _("You have been given this case.")
    return letter(case, begin % facts, because(activity.reason), _standing(case))


def mentioned(activity: Activity, reader: Reader) -> Letter:
    """The note that names her."""
    begin = _("%(name)s mentions you in an internal note:") % {"name": named(activity)}
    return letter(activity.case, begin, words_of(activity.message) or plain(activity.reason))


def overdue(activity: Activity, reader: Reader) -> Letter:
    """Which answer is late, whose and since when."""
    case = activity.case
    facts = {
        "organisation": one_line(plain(case.organisation.name)),
        "due": moment(activity.facts.get("due_at")),
    }
    return letter(
        case,
        _("%(organisation)s waits for an answer that was due by %(due)s.") % facts,
        _("Title: %(title)s\nEngineer: %(engineer)s") % _title_and_engineer(case),
    )


def own_reminder(activity: Activity, reader: Reader) -> Letter:
    """That she wanted to be reminded, and how the case stands."""
    begin = _("You wanted to be reminded of this case; you set it on %(day)s.")
    day = moment(activity.facts.get("made_at"))
    return letter(activity.case, begin % {"day": day}, _standing(activity.case))


def mail_failed(activity: Activity, reader: Reader) -> Letter:
    """Whom a mail did not reach, and what her mail server said."""
    address = activity.facts.get("address", "")
    person = User.objects.filter(email=address).first()
    facts = {
        "address": one_line(plain(address, 320)),
        "name": one_line(plain(person.name)) if person else "",
        "answer": one_line(plain(activity.facts.get("answer", "") or activity.reason, 500)),
    }
    begin = _("A mail of this case to %(address)s could not be delivered.")
    if person is not None:
        begin = _("A mail of this case to %(name)s (%(address)s) could not be delivered.")
    answer = _("The mail server's answer: %(answer)s") if facts["answer"] else ""
    why = activity.facts.get("why", "")
    reason = str(NotSent(why).label) if why in NotSent else ""
    then = _("Please look at the mail, and tell what it says in another way.")
    if why == NotSent.NO_MAILBOX or not why:
        then = _("Please reach the customer in another way, and have the address corrected.")
        if person is not None and person.is_vendor:
            then = _("Please have the address corrected.")
    return letter(activity.case, begin % facts, reason, answer % facts, then)


def _standing(case: Case) -> str:
    facts = {
        "title": title_of(case),
        "organisation": one_line(plain(case.organisation.name)),
        "status": case.get_status_display(),
        "due": times.with_zone(case.next_due_at) if case.next_due_at else "–",
    }
    table = _(
        "Title: %(title)s\nOrganisation: %(organisation)s\nStatus: %(status)s\nNext answer due: %(due)s"
    )
    return table % facts


def _title_and_engineer(case: Case) -> dict[str, str]:
    engineer = one_line(plain(case.engineer.name)) if case.engineer else _("not assigned yet")
    return {"title": title_of(case), "engineer": engineer}


def _introduced(activity: Activity) -> str:
    by, message = activity.by, activity.message
    facts = {"name": named(activity)}
    if by is None:
        return _("%(name)s wrote:") % facts if facts["name"] else ""
    if by.organisation:
        facts["organisation"] = one_line(plain(by.organisation.name))
    if message is not None and message.kind == MessageKind.PHONE:
        return _("%(name)s noted a phone call:") % facts
    if by.is_customer:
        return _("%(name)s (%(organisation)s) wrote:") % facts
    return _("%(name)s wrote to the customer:") % facts


def _file(activity: Activity) -> str:
    return one_line(plain(activity.facts.get("name", ""), 200))
