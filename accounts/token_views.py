"""The page where a person makes and revokes API tokens."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import tokens
from accounts.models import User
from engine.text_safety import without_nul

DAYS = ("30", "90", "365")
"""For how long a token may be made."""


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required lets nobody else pass.
    return request.user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """Lists the person's own tokens; POST makes one and shows it this once."""
    user = _user(request)
    secret = None
    if request.method == "POST":
        days = request.POST.get("days", "")
        life = int(days) if days in DAYS else int(DAYS[-1])
        _, secret = tokens.make(user, without_nul(request.POST.get("name", "")), life)
    context = {"tokens": user.api_tokens.order_by("-made_at")[:50], "secret": secret, "days": DAYS}
    response = render(request, "account/api_tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends one of the person's own tokens."""
    if not tokens.revoke(_user(request), token_id):
        raise Http404
    return redirect("api-tokens")
