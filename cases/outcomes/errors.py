"""What is refused about answers to a result, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoResultWaits(Refusal):
    """An answer where no result waits for one."""

    status = 409
    sentence = _("This has been answered, or the case has gone on. Reload the page to see where it stands.")


class ResultReplaced(Refusal):
    """An answer to a result that another one has replaced."""

    status = 409
    sentence = _("A newer result was sent meanwhile. Read it first, then answer.")


class NoReason(Refusal):
    """“Not solved”, and not a word about it."""

    sentence = _("Say what still does not work, so that your engineer can go on.")


class NotClosed(Refusal):
    """“It came back”, or a rating, of a case that is still worked on."""

    status = 409
    sentence = _("The case is not closed. Write in the case, and your engineer reads it.")


class AlreadyRated(Refusal):
    """A second rating of a case."""

    status = 409
    sentence = _("This case has been rated already. Thank you.")
