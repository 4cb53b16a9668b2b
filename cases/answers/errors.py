"""What is refused about a word that somebody of the vendor's writes down."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotTheCustomer(Refusal):
    """A word recorded of somebody who is no customer of this case."""

    sentence = _("%(name)s is no active person of this case's organisation.")


class InTheFuture(Refusal):
    """A word recorded that nobody has said yet."""

    sentence = _("This time has not come yet. Say when it was said.")


class BeforeTheCase(Refusal):
    """A word recorded that was said long before there was a case."""

    sentence = _("This time is long before the case. Say when it was said.")
