"""What is refused when people decide about mails."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoSuchCase(Refusal):
    """A case that this person does not see."""

    status = 404
    sentence = _("There is no case %(number)s that you can see. Check the number.")


class AlreadyThere(Refusal):
    """The mail is in this case."""

    status = 409
    sentence = _("The mail is in this case already.")


class CannotBeRead(Refusal):
    """The mail's own bytes cannot be read, or are gone."""

    status = 422
    sentence = _("The mail cannot be read. Look at its source; nothing of it was lost.")


class BytesGone(CannotBeRead):
    """As above, for good."""

    status = 410
    sentence = _(
        "The bytes of this mail were deleted, with a file of it or when their time was over: it cannot be "
        "moved or read again. Write in the right case what matters, and upload there what is left of "
        "its files."
    )


class NotParked(Refusal):
    """The mail is in a case: it is moved, not set aside."""

    status = 409
    sentence = _("The mail is in a case. Move it to another one instead.")


class NotWaiting(Refusal):
    """The mail waits for nobody: it cannot be put off."""

    status = 409
    sentence = _("The mail waits for nobody any more. Look at it again.")


class NotThen(Refusal):
    """A moment that has passed, or that nobody thinks of today."""

    sentence = _("Choose a time to come, within a year.")


class AlreadyUndone(Refusal):
    """A decision that is not the last one about its mail, or was taken back."""

    status = 409
    sentence = _("Something newer was decided about this mail. Look at it again.")


class NotLost(Refusal):
    """A mail that is on its way, or has arrived."""

    status = 409
    sentence = _("This mail is on its way, or has arrived. Look at it again.")


class TextIsGone(Refusal):
    """A sign-in code or reset, whose text is not kept."""

    status = 409
    sentence = _("The text of this mail is not kept. Its reader has to ask for a new one.")
