"""The page of mails that wait for a person, and the page of one mail. Customers find nothing here, but
the page of a mail of theirs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts import rate_limit
from accounts.errors import Refusal
from accounts.models import User
from accounts.secret_links import without_secrets
from cases import times
from cases.lookups import user_of, vendor_of
from cases.models import Case
from cases.numbers import PATTERN
from engine.text_safety import plain
from mail.errors import SourceGone
from mail.inbound.models import Reading
from mail.inbound.outline import outline_of
from mail.inbound.unreached import unreached
from mail.outbound.transport import keeps_all_here
from mail.review import contents, lost, senders, services
from mail.review.errors import CannotBeRead, NoSuchCase, NotThen
from mail.review.forms import IntoCaseForm, NewCaseForm, PutOffForm
from mail.review.hiding import shown, shown_source
from mail.review.models import BulkDecision, Choice, MailDecision
from mail.review.proposals import opens_for, proposals_for
from mail.store.models import LATE, UNFINISHED, Direction, MailMessage, MailMessageQuerySet, MailState
from mail.store.sources import source_of

PER_PAGE = 30
MAX_PAGES_A_MINUTE = 60
MAX_LISTED = 3000
"""Mails of one list; what is older is found on its case, or by its sender."""
SHOWN = {
    "unread": UNFINISHED,
    "aside": Q(direction=Direction.IN, state=MailState.SET_ASIDE),
    "taken": Q(direction=Direction.IN, state=MailState.TAKEN),
    "late": LATE,
    "sent": Q(direction=Direction.OUT, state__in=[MailState.QUEUED, MailState.SENT, MailState.WITHHELD]),
    "lost": Q(direction=Direction.OUT, state__in=lost.LOST),
}
OPEN = ("parked", "put-off")
"""Lists of what waits for a person: now, or later."""
COUNTED = ("unread", "aside", "late")
DECISIONS: dict[str, tuple[Callable[..., object], str]] = {
    "aside": (services.set_aside, gettext_noop("Noted: no action needed.")),
    "read-again": (services.read_again, gettext_noop("The mail is being read again.")),
    "settle": (lost.settle, gettext_noop("Noted: somebody has dealt with it.")),
    "send-again": (lost.send_again, gettext_noop("The mail is being sent again.")),
}
"""That need no more than the mail and a click: what is done, and what is said of it."""


@require_safe
@login_required
def review(request: HttpRequest) -> HttpResponse:
    """The mails by what became of them, and one of them beside the list."""
    user = vendor_of(request)
    show = request.GET.get("show", "parked")
    visible = MailMessage.objects.visible_to(user)
    mails = _listed(show, user)
    sender = request.GET.get("sender", "")[:320]
    floods = senders.floods(user) if show == "parked" else []
    if sender:
        mails = mails.filter(domain=sender)
    elif floods:
        # One row for all of such a sender, or nobody would find the others between them.
        mails = mails.exclude(domain__in=[flood.domain for flood in floods], put_off_until=None)
    listed = mails.select_related("person", "case").prefetch_related(_who_put_it_off())
    page = Paginator(listed[:MAX_LISTED], PER_PAGE).get_page(request.GET.get("page"))
    selected = _selected(visible, request.GET.get("mail", "")) or next(iter(page), None)
    counts = {name: visible.filter(SHOWN[name]).counted() for name in COUNTED}
    counts |= {name.replace("-", "_"): _listed(name, user).counted() for name in OPEN}
    counts["lost"] = lost.unsettled(visible).counted()
    context = {
        "stuck": lost.stuck(),
        "unreached": unreached(),
        "page": page,
        "show": show,
        "counts": counts,
        "here": request.path,
        "sender": sender,
        "floods": [flood for flood in floods if not sender or flood.domain == sender],
        "bulks": senders.lately_decided(user) if show == "aside" else [],
        "stays_here": keeps_all_here(),
    }
    return render(request, "mail/review/review.html", context | _mail_context(selected, user))


def _listed(show: str, user: User) -> MailMessageQuerySet:
    """Raises ``Http404`` for a list that there is not."""
    if show == "parked":
        return senders.waiting(user).back_first()
    if show == "put-off":
        return MailMessage.objects.of_no_case(user).put_off().order_by("put_off_until", "pk")
    if show not in SHOWN:
        raise Http404
    return MailMessage.objects.visible_to(user).filter(SHOWN[show]).order_by("-created_at")


def _who_put_it_off() -> Prefetch[str]:
    decisions = MailDecision.objects.filter(choice=Choice.PUT_OFF, undone_at=None).select_related("by")
    return Prefetch("decisions", decisions, to_attr="put_offs")


def _selected(mails: MailMessageQuerySet, key: str) -> MailMessage | None:
    try:
        return mails.select_related("person", "case").filter(pk=UUID(key)).first()
    except ValueError:
        return None


def _mail_context(mail: MailMessage | None, user: User) -> dict[str, object]:
    if mail is None:
        return {"mail": None}
    decision = MailDecision.objects.filter(mail=mail, undone_at=None).select_related("by").first()
    context: dict[str, object] = {
        "mail": mail,
        "reading": Reading.objects.filter(pk=mail.pk).first() if mail.is_unfinished else None,
        "decision": decision,
        "to_take_back": services.to_take_back(mail) if decision else None,
        "into_case": IntoCaseForm(label_suffix=""),
    }
    context["lost"] = mail.direction == Direction.OUT and mail.state in lost.LOST
    if not mail.source:
        return context | {"sourceless": lost.without_source(mail), "told": mail.facts.get("text", "")}
    if mail.direction == Direction.OUT:
        try:
            content = services.content_of(mail)
        except CannotBeRead as refusal:
            return context | {"unreadable": str(refusal)}
        return context | {"content": content, "files": contents.files_of(content)}
    outline = outline_of(mail)
    context |= {"content": outline, "files": contents.files_of(outline)}
    if mail.state == MailState.PARKED:
        context["next_morning"] = services.next_morning(timezone.now())
        context["put_off"] = PutOffForm(label_suffix="")
    if mail.state != MailState.TAKEN:
        contact = mail.person or User.objects.filter(email=mail.address, is_active=True).first()
        initial = {"title": mail.subject[:200], "contact": contact}
        context["new_case"] = NewCaseForm(initial=initial)
        context["proposals"] = proposals_for(mail, user)
        context["opens_for"] = opens_for(mail)
    return context


@require_safe
@login_required
def mail_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """One mail, received or sent: its header, its text, what became of it."""
    user = vendor_of(request)
    mail = _mail(request, key)
    return render(request, "mail/review/mail.html", {"here": request.path} | _mail_context(mail, user))


@require_safe
@login_required
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page that came or went with a mail, for a sandboxed frame: a stranger's cleaned and without its
    remote pictures, one of ours as its reader sees it. To customers what they themselves sent. Raises
    ``TooOften``: each of a stranger is read in a process of its own."""
    user = user_of(request)
    mail = get_object_or_404(MailMessage.objects.laid_out_for(user), pk=key)
    if mail.direction == Direction.IN:
        rate_limit.count("mail-page", str(user.pk), MAX_PAGES_A_MINUTE, 60)
    page = contents.page_of(mail)
    if not page:
        raise Http404
    return contents.framed(shown(page) if user.is_vendor else without_secrets(page))


@require_safe
@login_required
@xframe_options_sameorigin
def mail_text(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a mail says to who wants no pages, for a sandboxed frame. Raises ``TooOften``."""
    user, mail = vendor_of(request), _mail(request, key)
    rate_limit.count("mail-page", str(user.pk), MAX_PAGES_A_MINUTE, 60)
    text = shown(services.plain_text_of(mail)) or _("This mail has no plain text.")
    return contents.framed(text, "text/plain")


@require_safe
@login_required
def mail_file(request: HttpRequest, key: UUID, place: int) -> HttpResponseBase:
    """A file of a mail, as a download. Raises ``TooOften``."""
    user, mail = vendor_of(request), _mail(request, key)
    rate_limit.count("mail-page", str(user.pk), MAX_PAGES_A_MINUTE, 60)
    return contents.file_answer(request, mail, place)


@require_safe
@login_required
def mail_source(request: HttpRequest, key: UUID) -> HttpResponse:
    """The mail as it came or went, to be saved; without what its reader alone may open."""
    vendor_of(request)
    mail = _mail(request, key)
    if mail.facts.get("secret") and not keeps_all_here():
        raise Http404
    try:
        raw = shown_source(source_of(mail))
    except (SourceGone, OSError) as error:
        raise Http404 from error
    response = HttpResponse(raw, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{mail.pk}.eml"'
    return response


@require_POST
@login_required
def into_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """A mail into a case, or from one to another."""
    user, mail = vendor_of(request), _mail(request, key)
    form = IntoCaseForm(request.POST)
    number = form.cleaned_data["number"].strip().upper() if form.is_valid() else ""
    match = PATTERN.search(number)
    case = Case.objects.visible_to(user).filter(number=match.group() if match else "").first()

    def act() -> str:
        if case is None:
            raise NoSuchCase(number=number[:40])
        services.take_into(mail, case, by=user)
        return _("The mail is in case %(number)s.") % {"number": case.number}

    return _decided(request, act, mail)


@require_POST
@login_required
def into_new_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """A mail opens a case."""
    user, mail = vendor_of(request), _mail(request, key)
    form = NewCaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the customer and say the title."))
        return redirect(_back(request, mail))

    def act() -> str:
        contact, title = form.cleaned_data["contact"], form.cleaned_data["title"]
        decision = services.take_into_new_case(mail, contact, title, by=user)
        assert decision.case is not None
        return _("The mail opened case %(number)s.") % {"number": decision.case.number}

    return _decided(request, act, mail)


@require_POST
@login_required
def put_off(request: HttpRequest, key: UUID) -> HttpResponse:
    """A mail waits for a person later."""
    user, mail = vendor_of(request), _mail(request, key)
    form = PutOffForm(request.POST)

    def act() -> str:
        if not form.is_valid():
            raise NotThen()
        until = form.cleaned_data["until"]
        services.put_off(mail, until, by=user)
        return _("Put off until %(when)s; the mail waits again then.") % {"when": times.day_and_clock(until)}

    return _decided(request, act, mail)


@require_POST
@login_required
def decide(request: HttpRequest, key: UUID, decision: str) -> HttpResponse:
    """One of ``DECISIONS`` about a mail."""
    user, mail = vendor_of(request), _mail(request, key)
    decide_on, done = DECISIONS[decision]

    def act() -> str:
        decide_on(mail, by=user)
        return _(done)

    return _decided(request, act, mail)


@require_POST
@login_required
def aside_all(request: HttpRequest) -> HttpResponse:
    """All mails of a sender that waited when the page was shown."""
    user = vendor_of(request)
    domain, until = request.POST.get("sender", "")[:320], parse_datetime(request.POST.get("until", ""))
    if not domain or until is None or until.tzinfo is None:
        raise Http404

    def act() -> str:
        bulk = senders.set_aside_all(domain, until=until, by=user)
        facts = {"count": bulk.count, "sender": plain(domain)}
        return _("No action needed: %(count)s mails of %(sender)s.") % facts

    return _decided(request, act)


@require_POST
@login_required
def undo_all(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided about all mails of a sender is taken back."""
    user = vendor_of(request)
    bulk = get_object_or_404(BulkDecision.objects.visible_to(user), pk=pk)

    def act() -> str:
        return _("Taken back: %(count)s mails wait again.") % {"count": senders.undo_all(bulk, by=user)}

    return _decided(request, act)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The last decision about a mail is taken back."""
    user = vendor_of(request)
    mails = MailMessage.objects.visible_to(user)
    decision = get_object_or_404(MailDecision.objects.filter(mail__in=mails), pk=pk)

    def act() -> str:
        services.undo(decision, by=user)
        return _("Taken back: the mail is where it was.")

    return _decided(request, act, decision.mail)


def _mail(request: HttpRequest, key: UUID) -> MailMessage:
    mails = MailMessage.objects.visible_to(user_of(request)).select_related("case", "person", "entry")
    return get_object_or_404(mails, pk=key)


def _decided(request: HttpRequest, act: Callable[[], str], mail: MailMessage | None = None) -> HttpResponse:
    try:
        messages.success(request, act())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    if mail is not None and request.POST.get("back") == "entry":
        return redirect(_entry_of(mail, user_of(request)))
    return redirect(_back(request, mail))


def _entry_of(mail: MailMessage, user: User) -> str:
    """Where the mail is by now, in its thread; its own page where it is in none that this person sees."""
    mail.refresh_from_db()
    if mail.case is None or mail.entry_id is None or not mail.case.is_visible_to(user):
        return reverse("mail", args=[mail.pk])
    return f"{mail.case.get_absolute_url()}#entry-{mail.entry_id}"


def _back(request: HttpRequest, mail: MailMessage | None) -> str:
    """The list that the decision was made from, with its next mail; else the page of the mail."""
    show = request.POST.get("show", "")
    is_list = show in OPEN or show in SHOWN
    if not is_list and mail is not None:
        return reverse("mail", args=[mail.pk])
    return f"{reverse('mail-review')}?show={show}" if is_list else reverse("mail-review")
