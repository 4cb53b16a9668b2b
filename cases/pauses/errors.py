"""What is refused about pauses, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoWayOn(Refusal):
    """A suspension of which nobody says what ends it."""

    sentence = _("Say with what the case goes on, for example: when the logs have arrived.")


class NoLaterDay(Refusal):
    """A day to go on that has come already."""

    sentence = _("Choose a day after today, or none.")


class NotProposed(Refusal):
    """An answer to a proposal that is answered, taken back, replaced, or that the case has overtaken."""

    status = 409
    sentence = _("This proposal is not open any more. Look at the newest entry.")
