"""The logs of requests, without the secrets that stand in some addresses: whoever reads a log must not have
what opens them."""

import logging

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from accounts.secret_links import blotted


class QuietRequestMiddleware(RequestMiddleware):
    """Each request, when it begins and when it ends or fails."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and address, secrets blotted out."""
        return blotted(RequestMiddleware.format_request(request))


class WithoutSecrets(logging.Filter):
    """For Django's own loggers, which name the address of whatever was refused or failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets all of them pass, secrets blotted out."""
        record.msg, record.args = blotted(record.getMessage()), ()
        return True
