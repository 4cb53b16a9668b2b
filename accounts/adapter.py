"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.languages import language_at
from accounts.models import User

KIND_HEADER = "X-Anjuan"
"""The field of a mail that says what it is for: the name of allauth's template."""


def _moved(value: object, here: str, portal: str) -> object:
    return portal + value.removeprefix(here) if isinstance(value, str) and value.startswith(here) else value


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an administrator adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **facts: Any) -> HttpResponse | None:
        """Whoever may not enter hears it here, by whichever door she came."""
        if not (isinstance(user, User) and user.may_enter):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **facts)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever has this address, else in the browser's."""
        with override(language_at(email)):
            super().send_mail(template_prefix, email, context)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Says what it is for: one to an address that nobody has is not sent (``mail.outbound``). Every
        address in it is below ``PORTAL_URL``: a request says of itself what host it likes."""
        here = self.request.build_absolute_uri("/")
        portal = f"{settings.PORTAL_URL}/" if settings.PORTAL_URL else here
        context = {name: _moved(value, here, portal) for name, value in context.items()}
        headers = (headers or {}) | {KIND_HEADER: template_prefix.rpartition("/")[2]}
        return super().render_mail(template_prefix, email, context | {"portal_url": portal}, headers)

    def format_email_subject(self, subject: str) -> str:
        """The portal's name, which people know, instead of the host's, which they need not."""
        return f"[{_('Anjuan')}] {subject}"
