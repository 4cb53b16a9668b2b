"""The pages of custody: the privacy statement, agreements, who has seen what, legal holds."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import User
from cases.lookups import user_of, visible_case
from uploads.bundles import cards
from uploads.custody import consents, legal_holds
from uploads.custody.accesses import seen_by
from uploads.custody.agreements import agree
from uploads.custody.models import Statement
from uploads.custody.privacy import statement_shown, version_in_force


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy statement in force, for everybody."""
    return render(request, "uploads/custody/privacy.html", statement_shown())


@require_GET
def privacy_version(request: HttpRequest, version: str) -> HttpResponse:
    """One version of the statement: a published one for everybody, a draft for administrators."""
    rows = Statement.objects.all()
    if not (request.user.is_authenticated and user_of(request).is_staff):
        rows = rows.exclude(published_at=None)
    return render(
        request, "uploads/custody/privacy.html", statement_shown(get_object_or_404(rows, version=version))
    )


@login_required
@require_POST
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """Records the agreement and opens the drop zone."""
    case = visible_case(request, number)
    # The button of an old page must not agree to a text that the person has not seen.
    if request.POST.get("version") == version_in_force() and request.POST.get("agree"):
        agree(user_of(request), case)
    if request.headers.get("HX-Request"):
        return render(request, "uploads/bundles/panel.html", cards.panel_context(user_of(request), case))
    return redirect("case", case.number)


@login_required
@require_safe
def custody(request: HttpRequest, number: str) -> HttpResponse:
    """Who has seen the contents of the case's uploads, day by day."""
    case = visible_case(request, number)
    page = Paginator(seen_by(case), 50).get_page(request.GET.get("page"))
    return render(request, "uploads/custody/custody.html", {"case": case, "page": page})


@login_required
@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Places a legal hold, or lifts it (``lift``); a manager's."""
    case, user = visible_case(request, number), user_of(request)
    reason = request.POST.get("reason", "")
    if "lift" in request.POST:
        legal_holds.lift(case, by=user, reason=reason)
    else:
        legal_holds.place(case, by=user, reason=reason)
    return redirect("case", case.number)


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Every agreement, newest first: to which version, when, for which case, with which uploads."""
    rows = consents.own(cast(User, request.user)).select_related("case", "user").prefetch_related("bundles")
    page = Paginator(rows.order_by("-agreed_at"), 50).get_page(request.GET.get("page"))
    return render(request, "uploads/custody/consents.html", {"page": page})


@login_required
@require_POST
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Ends one of them."""
    user = cast(User, request.user)
    consents.withdraw(get_object_or_404(consents.own(user), pk=consent_id), by=user)
    messages.success(request, _("Your agreement is withdrawn. The uploads under it are being deleted."))
    return redirect("consents")
