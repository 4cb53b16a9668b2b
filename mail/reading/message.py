"""Reading a mail (RFC 5322, MIME): all of it is somebody else's word, in whatever charset.

To be called in the sandbox (``sandboxed``) where the mail is a stranger's.
"""

from dataclasses import fields as fields_of
from dataclasses import is_dataclass, replace
from email.message import Message
from typing import TypeVar, cast

from engine.text_safety import one_line, storable
from mail.errors import NoMail, Unreadable
from mail.reading.automatic import Automatic, may_be_answered, reason
from mail.reading.bodies import Bodies, read_bodies
from mail.reading.bounces import bounced
from mail.reading.charsets import words
from mail.reading.elsewhere.files import kept_elsewhere, replaced_files
from mail.reading.headers import date, field, fields, message_ids
from mail.reading.mail import Attachment, Mail
from mail.reading.parts import Part, message_part, skeleton

T = TypeVar("T")

__all__ = ["ONCE", "Attachment", "Mail", "read_mail"]

DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")
"""What servers note of the envelope: a hidden copy to a reply address is known by it."""
ONCE = ("From", "Content-Type")
"""Fields of which a second one makes a mail suspicious; honest scripts and gateways double others, of which a
signed one is read (``headers.field``)."""


def read_mail(raw: bytes, *, is_shallow: bool = False, is_ours: bool = False) -> Mail:
    """Reads a message; ``is_shallow``: pages and what would have to be unpacked stay files. ``is_ours``: text
    and page are the portal's, and what is attached stays closed.

    Raises ``NoMail`` without a header field, ``Unreadable`` where nothing can be read.
    """
    try:
        root, is_beyond = message_part(raw)
        if not root.header.keys():
            raise NoMail
        bodies = read_bodies(root, is_beyond=is_beyond, is_shallow=is_shallow, is_ours=is_ours)
        return storable_fields(_read(root.header, bodies, root))
    except (NoMail, Unreadable):
        raise
    except Exception as error:  # What is hostile enough for that is kept whole.
        raise Unreadable(f"{type(error).__name__} while reading it") from error


def _what_says_so(parts: Message, text: str) -> str:
    if reason(parts, "", with_subject=False):
        return "header"
    return "subject" if reason(parts, text, is_sure=True) else "text"


def storable_fields(value: T) -> T:
    """The same with each text in it as a database can hold it: the one place where NUL and the like go."""
    if isinstance(value, list):
        return cast("T", [storable_fields(each) for each in value])
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: storable_fields(getattr(value, each.name)) for each in fields_of(value)}
        )
    return cast("T", storable(value))


def _is_doubled(values: list[str], name: str) -> bool:
    return len(values if name == "From" else {"".join(value.lower().split()) for value in values}) > 1


def _read(header: Message, bodies: Bodies, root: Part) -> Mail:
    to, cc = (", ".join(fields(header, name)) for name in ("To", "Cc"))
    moment, date_text = date(header)
    parts = skeleton(root)
    automatic = reason(parts, bodies.text) or ""
    return Mail(
        message_id=next(iter(message_ids(field(header, "Message-ID"))), ""),
        sender=", ".join(fields(header, "From")),
        subject=one_line(words(field(header, "Subject"))),
        recipients=f"{to}, {cc}",
        results=fields(header, "Authentication-Results"),
        automatic=automatic,
        automatic_by=_what_says_so(parts, bodies.text) if automatic else "",
        text=bodies.text,
        attachments=bodies.attachments,
        pictures=bodies.pictures,
        to=to,
        cc=cc,
        reply_to=", ".join(fields(header, "Reply-To")),
        delivered_to=", ".join(value for name in DELIVERED_TO for value in fields(header, name)),
        may_be_answered=may_be_answered(header),
        mailer=one_line(field(header, "X-Mailer") or field(header, "User-Agent"))[:100],
        doubled=[name for name in ONCE if _is_doubled(fields(header, name), name)],
        in_reply_to=message_ids(" ".join(fields(header, "In-Reply-To"))),
        references=message_ids(" ".join(fields(header, "References"))),
        date=moment,
        date_text=date_text,
        language=one_line(field(header, "Content-Language"))[:100],
        html=bodies.html,
        calendar=bodies.calendar,
        reports=bodies.reports,
        elsewhere=kept_elsewhere(bodies.text, moment) + replaced_files(bodies.attachments),
        bounced=bounced(parts, bodies.text) if automatic == Automatic.BOUNCE else [],
        trouble=bodies.trouble,
    )
