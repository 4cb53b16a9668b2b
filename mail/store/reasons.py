"""Why a mail is where it is: in no case, not answered, not sent."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a received mail is in no case."""

    UNREADABLE = "unreadable", _("It cannot be read.")
    FAULT = "fault", _("A fault of the portal's stopped it.")
    REFUSED = "refused", _("Its case does not take it.")
    NO_SENDER = "no_sender", _("Its From field is not one plain address.")
    UNPROVEN = "unproven", _("Our mail server has not proven that it comes from this address.")
    UNKNOWN = "unknown", _("Nobody here has this address.")
    NO_CASE = "no_case", _("It names no case.")
    NOT_HERS = "not_hers", _("Its sender takes no part in the case that it names.")
    SEVERAL = "several", _("What it says or quotes names several cases of its sender's.")
    ALIKE = "alike", _("It names a case of its sender's, but not to the letter.")
    EMPTY = "empty", _("It says nothing.")
    STORM = "storm", _("More mails or new cases of this sender within an hour or a day than is set.")
    AGAIN = "again", _("The same mail has come before.")
    AUTO_REPLY = "auto_reply", _("An automatic reply.")
    RECEIPT = "receipt", _("A read receipt.")
    CALENDAR = "calendar", _("An answer to an invitation.")
    BOUNCE = "bounce", _("A mail that came back.")
    LIST = "list", _("A mailing list or newsletter.")
    OWN = "own", _("A mail of this portal.")
    GENERATED = "generated", _("A program's report or reminder.")
    BY_HAND = "by_hand", _("A colleague found that nobody needs to act on it.")


class Unanswered(models.TextChoices):
    """Why a mail that the portal answers by itself got no such answer."""

    UNPROVEN = "unproven", _("Not answered automatically: its sender is not proven.")
    UNWANTED = "unwanted", _("Not answered automatically: its mail program wants no such answers.")
    TODAY = "today", _("Not answered automatically: its sender had an automatic answer within a day.")
    LATER = "later", _("Its automatic answer was put off: to the next mail to its sender, by a day at most.")
    CLOSED = "closed", _("Not answered automatically: the case is closed.")


class NotSent(models.TextChoices):
    """Why a mail of ours was not sent, or did not arrive."""

    LEFT = "left", _("Its recipient may not sign in any more.")
    NOT_SEEN = "not_seen", _("Its recipient does not see the case any more.")
    NEW_ADDRESS = "new_address", _("Its recipient has another address by now.")
    OFF_LIST = "off_list", _("Its recipient was taken off the Cc list.")
    ENTRY_GONE = "entry_gone", _("What it tells of is not in this case any more.")
    NOT_WANTED = "not_wanted", _("Its recipient does not want such mails any more.")
    SETTLED = "settled", _("What it reminds of is settled by now.")
    NOBODY = "nobody", _("Nobody here has this address.")
    TOO_LARGE = "too_large", _("The mail server did not take so large a mail; it went again with a link.")
    NO_MAILBOX = "no_mailbox", _("This address does not accept mail.")
    NEVER_MADE = "never_made", _("The portal could not make or send it.")
    TOLD_ALREADY = "told_already", _("An earlier mail to its recipient has told her this.")
    HELD_BACK = "held_back", _("The portal read it before it left, and it did not say what it should.")


def reason_choices() -> list[tuple[str, str | Promise]]:
    """For the field: named by the migrations, which a new reason does not change."""
    return [*Reason.choices, *NotSent.choices]
