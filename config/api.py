"""The API's one answer to everything that goes wrong."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler
from rest_framework.views import set_rollback

from accounts.errors import Refusal


def problem(status: int, code: str, message: str, fields: dict[str, Any] | None = None) -> Response:
    """``{"error": {"code", "message"}}``; a rejected form names its ``fields`` as well."""
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return Response({"error": error}, status=status)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turns refusals and the framework's own errors into ``problem``; others stay a 500."""
    if isinstance(error, Refusal):
        set_rollback()
        return problem(error.status, error.code, str(error))
    if isinstance(error, RecursionError):
        error = exceptions.ParseError()  # JSON nested without end
    response = rest_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"all": error.detail}
        answer = problem(response.status_code, "invalid", _("Some fields are not right."), fields)
    elif isinstance(error, Http404 | exceptions.NotFound):
        answer = problem(response.status_code, "not-found", _("There is nothing at this address."))
    elif isinstance(error, PermissionDenied):
        answer = problem(response.status_code, "permission-denied", _("You may not do this."))
    else:
        detail = getattr(error, "detail", "")
        code = str(getattr(detail, "code", "error")).replace("_", "-")
        answer = problem(response.status_code, code, str(detail))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response.headers:
            answer[header] = response.headers[header]
    return answer
