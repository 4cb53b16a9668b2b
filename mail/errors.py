"""Why a mail is not read, not kept, or not sent."""


class NoMail(Exception):
    """Bytes without a single header field."""


class Unreadable(Exception):
    """A mail beyond the limits, or with a field twice that stands once."""


class TooLarge(Exception):
    """More bytes than ``MAIL_MAX_SIZE``."""


class SourceGone(Exception):
    """The raw bytes of a mail are deleted, or were never kept."""


class MailRefused(Exception):
    """The mail server takes this mail neither now nor later (SMTP 5xx)."""


class MailServerDown(Exception):
    """The mail server does not answer, or asks to come again (SMTP 4xx)."""


class NotAsMeant(Exception):
    """A mail of ours that our own reader does not read as it was meant."""
