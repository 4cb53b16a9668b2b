"""What is refused about appointments, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoTimes(Refusal):
    """No time, or more than somebody wants to choose from."""

    sentence = _("Propose one to %(most)s times.")


class TimeIsOver(Refusal):
    """A time in the past, or more than a year ahead."""

    sentence = _("Choose times that are still to come, within a year.")


class NotProposed(Refusal):
    """A time that is none of those proposed."""

    sentence = _("Choose one of the proposed times, or say when it suits you.")


class NoWords(Refusal):
    """None of the times suits, and nothing is said."""

    sentence = _("Say when it suits you, so that your engineer can propose other times.")


class NotOpen(Refusal):
    """The appointment is agreed, moved or cancelled already."""

    status = 409
    sentence = _("This appointment is not open any more. Look at the newest entry.")


class NotInACalendar(Refusal):
    """A calendar file of an appointment that nobody has agreed to."""

    status = 404
    sentence = _("There is no agreed time yet.")
