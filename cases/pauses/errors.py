"""What is refused about pauses, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NobodyConsented(Refusal):
    """A suspension to which no customer of the case agreed."""

    sentence = _("%(name)s is no active person of this case's organisation. Say who agreed.")


class NotSaidYet(Refusal):
    """An agreement of tomorrow."""

    sentence = _("This time has not come yet. Say when she agreed.")


class NoWayOn(Refusal):
    """A suspension of which nobody says what ends it."""

    sentence = _("Say with what the case goes on, for example: when the logs have arrived.")


class NoLaterDay(Refusal):
    """A day to go on that has come already."""

    sentence = _("Choose a day after today, or none.")
