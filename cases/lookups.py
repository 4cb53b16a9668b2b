"""The person of a request, and the case that an address names, as far as she may see it."""

from typing import cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.roles import Right, with_right
from cases import rights
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


def customers_of(case: Case) -> QuerySet[User]:
    """The customer's people, who may speak for her on this case, by name."""
    customers = User.objects.filter(role__in=with_right(Right.OWN_ORGANISATION), is_active=True)
    return customers.filter(organisation=case.organisation_id).order_by("name")


def visible_case(request: HttpRequest, number: str, *related: str) -> Case:
    """The case of this number, with ``related`` rows loaded. Raises ``Http404`` where she sees none."""
    cases = Case.objects.visible_to(user_of(request))
    return get_object_or_404(cases.select_related(*related) if related else cases, number=number)


def case_to_move_on(request: HttpRequest, number: str, *related: str) -> Case:
    """The same for a page that moves the case on. Raises ``Http404``, ``NotAllowed``."""
    case = visible_case(request, number, *related)
    rights.require(rights.may_change_status, user_of(request), case)
    return case
