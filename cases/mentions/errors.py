"""What is refused about mentions."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class CannotSeeTheCase(Refusal):
    """A colleague who does not see the case was named: she could not read the note."""

    sentence = _("%(name)s does not see this case. Assign it to her, or leave out the @ before her name.")
