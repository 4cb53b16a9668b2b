"""Setting the log collector up, and downloading it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.tokens import secret_in
from cases import rights
from cases.lookups import user_of
from cases.models import Case
from uploads.collector.errors import NotCollectable
from uploads.collector.in_force import offer
from uploads.collector.models import CollectorRequest
from uploads.collector.options import MAX_LINES, PARTS, Options, checked
from uploads.collector.package import collector_zip
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.errors import NoSuchLink

LINES = forms.Textarea(attrs={"rows": 4, "class": "form-control mono"})
PART_LABELS = {
    "messages": _("message templates of the events, in the machine's language"),
    "system": _("system information (systeminfo, msinfo32)"),
    "software": _("installed software"),
    "drivers": _("drivers"),
    "patches": _("patches"),
    "policy": _("group policy results (gpresult)"),
    "network": _("network settings and connections"),
    "reports": _("error reports (WER)"),
    "dumps": _("minidumps; they may hold what was in memory"),
}


class CollectorForm(forms.Form):
    """What the collector collects, one thing a line."""

    logs = forms.CharField(label=_("Event logs"), required=False, max_length=20_000, widget=LINES)
    days = forms.IntegerField(
        label=_("Of the last how many days? (0: all)"), min_value=0, max_value=3650, initial=30
    )
    paths = forms.CharField(
        label=_("Files to hash (content stays there)"), required=False, max_length=50_000, widget=LINES
    )
    registry = forms.CharField(label=_("Registry keys"), required=False, max_length=50_000, widget=LINES)
    parts = forms.MultipleChoiceField(
        label=_("Also"),
        required=False,
        choices=list(PART_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        """Every line held against what can be collected."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["options"] = checked(
                    logs=cleaned["logs"],
                    files=cleaned["paths"],
                    registry=cleaned["registry"],
                    days=cleaned["days"],
                    parts=set(cleaned["parts"]),
                )
            except NotCollectable as refusal:
                self.add_error(None, str(refusal))
        return cleaned


def _case(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(Case.objects.visible_to(user_of(request)), number=number)


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
    case = _case(request, number)
    if not rights.may_change_status(user_of(request), case):
        raise NotAllowed()
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
    case = _case(request, number)
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
