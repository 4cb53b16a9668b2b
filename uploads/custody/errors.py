"""What is refused without an agreement, with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class ConsentMissing(Refusal):
    """The privacy statement's current version is not agreed to."""

    status = 403
    sentence = _("Before the first upload, read the privacy statement on the case page and agree to it.")


class NoReason(Refusal):
    """A hold that nobody could judge later."""

    sentence = _("Say why, in at most 500 characters: the reason is kept with the legal hold.")


class AlreadyHeld(Refusal):
    """Two holds of one case."""

    status = 409
    sentence = _("This case is under a legal hold already.")


class NotHeld(Refusal):
    """Nothing to lift."""

    status = 409
    sentence = _("This case is under no legal hold any more.")
