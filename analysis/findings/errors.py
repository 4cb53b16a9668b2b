"""What is refused about findings and their files, with a sentence for the engineer."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotByItself(Refusal):
    """Not in the first layer of a zip archive, encrypted, or packed in a rare way."""

    status = 409
    sentence = _(
        "This file cannot be taken out of the upload by itself (it lies in an archive within the archive, is "
        "protected by a password, or is packed in an unusual way). Download the whole upload instead."
    )


class TooLargeByItself(Refusal):
    """More than the portal unpacks while somebody waits."""

    status = 413
    sentence = _(
        "This file cannot be taken out of the upload by itself: more than 1 GB would have to be unpacked. "
        "Download the whole upload instead."
    )
