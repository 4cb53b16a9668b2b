"""The log of requests, without the secrets that stand in some addresses."""

import re

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

SECRET = re.compile(r"(/uploads/link/|/answer/|/accounts/password/reset/key/)[^/?]+")


class QuietRequestMiddleware(RequestMiddleware):
    """The address of an upload link, of an answer, or of a new password, is the right itself: whoever reads
    the log must not have it."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and address, secrets blotted out."""
        return SECRET.sub(r"\1…", RequestMiddleware.format_request(request))
