"""The page where a person reads what she agreed to, and withdraws it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from uploads import consents


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Every agreement, newest first: to which version, when, for which case, with which uploads."""
    rows = consents.own(cast(User, request.user)).select_related("case", "user").prefetch_related("bundles")
    page = Paginator(rows.order_by("-agreed_at"), 50).get_page(request.GET.get("page"))
    return render(request, "uploads/consents.html", {"page": page})


@login_required
@require_POST
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Ends one of them."""
    user = cast(User, request.user)
    consents.withdraw(get_object_or_404(consents.own(user), pk=consent_id), by=user)
    messages.success(request, _("Your agreement is withdrawn. The uploads under it are being deleted."))
    return redirect("consents")
