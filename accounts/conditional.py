"""Parts of pages that browsers ask for again and again: 304 where nothing has changed."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from accounts.languages import current_language


def unless_known(
    request: HttpRequest, essence: str, render: Callable[[], HttpResponse], *, anyway: bool = False
) -> HttpResponseBase:
    """The answer of ``render``, or 304 where the browser has it already (``anyway``: never).

    ``essence`` is all that the answer says to this person; the language is counted here.
    """
    etag = quote_etag(hashlib.sha256(f"{current_language()} {essence}".encode()).hexdigest()[:32])
    known = None if anyway else get_conditional_response(request, etag=etag)
    response = render() if known is None else known
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response
