"""What is refused about runs, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class RunIsOpen(Refusal):
    """A bundle is to be analysed again while an analysis of it is under way."""

    status = 409
    sentence = _("This upload is being analysed already. Wait for the result.")


class NothingIsLocked(Refusal):
    """A password is given where no file of the newest analysis waits for one."""

    status = 409
    sentence = _("No file of this upload waits for a password. Reload the page to see how it stands.")


class PasswordIsEmpty(Refusal):
    """Nothing was entered, or far too much."""

    status = 422
    sentence = _("Enter the password of the archive, at most 256 characters.")


class NoResult(Refusal):
    """The run has not ended, or it failed."""

    status = 404
    sentence = _("This analysis has no result yet.")


class ResultUnreadable(Refusal):
    """The stored result is of a version that is not known here, or not what its version says."""

    status = 409
    sentence = _(
        "The result of this analysis is stored in a form that this version of the portal cannot read "
        "(%(schema)s). Nothing is lost: have the upload analysed again, or tell the administrator."
    )
