"""Why a file cannot be attached to an entry of the thread, each with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class AttachmentTooLarge(Refusal):
    """More bytes than an attachment may have."""

    status = 413
    sentence = _("“%(name)s” is larger than %(limit)s MiB. Use “Upload files” for it.")


class TooManyAttachments(Refusal):
    """More files than one entry may have."""

    status = 413
    sentence = _("One message takes %(most)s files at most. Send the rest in a second one.")


class EmptyAttachment(Refusal):
    """A file without a byte."""

    sentence = _("“%(name)s” is empty. Choose the file again.")


class BelongsInAnUpload(Refusal):
    """A log or an archive: attached, nobody would analyse it."""

    sentence = _("“%(name)s” is a log or an archive. Use “Upload files” for it: only there it is analysed.")
