"""What is refused in every part of uploads."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class TooOften(Refusal):
    """More requests than a person makes."""

    status = 429
    sentence = _("Too many attempts in a short time. Wait a few minutes and try again.")
