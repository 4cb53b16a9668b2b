"""Why a mail is not read, not kept, or not sent."""


class NoMail(Exception):
    """Bytes without a single header field."""


class Unreadable(Exception):
    """A mail of which nothing can be read, or whose files unpack beyond the limits."""


class MovedOn(Exception):
    """Another has decided about the mail meanwhile, or what is asked does not follow from its state."""


class TooLarge(Exception):
    """More bytes than ``MAIL_MAX_SIZE``."""


class SourceGone(Exception):
    """The raw bytes of a mail are deleted, or were never kept."""


class MailRefused(Exception):
    """The mail server takes this mail neither now nor later (SMTP 5xx). ``no_mailbox``: nor any other to this
    address. ``too_large``: a smaller one it might."""

    def __init__(self, answer: str, *, no_mailbox: bool = False, too_large: bool = False) -> None:
        self.no_mailbox = no_mailbox
        self.too_large = too_large
        super().__init__(answer)


class MailServerDown(Exception):
    """The mail server does not answer, or asks to come again (SMTP 4xx)."""


class MailPutOff(MailServerDown):
    """The mail server answers, and takes this one mail later (SMTP 4xx after the sender)."""


class NotTaken(Exception):
    """The test mail has not left: the mail server's words, or ours."""


class NotAsMeant(Exception):
    """A mail of ours that our own reader does not read as it was meant."""
