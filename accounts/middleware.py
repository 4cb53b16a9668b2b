"""Refusals become answers here, once; a signed-in person reads her own language."""

import json
import logging
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from redis.exceptions import ConnectionError as CacheDown

from accounts.errors import NoSuchAddress, Refusal, Unavailable
from accounts.models import User
from accounts.secret_links import is_secret

logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Turns a ``Refusal`` that a page raises into its status and its sentence: JSON for programs,
    a plain sentence for htmx and scripts, the page ``refusal.html`` for a browser.

    Whoever is no longer signed in is told so, too: a live part gets 401 and tells the page, which
    keeps what is being written; a form comes back, after the sign-in, to the page that it stood on.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return _asked_to_sign_in(request, response) if response.status_code == 302 else response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """No name here has a NUL character; PostgreSQL would stumble over one in mid-query."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return self.process_exception(request, NoSuchAddress())
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django asks this about everything that a view raises."""
        if isinstance(error, CacheDown):
            logger.error("the cache does not answer: %s", error)
            error = Unavailable()
        if not isinstance(error, Refusal):
            return None
        sentence = str(error)
        if request.path.startswith("/api/") or request.get_preferred_type(
            ["text/html", "application/json"]
        ) == ("application/json"):
            return JsonResponse({"error": {"code": error.code, "message": sentence}}, status=error.status)
        if request.headers.get("HX-Request"):
            answer = HttpResponse(sentence, status=error.status, content_type="text/plain; charset=utf-8")
            answer["HX-Trigger"] = json.dumps({"refused": sentence})
            return answer
        try:
            page = render_to_string("refusal.html", {"sentence": sentence, "status": error.status}, request)
        except TemplateDoesNotExist:
            return HttpResponse(sentence, status=error.status, content_type="text/plain; charset=utf-8")
        return HttpResponse(page, status=error.status)


def _asked_to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    sign_in = resolve_url(settings.LOGIN_URL)
    if not response.get("Location", "").startswith(f"{sign_in}?next="):
        return response
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Trigger"] = "signed-out"
        return answer
    if request.method == "POST":
        return HttpResponseRedirect(f"{sign_in}?{urlencode({'next': _from(request)})}")
    return response


def _from(request: HttpRequest) -> str:
    """The path of the page whose form was sent; the first page where that is not told."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}):
        return resolve_url("home")
    return urlsplit(came).path or resolve_url("home")


class SecretLinkMiddleware:
    """The address of some pages is the right itself: it goes nowhere, not even to ourselves, where a proxy
    would write it into its log beside each picture, and is in no search engine."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_secret(request.path):
            # Not "no-referrer": under that browsers send "Origin: null" with a form, and the check against
            # forgery refuses it.
            response.headers["Referrer-Policy"] = "strict-origin"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


class LanguageMiddleware:
    """A signed-in person's language is a fact of hers, kept with her; the language switch changes it.

    Visitors have Django's cookie. On a shared computer the cookie of the last person says nothing
    about the next one.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        self._keep_choice(request, response)
        return response

    def _keep_choice(self, request: HttpRequest, response: HttpResponse) -> None:
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        user = request.user
        if chosen and user.is_authenticated and chosen.value in dict(settings.LANGUAGES):
            User.objects.filter(pk=user.pk).update(language=chosen.value)
        if user.is_authenticated:
            if not response.has_header("Cache-Control"):
                # A careless proxy between the customer and us keeps nothing of hers for the next one.
                patch_cache_control(response, private=True)
            response.headers["Content-Language"] = chosen.value if chosen else user.language
            patch_vary_headers(response, ("Cookie",))
