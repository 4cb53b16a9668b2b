"""Why an upload link opens nothing, each with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


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


class RequestSettled(LinkEnded):
    """What the link of a mail asked for is not waited for any more, or its reader is not on the case."""

    sentence = _(
        "This link from a mail has ended: what it asked for is not needed any more, or it is too old. "
        "Do you still want to send us something? Reply to the mail, or sign in and upload it there."
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
