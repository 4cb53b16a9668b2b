"""What the customer's people are told of a report: its conclusion, its steps, and how to answer."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages import current_language
from analysis.reports.models import Report
from analysis.reports.sentences import lead_and_rest
from analysis.reports.steps import lead_of, numbered, steps_of
from cases.answer_links.kinds import OfResult
from cases.models import Case
from cases.reminders.models import ReminderPlan
from cases.signals import Activity
from engine.text_safety import plain
from mail.notifications.audience import Reader
from mail.notifications.letters import Letter, asked, letter, named, report_path
from mail.notifications.links import absolute, question_path


def report_sent(activity: Activity, reader: Reader) -> Letter:
    """Its conclusion and advice; the whole report goes with it."""
    case, language = activity.case, current_language()
    report = Report.objects.filter(message=activity.message).first()
    if report is None:
        return letter(case)
    version = {"version": report.version}
    begin = _("The analysis is finished. Its result in short:")
    if activity.facts.get("revised"):
        begin = _("We have revised the report; version %(version)s replaces the one before.") % version
    conclusion, more = lead_and_rest(plain(report.conclusion.get(language, "")))
    change = plain(report.change.get(language, "")).strip()
    advice = plain(report.advice.get(language, "")).strip()
    lead, steps = lead_of(advice), steps_of(advice)
    return letter(
        case,
        begin,
        _("What is different: %(change)s") % {"change": change} if change else "",
        conclusion,
        *more,
        "\n".join((str(_("What we advise:")), *filter(None, (lead, numbered(steps))))) if advice else "",
        asked(reader, _how_to_tick()) if steps else "",
        asked(reader, whether_solved(case, reader)),
        asked(reader, if_silent()),
        named(activity) if activity.by else "",
        label=_("Read the report"),
        path=report_path(case, report.version),
        report=report.pk,
    )


def late_answer(case: Case, reader: Reader) -> str:
    """That a result of a case that is closed for the time being may still be answered."""
    url = _link(case, reader)
    if not url:
        return _(
            "Your answer still counts: tell us whether it is solved, on the page of your case or in a "
            "reply to this mail."
        )
    ask = _(
        "Your answer still counts: tell us whether it is solved, in a reply to this mail or by this "
        "link: %(url)s"
    )
    return ask % {"url": url}


def whether_solved(case: Case, reader: Reader) -> str:
    """The question of a result, with the link by which this reader answers it."""
    url = _link(case, reader)
    if not url:
        return _("Please try this and tell us whether it helped: on the page of your case, or in a reply.")
    ask = _("Please try this and tell us whether it helped, in a reply or by this link: %(url)s")
    return ask % {"url": url}


def if_silent() -> str:
    """What becomes of a case whose result is answered by nobody; empty where it stays open."""
    days = ReminderPlan.in_force().closing_day
    if days is None:
        return ""
    sentence = ngettext(
        "If we hear nothing for %(days)s working day, the case is closed for the time being. A word of yours "
        "takes it up again at any time.",
        "If we hear nothing for %(days)s working days, the case is closed for the time being. A word of "
        "yours takes it up again at any time.",
        days,
    )
    return sentence % {"days": days}


def _link(case: Case, reader: Reader) -> str:
    return absolute(path) if (path := question_path(OfResult, case, reader)) else ""


def _how_to_tick() -> str:
    return _(
        "Tick what you have done on the page of your case, or answer this mail, for instance: "
        "“steps 1 and 2 are done, step 3 not yet”."
    )
