"""What is refused without an agreement, with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class ConsentMissing(Refusal):
    """The privacy statement's current version is not agreed to."""

    status = 403
    sentence = _("Before the first upload, read the privacy statement on the case page and agree to it.")
