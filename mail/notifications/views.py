"""What each person wants to be told, who follows a case, its Cc list, and the end of mails of one kind."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Refusal
from cases.lookups import user_of, visible_case
from mail.notifications import followers, links
from mail.notifications.forms import ChannelsForm, TimesForm
from mail.notifications.models import CaseCc, Channel, NotificationTimes
from mail.notifications.preferences import choose, end_digest, set_times
from mail.store.unreachable import unreachable_since


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """How she is told of each kind, her quiet hours and her daily mail."""
    user = user_of(request)
    if not (user.is_customer or user.is_vendor):
        raise Http404
    channels = ChannelsForm(request.POST or None, person=user)
    times = TimesForm(request.POST or None, instance=NotificationTimes.of(user))
    status = 200
    if request.method == "POST":
        if channels.is_valid() and times.is_valid():
            choose(user, channels.choices())
            set_times(times.save(commit=False))
            messages.success(request, _("Saved."))
            return redirect("notifications")
        status = 422
    since = unreachable_since([user.email]).get(user.email)
    context = {"channels": channels, "times": times, "unreachable": since}
    return render(request, "mail/notifications/preferences.html", context, status=status)


@csrf_exempt  # Mail programs post here (RFC 8058); the token is the proof.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends mails of one kind, the daily mail, or those of a Cc list, or changes the language of these; only a
    POST does it: scanners open links."""
    asked = links.read(token)
    if asked is None:
        raise Http404
    spoken = request.POST.get("language", "") if asked.cc is not None else ""
    if request.method == "POST":
        _end(asked, spoken)
    with override(asked.language):
        context = {
            "asked": asked,
            "done": request.method == "POST" and not spoken,
            "chosen": bool(spoken),
            "languages": settings.LANGUAGES,
            "gone": asked.cc is not None and asked.cc.removed_at is not None,
        }
        return render(request, "mail/notifications/unsubscribe.html", context)


def _end(asked: links.Unsubscribing, language: str) -> None:
    if asked.cc is not None and language:
        followers.set_language(asked.cc, language)
        asked.cc.refresh_from_db()
    elif asked.cc is not None:
        followers.remove_cc(asked.cc, by=None)
    elif asked.person is not None and asked.digest:
        end_digest(asked.person)
    elif asked.person is not None and asked.kind is not None:
        choose(asked.person, {asked.kind: Channel.PORTAL})


@require_POST
@login_required
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Follows a case, or no more."""
    user, case = user_of(request), visible_case(request, number)
    if request.POST.get("follow"):
        followers.follow(case, by=user)
    else:
        followers.unfollow(case, by=user)
    return redirect(f"{case.get_absolute_url()}#told-head")


@require_POST
@login_required
def add_cc(request: HttpRequest, number: str) -> HttpResponse:
    """Puts an address on the Cc list."""
    user, case = user_of(request), visible_case(request, number, "contact", "organisation")
    try:
        address, language = request.POST.get("address", "")[:320], request.POST.get("language", "")
        followers.add_cc(case, address, by=user, language=language)
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, str(refusal))
    return redirect(f"{case.get_absolute_url()}#told-head")


@require_POST
@login_required
def remove_cc(request: HttpRequest, number: str, cc_id: int) -> HttpResponse:
    """Takes an address off the Cc list."""
    case = visible_case(request, number)
    cc = get_object_or_404(CaseCc.objects.in_force(), case=case, pk=cc_id)
    followers.remove_cc(cc, by=user_of(request))
    return redirect(f"{case.get_absolute_url()}#told-head")
