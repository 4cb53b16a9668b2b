"""What is refused about cases, each with a sentence for the person who asked."""

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from cases.status import Change, Status, changes_by_hand


class NotAnEngineer(Refusal):
    """A case is given to somebody who does not work on cases."""

    sentence = _("%(name)s is no engineer. Choose an active engineer.")


class NothingSaid(Refusal):
    """An empty message."""

    sentence = _("The message is empty. Write what you want to say.")


class TooLong(Refusal):
    """A message beyond ``MAX_BODY_LENGTH``."""

    status = 413
    sentence = _("The message has more than %(limit)s characters. Shorten it or upload it as a file.")


class InternalResult(Refusal):
    """A result that its customer could not read."""

    sentence = _("An internal note cannot be the result: the customer does not read it.")


class NoTitle(Refusal):
    """A case without a title."""

    sentence = _("The case needs a title. Say in one line what does not work.")


class NotOfThisOrganisation(Refusal):
    """The contact of a case is no person of its organisation."""

    sentence = _("%(name)s does not belong to %(organisation)s. Choose a contact of this organisation.")


class NotACaseNumber(Refusal):
    """Something else was given for a case number."""

    sentence = _("“%(number)s” is not a case number. It looks like CAS-03282-J6Y6M6.")


class IllegalStatusChange(Refusal):
    """A change that is not possible from the present status."""

    status = 409
    sentence = _("“%(change)s” is not possible while the case is “%(status)s”. Possible now: %(possible)s.")

    def __init__(self, change: Change, status: Status) -> None:
        self.change = change
        super().__init__(change=change.label, status=status.label, possible=_possible(status))


class NoReasonGiven(Refusal):
    """A change of status that a reader of the history would not understand."""

    sentence = _("Say in a few words why: “%(change)s”. The customer and your colleagues read it.")


class CaseIsClosed(Refusal):
    """Something that makes no sense on a closed case."""

    status = 409
    sentence = _("The case is closed. Resume it first.")


class IsADouble(Refusal):
    """Work on a case that was merged into another."""

    status = 409
    sentence = _(
        "This case is a double of %(number)s and goes on there. Work on it there, or take the relation back."
    )


class NobodyAgreed(TypeError):
    """A programming error: a case is closed for the time being without consent or announced silence."""


class HistoryIsKept(TypeError):
    """A programming error: the history of a case is only ever added to."""


def _joined(status: str) -> str:
    return ", ".join(f"“{change.label}”" for change in changes_by_hand(status))


_possible = lazy(_joined, str)
