"""Why an upload is refused, each with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotSignedIn(Refusal):
    """Nobody is signed in, or the session has ended."""

    status = 401
    sentence = _("You are not signed in. Sign in, then continue: the bytes received so far are kept.")


class ForgedRequest(Refusal):
    """The CSRF token is missing or old."""

    status = 403
    sentence = _("This page is out of date. Reload it and choose the same file again: the upload continues.")


class NoSuchCase(Refusal):
    """No case of this number, or none that this person may see."""

    status = 404
    sentence = _("There is no such case, or it is not one of yours. Check the case number.")


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


class WholeFilesOnly(Refusal):
    """Concatenation by an upload link, whose limits count whole files."""

    sentence = _("An upload link takes whole files only: send the file without Upload-Concat.")


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


class ConsentMissing(Refusal):
    """The privacy statement's current version is not agreed to."""

    status = 403
    sentence = _("Before the first upload, read the privacy statement on the case page and agree to it.")


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


class ChecksumMismatch(Refusal):
    """The bytes that arrived are not the bytes that were sent."""

    status = 460
    sentence = _("This chunk was damaged on its way (wrong checksum) and was not kept. Send it again.")


class ChecksumUnknown(Refusal):
    """A checksum that cannot be read or computed."""

    sentence = _("The Upload-Checksum header cannot be used. Known algorithms: %(known)s, then base64.")


class WrongVersion(Refusal):
    """Another version of the tus protocol, or none."""

    status = 412
    sentence = _("This address speaks tus 1.0.0: send the header “Tus-Resumable: 1.0.0”.")


class WrongContentType(Refusal):
    """A chunk that is not declared as one."""

    status = 415
    sentence = _("Send the chunk with “Content-Type: application/offset+octet-stream”.")


class BadHeader(Refusal):
    """A header of the protocol is missing or unreadable."""

    sentence = _("The header %(header)s is missing or cannot be read.")


class WrongMethod(Refusal):
    """A method that the address does not know."""

    status = 405
    sentence = _("This address does not know the method %(method)s.")


class TakenOver(Refusal):
    """A newer request continues this upload; the older one stops."""

    status = 423
    sentence = _(
        "This upload continues in another window. Close this one, or choose “Continue uploading” here."
    )


class TooManyAtOnce(Refusal):
    """All threads for uploads are taken; clients that resume try again by themselves."""

    status = 503
    sentence = _("Many uploads are arriving at this moment. Try again in a few seconds; nothing is lost.")


class ClientSilent(Refusal):
    """No byte for a while, or too few; the thread is wanted elsewhere."""

    status = 408
    sentence = _("Hardly any bytes arrived for a while. What was received is kept; the upload can continue.")


class NoSuchLink(Refusal):
    """An address that is no upload link."""

    status = 404
    sentence = _("There is no such upload link. Check that the whole address was copied.")


class LinkEnded(Refusal):
    """Revoked or expired, or its case is closed."""

    status = 410
    sentence = _(
        "This upload link has ended: it expired or was revoked, or the case is closed. "
        "Ask your engineer for a new one."
    )


class LinkUsedUp(Refusal):
    """As many uploads as the link allows."""

    status = 403
    sentence = _("This upload link is used up: %(most)s uploads were made. Ask your engineer for a new one.")


class LinkFull(Refusal):
    """More bytes than the link allows in all."""

    status = 413
    sentence = _(
        "This upload link takes %(left)s more bytes; the file has %(size)s. Send less or ask for a new link."
    )


class CodeMissing(Refusal):
    """The code that was mailed is asked for first."""

    status = 403
    sentence = _("Open the page of the upload link and enter the code that was sent by mail.")


class WrongCode(Refusal):
    """Not the code, or an old one."""

    sentence = _("This code is wrong or too old. Check the newest mail, or have another code sent.")


class TooOften(Refusal):
    """More requests than a person makes."""

    status = 429
    sentence = _("Too many attempts in a short time. Wait a few minutes and try again.")
