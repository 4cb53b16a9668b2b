"""The person of a request, and the case that an address names, as far as she may see it."""

from typing import cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from cases.models import Case


def user_of(request: HttpRequest) -> User:
    """Who is signed in; only for views that ``login_required`` guards."""
    return cast(User, request.user)


def vendor_of(request: HttpRequest) -> User:
    """Who is signed in, of the vendor; to everybody else the page does not exist. Raises ``Http404``."""
    user = user_of(request)
    if not user.is_vendor:
        raise Http404
    return user


def visible_case(request: HttpRequest, number: str, *related: str) -> Case:
    """The case of this number, with ``related`` rows loaded. Raises ``Http404`` where she sees none."""
    cases = Case.objects.visible_to(user_of(request))
    return get_object_or_404(cases.select_related(*related) if related else cases, number=number)
