"""Pages and live parts of uploads; the tus endpoint is in ``uploads.tus``."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import User
from cases.models import Case
from uploads import holds, panels, services, serving
from uploads.custody import record_view, seen_by
from uploads.custody_models import Act, Statement
from uploads.models import Bundle, BundleState
from uploads.privacy import statement_shown, version_in_force


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required lets nobody else pass.
    return request.user


def _case(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(Case.objects.visible_to(_user(request)), number=number)


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy statement in force, for everybody."""
    return render(request, "uploads/privacy.html", statement_shown())


@require_GET
def privacy_version(request: HttpRequest, version: str) -> HttpResponse:
    """One version of the statement: a published one for everybody, a draft for administrators."""
    rows = Statement.objects.all()
    if not (request.user.is_authenticated and _user(request).is_staff):
        rows = rows.exclude(published_at=None)
    return render(request, "uploads/privacy.html", statement_shown(get_object_or_404(rows, version=version)))


@login_required
@require_POST
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """Records the agreement and opens the drop zone."""
    case = _case(request, number)
    # The button of an old page must not agree to a text that the person has not seen.
    if request.POST.get("version") == version_in_force() and request.POST.get("agree"):
        services.agree(_user(request), case)
    if request.headers.get("HX-Request"):
        return render(request, "uploads/panel.html", panels.panel_context(_user(request), case))
    return redirect("case", case.number)


@login_required
@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """The panel alone, for refreshing."""
    case = _case(request, number)
    return render(request, "uploads/panel.html", panels.panel_context(_user(request), case))


@login_required
@require_GET
def unfinished(request: HttpRequest, number: str) -> JsonResponse:
    """This person's unfinished uploads to the case, for continuing with the same file."""
    found = panels.unfinished_of(_user(request), _case(request, number))
    response = JsonResponse({"uploads": [panels.unfinished_document(upload) for upload in found]})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def card(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """The card of a bundle; polled while it is being sealed."""
    return _card(request, get_object_or_404(Bundle.objects.visible_to(_user(request)), pk=bundle_id))


@login_required
@require_GET
def card_of_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The card of the bundle that an upload became."""
    return _card(request, get_object_or_404(Bundle.objects.visible_to(_user(request)), upload_id=upload_id))


def _card(request: HttpRequest, bundle: Bundle) -> HttpResponse:
    response = render(request, "uploads/bundle_card.html", panels.card_context(_user(request), bundle))
    response["Cache-Control"] = "no-store"
    if bundle.state == BundleState.SEALED:
        response["HX-Trigger"] = "bundle-complete"
    return response


@login_required
@require_safe
def file(request: HttpRequest, bundle_id: UUID) -> HttpResponseBase:
    """The bundle's bytes, always as a download, whole or in part."""
    bundle = get_object_or_404(Bundle.objects.visible_to(_user(request)), pk=bundle_id)
    if not panels.may_download(_user(request), bundle):
        raise Http404
    name = bundle.name.rpartition("/")[2]
    try:
        answer = serving.serve_stored(request, bundle.file, name=name, size=bundle.size, sha256=bundle.sha256)
    except FileNotFoundError:
        raise Http404 from None  # Deleted a moment ago: its time of keeping is over.
    if serving.begins_a_download(request) and answer.status_code < 400:
        record_view(request, bundle, Act.DOWNLOAD)
    return answer


@login_required
@require_safe
def custody(request: HttpRequest, number: str) -> HttpResponse:
    """Who has seen the contents of the case's uploads, day by day."""
    case = _case(request, number)
    page = Paginator(seen_by(case), 50).get_page(request.GET.get("page"))
    return render(request, "uploads/custody.html", {"case": case, "page": page})


@login_required
@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Places a legal hold, or lifts it (``lift``); a manager's."""
    case, user = _case(request, number), _user(request)
    reason = request.POST.get("reason", "")
    if "lift" in request.POST:
        holds.lift(case, by=user, reason=reason)
    else:
        holds.place(case, by=user, reason=reason)
    return redirect("case", case.number)
