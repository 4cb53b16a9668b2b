"""What is refused about scopes, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoProblem(Refusal):
    """A scope without a problem definition."""

    sentence = _("Say in a few sentences what the problem is: that is what the customer agrees to.")


class NotOpenToAnswer(Refusal):
    """An answer to a draft, to a version that a newer one has replaced, or to one that is agreed."""

    status = 409
    sentence = _("This version of the scope is not open to an answer any more. Look at the newest one.")


class NoObjection(Refusal):
    """An objection without words."""

    sentence = _("Say what is not right about the scope, so that your engineer can correct it.")


class DraftOvertaken(Refusal):
    """A colleague has written in the draft since the page was made."""

    status = 409
    sentence = _("%(name)s has written the scope meanwhile; it stands below. Save again to replace it.")
