"""Why an upload is refused, each with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NoSuchUpload(Refusal):
    """No upload at this address, or somebody else's."""

    status = 404
    sentence = _("There is no such upload. Choose the file again to begin a new one.")


class UploadGone(Refusal):
    """Expired or cancelled: the bytes are deleted."""

    status = 410
    sentence = _("This upload has expired or was cancelled. Choose the file again to begin a new one.")


class PartMissing(Refusal):
    """A part of a concatenation is not complete, or not a part."""

    sentence = _("Part %(number)s of this file is not complete yet. Upload it, then join the parts again.")


class FinalUpload(Refusal):
    """A joined upload takes no bytes of its own."""

    status = 403
    sentence = _("This upload is joined from its parts; send the bytes to the parts.")


class TooMuchUnfinished(Refusal):
    """More announced and not complete than one person or one case may have."""

    status = 507
    sentence = _(
        "The unfinished uploads (%(whose)s) already hold %(held)s bytes; with this file that would be more "
        "than the %(limit)s bytes allowed. Complete or cancel some of them first."
    )


class TooManyUnfinished(Refusal):
    """More uploads begun and not complete than one person may have."""

    status = 507
    sentence = _("You have %(count)s unfinished uploads. Complete or cancel some of them first.")


class OrganisationFull(Refusal):
    """More than the organisation's uploads may hold together."""

    status = 507
    sentence = _(
        "The uploads of your organisation hold %(held)s bytes; with this file that would be more than its "
        "room of %(limit)s GiB. Tell your engineer: what is no longer needed can be deleted, or the room "
        "enlarged."
    )


class EmptyFile(Refusal):
    """Nothing to upload."""

    sentence = _("The file “%(name)s” is empty (0 bytes). Check it on the machine that it comes from.")


class TooLarge(Refusal):
    """More than the portal takes."""

    status = 413
    sentence = _("The file has %(size)s bytes; at most %(limit)s bytes can be uploaded. Split the archive.")


class ChunkTooLong(Refusal):
    """The bytes would go past the announced size."""

    status = 413
    sentence = _("This chunk would end at %(end)s; the upload has %(size)s bytes in all.")


class DiskFull(Refusal):
    """No room for the bytes, now."""

    status = 507
    sentence = _(
        "The portal has no room for this file at present. What has arrived is kept; "
        "try again later or tell your engineer."
    )


class OffsetMismatch(Refusal):
    """The chunk does not begin where the upload continues."""

    status = 409
    sentence = _("This chunk starts at %(got)s; the upload continues at %(expected)s.")


class AlreadyComplete(Refusal):
    """A complete upload is evidence, not cancelled any more."""

    status = 409
    sentence = _("This upload is complete and part of the case; it can no longer be cancelled.")


class ChecksumUnknown(Refusal):
    """A checksum that cannot be read or computed."""

    sentence = _("The Upload-Checksum header cannot be used. Known algorithms: %(known)s, then base64.")


class ChecksumMismatch(Refusal):
    """The bytes that arrived are not the bytes that were sent."""

    status = 460
    sentence = _("This chunk was damaged on its way (wrong checksum) and was not kept. Send it again.")


class TakenOver(Refusal):
    """A newer request continues this upload; the older one stops."""

    status = 423
    sentence = _(
        "This upload continues in another window. Close this one, or choose “Continue uploading” here."
    )


class ClientSilent(Refusal):
    """No byte for a while, or too few; the thread is wanted elsewhere."""

    status = 408
    sentence = _("Hardly any bytes arrived for a while. What was received is kept; the upload can continue.")
