"""What is refused about the steps of an advice."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoSuchStep(Refusal):
    """A step is ticked that the report does not have, or the report is not sent."""

    status = 404
    sentence = _("This report has no such step. Reload the page.")


class AdviceReplaced(Refusal):
    """A step is ticked in a report whose place another has taken."""

    status = 409
    sentence = _("Version %(version)s has taken the place of this report: tick the step there.")
