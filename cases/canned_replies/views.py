"""Canned replies: the list, writing one with a preview, taking one away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refusal
from accounts.models import User
from cases.canned_replies import services as canned_replies
from cases.canned_replies.forms import CannedReplyForm
from cases.canned_replies.models import CannedReply
from cases.lookups import vendor_of

EXAMPLE = {
    "number": "CAS-03282-J6Y6M6",
    "product": "CMGE V0-H",
    "upload": "https://…/cases/CAS-03282-J6Y6M6/#upload",
}


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All of them."""
    replies = CannedReply.objects.visible_to(vendor_of(request)).select_related("changed_by")
    return render(request, "cases/canned_replies/list.html", {"replies": replies})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, reply_id: int | None = None) -> HttpResponse:
    """One of them, or a new one; POST keeps it, or shows it filled (``preview``)."""
    user = vendor_of(request)
    reply = get_object_or_404(CannedReply.objects.visible_to(user), pk=reply_id) if reply_id else None
    first = {name: getattr(reply, name) for name in ("name", "text_zh", "text_en")} if reply else None
    form = CannedReplyForm(request.POST or None, initial=first)
    status, preview = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "preview" not in request.POST:
                    canned_replies.save(reply, **form.cleaned_data, by=user)
                    messages.success(request, _("The canned reply is kept."))
                    return redirect("canned-replies")
                texts = {"zh-hans": form.cleaned_data["text_zh"], "en": form.cleaned_data["text_en"]}
                canned_replies.require_known("".join(texts.values()))
                preview = [_as_example(text, language, user) for language, text in texts.items()]
                status = 200
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    context = {
        "form": form,
        "reply": reply,
        "preview": preview,
        "variables": canned_replies.VARIABLES.items(),
        "here": request.path,
    }
    return render(request, "cases/canned_replies/form.html", context, status=status)


def _as_example(text: str, language: str, user: User) -> str:
    with translation.override(language):
        names = {"engineer": user.name, "customer": _("Customer A"), "title": _("An example")}
    return canned_replies.with_values(text, EXAMPLE | names)


@require_POST
@login_required
def delete(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Takes it away."""
    user = vendor_of(request)
    reply = get_object_or_404(CannedReply.objects.visible_to(user), pk=reply_id)
    canned_replies.delete(reply, by=user)
    messages.success(request, _("The canned reply is taken away."))
    return redirect("canned-replies")
