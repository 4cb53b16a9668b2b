"""The page of an upload link, for whoever holds it, and the vendor's page that makes links."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import rate_limit
from cases.evidence_requests import services as evidence_requests
from cases.lookups import case_to_move_on, user_of
from engine.text_safety import without_nul
from uploads.bundles import cards
from uploads.bundles.models import Bundle
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.forms import LinkForm
from uploads.links.models import UploadLink

GIB = 2**30


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, number: str) -> HttpResponse:
    """The form; POST makes the link and shows its address this once."""
    user = user_of(request)
    case = case_to_move_on(request, number)
    form = LinkForm(request.POST or None)
    if evidence_requests.open_request(case) is None:
        del form.fields["shows_request"]
    address = link = None
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        link, secret = links.make(
            by=user,
            case=case,
            expires_at=timezone.now() + timedelta(days=fields["days"]),
            most_bytes=fields["gigabytes"] * GIB,
            most_uploads=fields["uploads"],
            asked=fields["asked"],
            shows_request=fields.get("shows_request", False),
            mail=fields["mail"],
        )
        address = request.build_absolute_uri(reverse("upload-link", args=[secret]))
    context = {"case": case, "form": form, "address": address, "link": link}
    return render(request, "uploads/links/make.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Ends a link."""
    link = get_object_or_404(UploadLink.objects.visible_to(user_of(request)), pk=link_id)
    links.revoke(link, by=user_of(request))
    return redirect("case", link.case.number)


def _find(request: HttpRequest, secret: str) -> UploadLink:
    address = rate_limit.address_of(request)
    rate_limit.count("link-page", address, 240, 60)
    return links.find(secret, address)


def _open(request: HttpRequest, secret: str) -> UploadLink:
    link = _find(request, secret)
    links.require_open(link)
    return link


@never_cache
@require_safe
def page(request: HttpRequest, secret: str) -> HttpResponse:
    """What whoever holds the link sees."""
    link = _find(request, secret)
    has_chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    language = link.person.language if link.person and not has_chosen else ""
    if language:
        # Of the answer to this request, that the link has ended as well.
        translation.activate(language)
    links.require_open(link)
    if link.person and link.person == request.user:
        return redirect(f"{link.case.get_absolute_url()}#upload")
    links.note_opening(link)
    response = render(request, "uploads/links/link.html", _context(request, link, secret))
    if language:
        # The page's scripts and later answers go by it.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def _context(request: HttpRequest, link: UploadLink, secret: str) -> dict[str, object]:
    context: dict[str, object] = {
        "secret": secret,
        "asked": link.asked,
        "expires_at": link.expires_at,
        "vendor": settings.VENDOR_NAME,
        "needs_code": links.must_enter_code(request, link),
        "code_sent": link.code_until is not None and link.code_until > timezone.now(),
        "mail": _masked(link.mail),
    }
    if context["needs_code"]:
        return context
    panel = cards.link_context(link, secret)
    if link.shows_request:
        context["evidence"] = link.request or evidence_requests.open_request(link.case)
    is_idle = not panel["unfinished"]
    context["settled"] = link.request if link.is_settled and is_idle else None
    return context | panel | {"used_up": links.is_used_up(link) and is_idle}


def _masked(mail: str) -> str:
    """``a…@example.com``: enough for its owner."""
    name, at, domain = mail.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else ""


def _back(secret: str) -> HttpResponseRedirect:
    return redirect("upload-link", secret)


@require_POST
def code(request: HttpRequest, secret: str) -> HttpResponse:
    """Sends a code, or takes one."""
    link = _open(request, secret)
    if not link.mail:
        raise Http404
    given = without_nul(request.POST.get("code", ""))[:40]
    if given:
        links.enter_code(request, link, given)
    else:
        links.send_code(link)
    return _back(secret)


@require_POST
def consent(request: HttpRequest, secret: str) -> HttpResponse:
    """Records the agreement and opens the drop zone."""
    _open(request, secret)
    link = links.admit(request, secret)
    if request.POST.get("version") == version_in_force() and request.POST.get("agree"):
        links.agree(link)
    if request.headers.get("HX-Request"):
        return render(request, "uploads/bundles/panel.html", cards.link_context(link, secret))
    return _back(secret)


@never_cache
@require_GET
def unfinished(request: HttpRequest, secret: str) -> JsonResponse:
    """The link's unfinished uploads, for continuing with the same file."""
    link = links.admit(request, secret)
    uploads = cards.unfinished_of_link(link)
    return JsonResponse({"uploads": [cards.unfinished_document(upload) for upload in uploads]})


@never_cache
@require_GET
def card(request: HttpRequest, secret: str, upload_id: UUID) -> HttpResponse:
    """The card of a bundle that the link brought."""
    link = links.admit(request, secret)
    bundle = get_object_or_404(Bundle, link=link, upload_id=upload_id)
    address = reverse("upload-link-card", args=[secret, upload_id])
    return render(request, "uploads/bundles/card.html", cards.card_context(None, bundle, address))
