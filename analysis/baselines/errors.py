"""What is refused about baselines, each with a sentence for the engineer."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class BaselineNotAdded(Refusal):
    """The file or list cannot be taken, and why."""

    sentence = _("Nothing was added to the baselines: %(why)s")


class NoSuchState(Refusal):
    """The analysis knows no file of that hash."""

    status = 404
    sentence = _("The analysis holds no file of this hash.")


class FileTooLarge(Refusal):
    """More than the portal hashes in one request."""

    status = 413
    sentence = _("The file is larger than 512 MB. Enter its hash with Get-FileHash in a list instead.")
