"""What is refused about corrections, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class CannotBeCorrected(Refusal):
    """A fact of a case that is not corrected this way."""

    sentence = _("“%(field)s” cannot be corrected.")
