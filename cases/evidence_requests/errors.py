"""What is refused about evidence requests, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NothingAsked(Refusal):
    """A request without an item."""

    sentence = _("Nothing is asked for yet. Choose a log, name a file, or write what you need.")


class TooMuchAsked(Refusal):
    """More items than anybody would collect."""

    sentence = _("These are %(count)s items, more than %(most)s. Ask for the most telling ones first.")


class NoReasonWhy(Refusal):
    """An item that cannot be sent, and not a word about it."""

    sentence = _("Say in a few words why it cannot be sent, so that your engineer can look for another way.")


class RequestIsClosed(Refusal):
    """The request has ended meanwhile."""

    status = 409
    sentence = _("This request has ended already. Reload the page to see what is asked for now.")


class IsSettled(Refusal):
    """An upload has brought it meanwhile, or the engineer needs it no more."""

    status = 409
    sentence = _("Meanwhile it says “%(state)s” of this item. Reload the page to see what is asked for now.")
