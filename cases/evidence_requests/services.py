"""Asking for evidence, and what becomes of each item: the same acts for pages, uploads and demo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from accounts.roles import Right, with_right
from cases import rights, services
from cases.events import EventKind
from cases.evidence_requests import texts as evidence_texts
from cases.evidence_requests.errors import IsSettled, NoReasonWhy, NothingAsked, RequestIsClosed, TooMuchAsked
from cases.evidence_requests.kinds import ItemKind
from cases.evidence_requests.models import (
    Closing,
    EvidenceItem,
    EvidenceItemQuerySet,
    EvidenceRequest,
    ItemState,
)
from cases.models import Case, Message, MessageKind
from cases.signals import ActivityKind, announce, request_fulfilled
from cases.status import Prompt, Status, Turn, is_possible
from engine.text_safety import one_line, paragraphs, plain

if TYPE_CHECKING:
    from accounts.models import User

MAX_ITEMS = 40
MAX_DETAIL_LENGTH = 400
MAX_REASON_LENGTH = 500

ASKED = gettext_noop("Evidence was asked for.")
COMPLETE = gettext_noop("Everything asked for has arrived.")
NOT_TO_BE_HAD = gettext_noop("An item of the evidence request cannot be sent.")
AFTER_ALL = gettext_noop("What could not be sent can be had after all.")
NOT_READ = gettext_noop("What had arrived could not be read, so it is still missing.")
WITHDRAWN = gettext_noop("The evidence request was withdrawn.")
UNCHECKED = gettext_noop("An upload could not be checked by itself; the engineer looks at it.")

SETTLED = {
    ItemState.UNAVAILABLE: NOT_TO_BE_HAD,
    ItemState.OPEN: gettext_noop("An item of the evidence request is asked for again."),
    ItemState.ARRIVED: gettext_noop("An item of the evidence request counts as arrived."),
    ItemState.WAIVED: gettext_noop("An item of the evidence request is not needed any more."),
}
"""What the history says of a person's word without a reason."""

Asked = tuple[str, str]
"""Kind and detail of one item."""

BY_CUSTOMERS = {ItemState.UNAVAILABLE, ItemState.OPEN}


def open_request(case: Case) -> EvidenceRequest | None:
    """The case's open request, its items loaded."""
    return case.evidence_requests.open().prefetch_related("items").select_related("made_by").first()


@transaction.atomic
def ask(
    case: Case,
    *,
    by: User,
    items: Sequence[Asked],
    since: datetime | None = None,
    until: datetime | None = None,
    note: str = "",
    at: datetime | None = None,
) -> EvidenceRequest:
    """A new request, its entry in the thread, and the case waits for the customer.

    It replaces an open one; what had arrived for that and is asked for again stays arrived.

    Raises ``NotAllowed``, ``NothingAsked``, ``TooMuchAsked``, ``IllegalStatusChange``, ``TooLong``.
    """
    at = at or timezone.now()
    rights.require(rights.may_change_status, by, case)
    items = _clean(items)
    note = paragraphs(note)
    case.lock()
    former = open_request(case)
    settled = {(item.kind, item.detail): item for item in former.items.all()} if former else {}
    if former is not None:
        _close(former, Closing.REPLACED, at)
    message = services.post_message(
        case, by=by, body=_as_text(case, items, since, until, note), kind=MessageKind.REQUEST, at=at
    )
    request = EvidenceRequest.objects.create(
        case=case, message=message, made_by=by, made_at=at, since=since, until=until, note=note
    )
    for position, (kind, detail) in enumerate(items):
        item = EvidenceItem(request=request, position=position, kind=kind, detail=detail)
        if before := settled.get((kind, detail)):
            _copy_state(before, item)
        item.save()
    if case.status != Status.WAITING:
        case.wait_for_customer(by=by, reason=note or ASKED, at=at)
    _record(case, by, ASKED, at)
    asked = [list(item) for item in items]
    announce(ActivityKind.EVIDENCE_REQUESTED, case, by=by, at=at, message=message, reason=note, items=asked)
    _close_if_settled(request, by, at)
    return request


@transaction.atomic
def settle(item: EvidenceItem, state: ItemState, *, by: User, reason: str = "") -> None:
    """What a person says of an item: the vendor anything, a customer that she cannot send it (and why), that
    something else is done, or neither after all. What cannot be sent can be sent after all while the case is
    open, also when the request has ended (``_ask_again``). A customer's word is an entry of the thread and
    told as a reply; like an upload it starts no clock while the request waits for more.

    Raises ``NotAllowed``, ``NoReasonWhy``, ``RequestIsClosed``, ``IsSettled``.
    """
    request = _locked(item.request_id)
    item.refresh_from_db(fields=["state", "settled_by"])
    own = BY_CUSTOMERS | (set() if ItemKind(item.kind).facts.match else {ItemState.ARRIVED})
    if not rights.may_reply(by, request.case) or not (by.is_vendor or state in own):
        raise NotAllowed()
    if by.is_customer and item.state != ItemState.OPEN and not _is_a_word(item):
        raise IsSettled(state=item.get_state_display())
    at = timezone.now()
    reason = one_line(plain(reason))[:MAX_REASON_LENGTH]
    if request.closed_at:
        if state != ItemState.OPEN or item.state != ItemState.UNAVAILABLE:
            raise RequestIsClosed()
        item = _ask_again(item, by, at)
        request = item.request
    if state == ItemState.UNAVAILABLE and by.is_customer and not reason:
        raise NoReasonWhy()
    settled_at = None if state == ItemState.OPEN else at
    EvidenceItem.objects.filter(pk=item.pk).update(
        state=state, settled_by=by, settled_at=settled_at, found="", reason=reason
    )
    if state != item.state or reason:
        _record(request.case, by, reason or SETTLED[state], at)
    if by.is_customer and (state != item.state or reason):
        with translation.override(request.case.contact.language):
            words = evidence_texts.word(item.kind, item.detail, item.state, state, reason)
        message = Message.objects.create(
            case=request.case, kind=MessageKind.SYSTEM, author=by, body=words, created_at=at
        )
        announce(ActivityKind.REPLY, request.case, by=by, at=at, message=message)
    _close_if_settled(request, by, at)


def _is_a_word(item: EvidenceItem) -> bool:
    """Whether a customer may say something else: not of what an upload brought or the vendor waived."""
    return item.settled_by is not None and item.state in BY_CUSTOMERS | {ItemState.ARRIVED}


def can_be_asked_again(item: EvidenceItem) -> bool:
    """Whether this, which could not be sent and whose request has ended, may be sent after all: the case is
    open, and what was said last of the same thing is that it cannot be sent."""
    request, case = item.request, item.request.case
    if item.state != ItemState.UNAVAILABLE or request.closing not in {Closing.FULFILLED, Closing.WITHDRAWN}:
        return False
    same = EvidenceItem.objects.filter(request__case=case, kind=item.kind, detail=item.detail)
    newest = same.order_by("-request__made_at").values_list("state", flat=True)
    return not case.status_facts.is_closed and newest[:1].get() == ItemState.UNAVAILABLE


def _ask_again(item: EvidenceItem, by: User, at: datetime) -> EvidenceItem:
    """The item in the open request, or its own request open again for it alone. The case waits for it: one
    that was closed for the time being goes on by that. A result that was sent stays sent and asks whether it
    helped, an analysis goes on, and an answer that is owed stays owed."""
    request, case = item.request, item.request.case
    current = open_request(case)
    again = current.items.filter(kind=item.kind, detail=item.detail).first() if current else None
    if again is not None and again.state != ItemState.UNAVAILABLE:
        raise IsSettled(state=again.get_state_display())
    if not can_be_asked_again(item):
        raise RequestIsClosed()
    if again is not None:
        return again
    if current is not None:
        place = {"position": current.items.count(), "kind": item.kind, "detail": item.detail}
        again = EvidenceItem(request=current, **place)
        _copy_state(item, again)
        again.save()
        return again
    withdrawn = request.items.filter(state=ItemState.OPEN)
    withdrawn.update(state=ItemState.WAIVED, settled_at=request.closed_at)
    request.closed_at, request.closing = None, ""
    request.save(update_fields=["closed_at", "closing"])
    if case.status_facts.turn is Turn.CUSTOMER or case.status == Status.ANALYSING or _waits_for_us(case):
        return item
    if not is_possible("wait_for_customer", case.status):
        case.change_status("resume", by=by, reason=AFTER_ALL, at=at)
    case.change_status("wait_for_customer", by=by, reason=AFTER_ALL, at=at)
    return item


def _waits_for_us(case: Case) -> bool:
    """Whether a customer has asked something, in words, and nobody of the vendor's has answered since."""
    posts = Message.objects.in_place().filter(case=case, internal=False)
    hers = posts.filter(author__role__in=with_right(Right.OWN_ORGANISATION), kind__in=services.REPLIES)
    answers = posts.filter(author__role__in=with_right(Right.VENDOR)).exclude(kind=MessageKind.BUNDLE)
    asked, answered = hers.order_by("created_at").last(), answers.order_by("created_at").last()
    is_newer = asked is not None and (answered is None or asked.created_at > answered.created_at)
    return is_newer and case.next_due_at is not None


def _copy_state(source: EvidenceItem, item: EvidenceItem) -> None:
    item.state, item.settled_at, item.settled_by = source.state, source.settled_at, source.settled_by
    item.found, item.reason = source.found, source.reason


def settled_without(case: Case) -> EvidenceRequest | None:
    """The newest request, if it has ended without something that could not be sent; an upload may bring that
    after all."""
    newest = case.evidence_requests.prefetch_related("items").first()
    if newest is None or newest.closing != Closing.FULFILLED:
        return None
    items = newest.items.all()
    return newest if any(item.state == ItemState.UNAVAILABLE for item in items) else None


def given_up(case: Case, *, before: datetime) -> EvidenceItemQuerySet:
    """What could not be sent of the requests that have ended and were made ``before`` or then: an upload may
    bring it after all."""
    items = EvidenceItem.objects.filter(request__case=case, state=ItemState.UNAVAILABLE)
    return items.filter(request__closed_at__isnull=False, request__made_at__lte=before)


@transaction.atomic
def note_arrivals(request: EvidenceRequest, files: Mapping[int, str]) -> EvidenceRequest:
    """Items that an upload brought, by their id, with the file that each was found in.

    The last one moves the case on. Returns the request as it is now; in a closed one only what could not be
    sent may arrive after all.
    """
    row = _locked(request.pk)
    at = timezone.now()
    if row.closed_at is not None:
        late = row.items.filter(pk__in=files, state=ItemState.UNAVAILABLE)
        for item in late:
            # Earlier requests that were replaced have a copy of it.
            same = given_up(row.case, before=row.made_at).filter(kind=item.kind, detail=item.detail)
            found = plain(files[item.pk], 500)
            same.update(state=ItemState.ARRIVED, settled_at=at, settled_by=None, found=found)
        if late:
            _record(row.case, None, AFTER_ALL, at)
    if row.closed_at is None:
        for item_id, name in files.items():
            row.items.filter(pk=item_id).exclude(state=ItemState.ARRIVED).update(
                state=ItemState.ARRIVED, settled_at=at, settled_by=None, found=plain(name, 500)
            )
        _close_if_settled(row, None, at)
    return row


@transaction.atomic
def ask_for_again(request: EvidenceRequest, items: Iterable[int]) -> EvidenceRequest | None:
    """Items that an upload seemed to bring and that could not be read: they are missing still. A request that
    they had completed is open again, and the case waits; not where it has gone on or asks for something
    else by now. ``None``: nothing has changed."""
    row = _locked(request.pk)
    case, at = row.case, timezone.now()
    wrong = row.items.filter(pk__in=list(items), state=ItemState.ARRIVED, settled_by=None)
    over = row.closed_at is not None and (
        row.closing != Closing.FULFILLED
        or open_request(case) is not None
        or not is_possible("wait_for_customer", case.status)
    )
    if over or not wrong.update(state=ItemState.OPEN, settled_at=None, found=""):
        return None
    _record(case, None, NOT_READ, at)
    if row.closed_at is not None:
        row.closed_at, row.closing = None, ""
        row.save(update_fields=["closed_at", "closing"])
        case.change_status("wait_for_customer", by=None, reason=NOT_READ, at=at)
    return row


@transaction.atomic
def withdraw(request: EvidenceRequest, *, by: User) -> None:
    """Ends the request; a case that waited for it goes back to work.

    Raises ``NotAllowed``, ``RequestIsClosed``.
    """
    row = _locked(request.pk)
    rights.require(rights.may_change_status, by, row.case)
    if row.closed_at:
        raise RequestIsClosed()
    at = timezone.now()
    _close(row, Closing.WITHDRAWN, at)
    _record(row.case, by, WITHDRAWN, at)
    _back_to_work(row.case, by, WITHDRAWN, at)


def end_with_the_case(case: Case, *, by: User | None, at: datetime) -> None:
    """Ends the open request, if there is one: the case has ended, or its result is sent without it."""
    request = open_request(case)
    if request is not None:
        _close(request, Closing.WITHDRAWN, at)
        _record(case, by, WITHDRAWN, at)


@transaction.atomic
def resume_unchecked(case: Case) -> None:
    """An upload came whose check failed: the case goes on, a person looks at what is still missing."""
    case.lock()
    if case.awaits_items:
        _back_to_work(case, None, UNCHECKED, timezone.now())
        request_fulfilled.send(sender=EvidenceRequest, case=case)


def _close_if_settled(request: EvidenceRequest, by: User | None, at: datetime) -> None:
    if request.items.filter(state=ItemState.OPEN).exists():
        return
    _close(request, Closing.FULFILLED, at)
    case = request.case
    if request.items.filter(state=ItemState.ARRIVED).exists():
        _record(case, by, COMPLETE, at)
    _back_to_work(case, by, COMPLETE, at)
    request_fulfilled.send(sender=EvidenceRequest, case=case)


def _close(request: EvidenceRequest, how: Closing, at: datetime) -> None:
    request.closed_at, request.closing = at, how
    request.save(update_fields=["closed_at", "closing"])


def _back_to_work(case: Case, by: User | None, reason: str, at: datetime) -> None:
    case.refresh_from_db(fields=["status"])
    if Prompt.ITEMS in case.status_facts.resumes_on:
        case.change_status("resume", by=by, reason=reason, at=at)


def _locked(request_id: int) -> EvidenceRequest:
    # Two bundles may bring the last two items at the same time: one of them must see both. The case
    # first, as everywhere, or two of us would wait for each other.
    case_id = EvidenceRequest.objects.values_list("case", flat=True).get(pk=request_id)
    Case.objects.locked().get(pk=case_id)
    return EvidenceRequest.objects.select_related("case").get(pk=request_id)


def _record(case: Case, actor: User | None, reason: str, at: datetime) -> None:
    case.record(EventKind.REQUEST, by=actor, at=at, reason=reason)


def _clean(items: Iterable[Asked]) -> list[Asked]:
    named = [(ItemKind(kind).value, one_line(plain(detail))) for kind, detail in items]
    clean = list(dict.fromkeys((kind, detail[:MAX_DETAIL_LENGTH]) for kind, detail in named))
    if not clean:
        raise NothingAsked()
    if len(clean) > MAX_ITEMS:
        raise TooMuchAsked(count=len(clean), most=MAX_ITEMS)
    return clean


def _as_text(
    case: Case, items: list[Asked], since: datetime | None, until: datetime | None, note: str
) -> str:
    """The request as the thread, the API and mails tell it, in the contact's language."""
    with translation.override(case.contact.language):
        return evidence_texts.as_text(items, since, until, note)
