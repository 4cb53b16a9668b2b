"""What is refused about canned replies, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class TextMissing(Refusal):
    """A name or one of the two texts is empty."""

    sentence = _("Write the name and the text in both languages.")


class UnknownVariable(Refusal):
    """A name in braces that nothing stands for."""

    sentence = _("Nothing stands for %(names)s. Possible: %(possible)s.")


class NameTaken(Refusal):
    """Another canned reply has this name."""

    status = 409
    sentence = _("There is another canned reply “%(name)s”. Choose another name.")
