"""What is refused about the log collector, with a sentence for the engineer."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotCollectable(Refusal):
    """A line that is no event log, path or registry key."""

    sentence = _("“%(line)s” cannot be collected: %(why)s")
