"""What is refused about who is told of a case, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoAddress(Refusal):
    """What was typed is no mail address."""

    sentence = _("“%(address)s” is no mail address. Write it as in name@example.com.")


class OwnAddress(Refusal):
    """An address that mails of the portal come back to."""

    sentence = _("This is an address of the portal itself; its mails would come back to it.")


class TookHerselfOff(Refusal):
    """An address whose owner has left the Cc list of this case."""

    sentence = _(
        "Whoever reads %(address)s has taken herself off the Cc list of this case. If she wants its mails "
        "after all, give her an account, and she can follow the case."
    )


class TooManyCcs(Refusal):
    """A Cc list that is full."""

    sentence = _("A Cc list holds %(most)s addresses at most. Remove one that is not needed any more.")
