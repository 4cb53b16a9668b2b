"""The upload panel of a case, and its bundles."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from cases.lookups import user_of, visible_case
from uploads.bundles import cards, serving
from uploads.bundles.models import Bundle, BundleState
from uploads.custody.accesses import record_view
from uploads.custody.models import Act


@login_required
@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """The panel alone, for refreshing."""
    case = visible_case(request, number)
    return render(request, "uploads/bundles/panel.html", cards.panel_context(user_of(request), case))


@login_required
@require_GET
def unfinished(request: HttpRequest, number: str) -> JsonResponse:
    """This person's unfinished uploads to the case, for continuing with the same file."""
    uploads = cards.unfinished_of(user_of(request), visible_case(request, number))
    response = JsonResponse({"uploads": [cards.unfinished_document(upload) for upload in uploads]})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def card(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """The card of a bundle; polled while it is being sealed."""
    return _card(request, get_object_or_404(Bundle.objects.visible_to(user_of(request)), pk=bundle_id))


@login_required
@require_GET
def card_of_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The card of the bundle that an upload became."""
    return _card(request, get_object_or_404(Bundle.objects.visible_to(user_of(request)), upload_id=upload_id))


def _card(request: HttpRequest, bundle: Bundle) -> HttpResponse:
    response = render(request, "uploads/bundles/card.html", cards.card_context(user_of(request), bundle))
    response["Cache-Control"] = "no-store"
    if bundle.state == BundleState.SEALED:
        response["HX-Trigger"] = "bundle-complete"
    return response


@login_required
@require_safe
def file(request: HttpRequest, bundle_id: UUID) -> HttpResponseBase:
    """The bundle's bytes, always as a download, whole or in part."""
    bundle = get_object_or_404(Bundle.objects.visible_to(user_of(request)), pk=bundle_id)
    if not cards.may_download(user_of(request), bundle):
        raise Http404
    name = bundle.name.rpartition("/")[2]
    try:
        answer = serving.serve_stored(request, bundle.file, name=name, size=bundle.size, sha256=bundle.sha256)
    except FileNotFoundError:
        raise Http404 from None  # Deleted a moment ago: its time of keeping is over.
    if serving.begins_a_download(request) and answer.status_code < 400:
        record_view(request, bundle, Act.DOWNLOAD)
    return answer
