"""What the customer's people are told of what they are asked for: how to send it, what has come of it, and
the reminders of it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Right
from cases import times
from cases.desk.progress import progress_of
from cases.evidence_requests.models import EvidenceRequest
from cases.evidence_requests.services import open_request
from cases.evidence_requests.texts import span
from cases.models import Case
from cases.signals import Activity
from cases.status import Status
from engine.text_safety import one_line, plain
from mail.notifications.audience import Reader
from mail.notifications.letters import (
    Letter,
    asked,
    letter,
    listed,
    moment,
    nothing_read,
    signed,
    upload_path,
)
from mail.notifications.links import absolute, awaited
from mail.notifications.report_letters import whether_solved
from uploads.links import services as upload_links
from uploads.links.addresses import path_of


def evidence_requested(activity: Activity, reader: Reader) -> Letter:
    """The engineer's note, each item with how to get it, the time span, and how to send it."""
    request = EvidenceRequest.objects.filter(message=activity.message).first()
    path = link_path(request, reader)
    return letter(
        activity.case,
        plain(activity.reason),
        _("To go on, we need this from you:")
        if reader.person
        else _("To go on, we have asked the customer for this:"),
        listed(activity.facts.get("items", ()), how=True),
        span(request.since, request.until) if request else "",
        asked(reader, _how_to_send(path)),
        signed(activity),
        label=_("Upload the files"),
        path=path or upload_path(activity.case),
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
    elif facts.get("nothing"):
        sentence = _("“%(name)s” has arrived and is checked.")
    else:
        sentence = _("“%(name)s” has arrived and is checked. Your engineer reads what the analysis finds.")
    return letter(activity.case, sentence % {"name": _file(activity)}, nothing_read(activity))


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
    path = link_path(open_request(activity.case), reader, prolong=False)
    return letter(
        activity.case,
        sentence,
        listed(missing, how=True),
        nothing_read(activity),
        asked(reader, _how_to_send(path)),
        label=_("Upload the files"),
        path=path or upload_path(activity.case),
    )


def waiting_reminder(activity: Activity, reader: Reader) -> Letter:
    """What is still waited for, and what becomes of the case if nothing comes."""
    case = activity.case
    request = open_request(case)
    missing = [(item.kind, item.detail) for item in request.missing] if request else []
    if reader.person is None:
        return _waits_for_the_customer(case, request, missing)
    if request and case.status == Status.WAITING:
        begin = _("We asked you for these things on %(day)s, and they are still missing:")
        begin %= {"day": times.minute(request.made_at)}
        label, path = _("Upload the files"), link_path(request, reader) or upload_path(case)
        what = [listed(missing, how=True), span(request.since, request.until), _how_to_send(path)]
    else:
        begin = _("Your case waits for you. As soon as you answer, it goes on.")
        label, path = awaited(case, reader)
        what = [_question(case, reader)]
        if missing:
            what += [_("You can send this after all:"), listed(missing, how=True), _how_to_send("")]
    suspends = moment(activity.facts.get("suspends_at"))
    ends = _(
        "If we hear nothing by %(day)s, we close the case for the time being. Nothing is lost by that: it "
        "goes on as soon as you write or upload."
    )
    return letter(
        case,
        begin,
        *what,
        ends % {"day": suspends} if suspends else "",
        label=label,
        path=path,
    )


def _waits_for_the_customer(
    case: Case, request: EvidenceRequest | None, missing: list[tuple[str, str]]
) -> Letter:
    """The copy for whoever is asked for nothing."""
    begin = _("This case waits for the customer; she has been reminded.")
    if request is None or not missing:
        return letter(case, begin)
    asked_for = _("We asked for these things on %(day)s, and they are still missing:")
    return letter(case, begin, asked_for % {"day": times.minute(request.made_at)}, listed(missing))


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


def link_path(request: EvidenceRequest | None, reader: Reader, *, prolong: bool = True) -> str:
    """Where this reader uploads what is asked for without signing in; empty where she has no such link, or
    where the portal does not know its own address (``PORTAL_URL``). ``prolong``: as of ``for_request``."""
    if (
        request is None
        or reader.person is None
        or not reader.person.has_right(Right.OWN_ORGANISATION)
        or not absolute("/")
    ):
        return ""
    link = upload_links.for_request(request, reader.person, prolong=prolong)
    return path_of(link) if link is not None else ""


def _how_to_send(path: str) -> str:
    """``path``: where she uploads; within the case if she has to sign in."""
    way = _(
        "Upload them on the page of your case, or send them as attachments of a reply to this mail; one by "
        "one or together, in any order. Each is held against this list as soon as it is here. If there is "
        "something that you cannot send, say so there or in a reply."
    )
    if path and not path.endswith("#upload"):
        way = _(
            "Upload them by the link below, you need not sign in, or send them as attachments of a reply to "
            "this mail; one by one or together, in any order. Each is held against this list as soon as it "
            "is here. If there is something that you cannot send, say so in a reply."
        )
    return way


def _file(activity: Activity) -> str:
    return one_line(plain(activity.facts.get("name", ""), 200))
