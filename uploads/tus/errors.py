"""What the tus endpoint refuses before an upload is touched, each with a sentence that says what to do."""

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


class WholeFilesOnly(Refusal):
    """Concatenation by an upload link, whose limits count whole files."""

    sentence = _("An upload link takes whole files only: send the file without Upload-Concat.")


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


class TooManyAtOnce(Refusal):
    """All threads for uploads are taken; clients that resume try again by themselves."""

    status = 503
    sentence = _("Many uploads are arriving at this moment. Try again in a few seconds; nothing is lost.")
