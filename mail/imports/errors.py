"""Why an old thread is not imported."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class SourceTooLarge(Refusal):
    """More than ``MAX_SOURCE_BYTES``."""

    status = 413
    sentence = _("This is too large; at most %(limit)s MB can be imported at once.")


class NoThread(Refusal):
    """No mail was found in the source."""

    status = 422
    sentence = _("No mail was found in it. It can be .eml, .mbox, .msg or the text of a chain.")


class ThreadUnreadable(Refusal):
    """The source could not be read, or not within its limits."""

    status = 422
    sentence = _("This cannot be read. It can be .eml, .mbox, .msg or the text of a chain.")
