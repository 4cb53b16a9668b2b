"""What is refused about relations of cases, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoSuchCase(Refusal):
    """No case of this number, as far as the person may see."""

    sentence = _("No case has the number %(number)s. Check it.")


class SameCase(Refusal):
    """A case related to itself."""

    sentence = _("This is the case itself. Name another one.")


class RelatedAlready(Refusal):
    """The same said twice."""

    status = 409
    sentence = _("The two cases are related in this way already.")


class OtherOrganisation(Refusal):
    """A case that would go on in one of another organisation."""

    sentence = _("The other case is of another organisation. A case goes on only in one of its own.")


class GoesInCircles(Refusal):
    """A case that would go on in itself."""

    status = 409
    sentence = _("One of the two goes on in the other already. Take that relation back first.")


class CannotBeMerged(Refusal):
    """A double of a double, or of a closed case."""

    status = 409
    sentence = _(
        "Only an open case that is no double itself can take in a double, and only a case that has none. "
        "Relate the two instead."
    )


class TakenBack(Refusal):
    """A relation that somebody took back meanwhile."""

    status = 409
    sentence = _("This relation has been taken back already.")
