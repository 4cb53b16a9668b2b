"""What is refused about a person's own reminders."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotThen(Refusal):
    """A moment that has passed, or that nobody thinks of today."""

    sentence = _("Choose a day after today, within a year.")


class HasAnother(Refusal):
    """What would be in force again was replaced meanwhile."""

    status = 409
    sentence = _("You have set another reminder meanwhile.")
