"""What is known of a mail once it has been read."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mail.reading.bounces import FailedRecipient
from mail.reading.elsewhere.files import Elsewhere


class Trouble(StrEnum):
    """What could not be read of a mail; its value stands before the name in ``Mail.trouble``."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    ELSEWHERE = "kept elsewhere"
    CUT = "cut"
    PARTIAL = "one part of a mail that was sent in several"
    TOO_MANY_PARTS = "too many parts"
    TOO_COSTLY = "too costly"
    """Only header and plain text were read; all else are files."""


@dataclass(frozen=True)
class Attachment:
    """One file of a mail; ``name`` as the sender wrote it, ``media_type`` in lower case.

    ``content_id`` without brackets: by it a page of the mail names a picture (``cid:``).
    """

    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    content_id: str = ""


@dataclass(frozen=True)
class Report:
    """A part for machines, as of a bounce or a read receipt: ``message/delivery-status`` and the like."""

    media_type: str
    text: str


@dataclass(frozen=True)
class Mail:
    """A mail, decoded; everything in it is its sender's word.

    ``sender``, ``to``, ``cc``, ``reply_to`` are header fields as they came, doubled ones joined by a
    comma; ``recipients`` is To and Cc, ``delivered_to`` what servers noted of the envelope.
    ``doubled``: fields that stand once in a message (``message.ONCE``) and stand in this one more often, so
    that another program may see another sender or other words. ``results``:
    Authentication-Results, the topmost first. ``automatic``: why it counts as written by no person
    (``automatic.Automatic``); else empty. ``automatic_by``: what says so, ``header``, ``subject``
    or ``text``, the surest of them.
    ``may_be_answered``: by a program. ``mailer``: which program wrote it, as it says.
    ``references``: ids with their brackets, the newest last.
    ``language``: its Content-Language. ``date``: ``None`` where ``date_text``, the field as it came, is none.
    ``text``: what it says, cited lines begin with ``> ``, a picture within it is ``[name]``. ``html``: its
    pages, not cleaned (``html.page.cleaned_html``), their pictures by ``cid:``; empty without one.
    ``calendar``: iCalendar
    objects of invitations and answers. ``elsewhere``: files that a mailer or gateway keeps elsewhere or has
    removed. ``bounced``: of a report on delivery, what it says of each recipient. ``trouble``: what could not
    be read, ``kind: name`` (``Trouble``).
    """

    message_id: str
    sender: str
    subject: str
    recipients: str
    results: list[str]
    automatic: str
    text: str
    attachments: list[Attachment]
    pictures: list[Attachment]
    to: str = ""
    cc: str = ""
    reply_to: str = ""
    delivered_to: str = ""
    automatic_by: str = ""
    may_be_answered: bool = True
    mailer: str = ""
    doubled: list[str] = field(default_factory=list)
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    date: datetime | None = None
    date_text: str = ""
    language: str = ""
    html: str = ""
    calendar: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    bounced: list[FailedRecipient] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
