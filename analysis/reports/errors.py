"""What is refused about reports, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class ReportIsFrozen(Refusal):
    """Somebody tries to change or delete a report that the customer has."""

    status = 409
    sentence = _(
        "This report has been sent and can no longer be changed. Revise it: that makes a new version."
    )


class ReportWasEdited(Refusal):
    """Two people edit one draft; the second to save learns it."""

    status = 409
    sentence = _(
        "Somebody else changed this draft while you were writing. Nothing of yours is lost: "
        "your text is below. Compare it with the saved one, then save again."
    )


class NewestDraft(Refusal):
    """The newest draft is to be discarded, though no later one has taken its place."""

    status = 409
    sentence = _("This is the newest draft. Only a draft that a newer version replaces can be discarded.")


class ReportIsEmpty(Refusal):
    """A report goes out without a conclusion in one of its languages."""

    status = 409
    sentence = _("The report has no conclusion in %(language)s yet. Write one, then send the report.")


class NotRevisable(Refusal):
    """Only what the customer has, in its newest version, is revised."""

    status = 409
    sentence = _(
        "Only the newest version that was sent can be revised. Reload the page to see how it stands."
    )


class ChangeUnexplained(Refusal):
    """A new version goes out without a word on what is different in it."""

    status = 409
    sentence = _(
        "This version replaces v%(version)s. Say in a sentence what has changed, in %(language)s, "
        "then send the report."
    )


class LanguagesApart(Refusal):
    """The two languages may no longer say the same, and nobody has said that they do."""

    status = 409
    sentence = _(
        "%(why)s Read both sides and correct what differs, or tick that they say the same; "
        "then send the report."
    )


class PdfUnavailable(Refusal):
    """The PDF cannot be made on this installation, and why."""

    status = 503
    sentence = _("The PDF cannot be made: %(why)s The report itself is not affected.")


class DraftTooLong(Refusal):
    """The PDF of a draft would keep an engineer, and a thread of the server, waiting for long."""

    status = 409
    sentence = _(
        "This draft is too long to become a PDF while you wait. Read it on its page, or leave findings out; "
        "once it is sent, its PDFs are made in the background."
    )


class ReportUnreadable(Refusal):
    """The frozen content is of a version that is not known here, or not what its version says."""

    status = 409
    sentence = _(
        "This report is stored in a form that this version of the portal cannot read (%(schema)s). "
        "Nothing is lost, and its PDF stays as it was sent: tell the administrator."
    )
