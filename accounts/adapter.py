"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an administrator adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The portal's name, which people know, instead of the host's, which they need not."""
        return f"[{_('Anjuan')}] {subject}"
