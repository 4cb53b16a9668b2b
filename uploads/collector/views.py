"""Setting the log collector up, and downloading it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.tokens import secret_in
from cases.lookups import case_to_move_on, user_of, visible_case
from uploads.collector.forms import CollectorForm
from uploads.collector.in_force import offer
from uploads.collector.models import CollectorRequest
from uploads.collector.options import MAX_LINES, PARTS, Options
from uploads.collector.package import collector_zip
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.errors import NoSuchLink


def _initial(options: Options) -> dict[str, Any]:
    lines = {
        "logs": "\n".join(options.logs),
        "paths": "\n".join(options.files),
        "registry": "\n".join(options.registry),
    }
    return lines | {"days": options.days, "parts": [part for part in PARTS if getattr(options, part)]}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, number: str) -> HttpResponse:
    """The form, filled with the request in force; POST puts a new one in force."""
    case = case_to_move_on(request, number)
    former = offer(case)
    options = former.options if former else Options()
    form = CollectorForm(request.POST or None, initial=_initial(options))
    if request.method == "POST" and form.is_valid():
        chosen: Options = form.cleaned_data["options"]
        CollectorRequest.objects.create(case=case, made_by=user_of(request), options=chosen.document())
        return redirect("case", case.number)
    return render(request, "uploads/collector/setup.html", {"case": case, "form": form, "most": MAX_LINES})


@login_required
@never_cache
@require_POST
def download(request: HttpRequest, number: str) -> HttpResponse:
    """The collector, with an upload link of its own."""
    case = visible_case(request, number)
    wanted = offer(case)
    if wanted is None:
        raise Http404
    _, secret = links.make_for_collector(by=user_of(request), answers=wanted.made_by, case=case)
    portal = request.build_absolute_uri(reverse("home")).rstrip("/")  # With the prefix, if there is one.
    content = collector_zip(wanted.options, case=case.number, portal=portal, secret=secret)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{case.number}-collector.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@csrf_exempt  # The link's secret in the header is the right; no browser sends it by itself.
@never_cache
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """The collector tells that its person agreed to the statement that lies beside it."""
    secret = secret_in(request, {"link"})
    if secret is None:
        raise NoSuchLink()
    link = links.admit(request, secret)
    # An old collector must not agree to a text that its person has not seen.
    if request.POST.get("agree") != "1" or request.POST.get("version") != version_in_force():
        answer = str(_("The privacy statement has changed. Download the collector again on the case page."))
        return HttpResponse(answer, status=403, content_type="text/plain; charset=utf-8")
    links.agree(link)
    return HttpResponse(status=204)
