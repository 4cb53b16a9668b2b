"""Why a mail is not taken into a case."""


class NoMail(Exception):
    """Bytes without a single header field."""


class Unreadable(Exception):
    """A mail beyond the limits, or with a field twice that stands once."""


class NotTaken(Exception):
    """Why a mail enters no case, for the log."""


class FolderFull(Exception):
    """The folder holds as much as it may."""
