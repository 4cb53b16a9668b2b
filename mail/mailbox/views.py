"""Where nothing leaves the machine (the demo): each person reads the mails to her own address, as her mail
program would show them. Elsewhere there is no such page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cases.lookups import user_of
from mail.outbound.transport import keeps_all_here
from mail.review import contents, services
from mail.review.errors import CannotBeRead
from mail.store.models import MailMessage, MailMessageQuerySet

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

PER_PAGE = 30
MAX_LISTED = 3000


@require_safe
@login_required
def mailbox(request: HttpRequest) -> HttpResponse:
    """The list, the newest first, and one mail beside it."""
    mails = _hers(request).order_by("-done_at", "-created_at")
    page = Paginator(mails[:MAX_LISTED], PER_PAGE).get_page(request.GET.get("page"))
    mail = _selected(mails, request.GET.get("mail", "")) or next(iter(page), None)
    context: dict[str, object] = {"page": page, "mail": mail}
    if mail is not None:
        try:
            content = services.content_of(mail)
        except CannotBeRead:
            context["is_gone"] = True
        else:
            context |= {"content": content, "files": contents.files_of(content)}
    return render(request, "mail/mailbox/mailbox.html", context)


@require_safe
@login_required
@xframe_options_sameorigin
def html(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page of a mail, for a sandboxed frame."""
    page = contents.page_of(_mail(request, key))
    if not page:
        raise Http404
    return contents.framed(page)


@require_safe
@login_required
@xframe_options_sameorigin
def text(request: HttpRequest, key: UUID) -> HttpResponse:
    """Its plain text, for a sandboxed frame."""
    said = services.plain_text_of(_mail(request, key)) or _("This mail has no plain text.")
    return contents.framed(said, "text/plain")


@require_safe
@login_required
def file(request: HttpRequest, key: UUID, place: int) -> HttpResponseBase:
    """A file that came with it."""
    return contents.file_answer(request, _mail(request, key), place)


def _hers(request: HttpRequest) -> MailMessageQuerySet:
    user = user_of(request)
    if not keeps_all_here() or not user.may_enter:
        raise Http404
    return MailMessage.objects.sent_to(user)


def _mail(request: HttpRequest, key: UUID) -> MailMessage:
    return get_object_or_404(_hers(request).select_related("case", "entry"), pk=key)


def _selected(mails: MailMessageQuerySet, key: str) -> MailMessage | None:
    try:
        return mails.filter(pk=UUID(key)).first()
    except ValueError:
        return None
