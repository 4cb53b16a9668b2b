"""The page that a mail's link opens, signed in or not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import rate_limit
from accounts.errors import Refusal
from cases.answer_links import links

MAX_OPENED = 120
"""Times in ten minutes from one address: an office shares one."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Asks; only sending one of its forms answers. Raises ``TooOften``."""
    rate_limit.count("answer-link", rate_limit.address_of(request), MAX_OPENED, 600)
    question = links.read(token)
    if question is not None and request.user.is_authenticated and request.user != question.person:
        # Mails are quoted and passed on: an engineer must not answer in the customer's name.
        raise Http404
    if question is None:
        return render(request, "cases/answer_links/page.html", status=410)
    with translation.override(question.person.language):
        form = question.form(request.POST or None)
        status, thanks = 200, ""
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    thanks, status = question.answer(form), 200
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                    status = refusal.status
        context = {"question": question, "form": form, "thanks": thanks, "here": request.path}
        return render(request, "cases/answer_links/page.html", context, status=status)
