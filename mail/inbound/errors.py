"""Why something that came with a mail is not taken."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class TooManyFiles(Refusal):
    """More files than are taken out of one mail."""

    status = 413
    sentence = _("Of one mail %(most)s files are taken. Send the rest in a ZIP archive.")
