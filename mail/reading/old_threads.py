"""An old thread as it lies in a file: one mail, a mailbox of several, a mail of Outlook's, or a text.

``.msg`` is read by python-oxmsg (MIT; source: MS-OXMSG): docs/decisions/0019.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import tzinfo
from email import message_from_bytes
from enum import StrEnum
from io import BytesIO
from zoneinfo import ZoneInfo

from oxmsg import Message as OutlookMessage

from engine.sandbox.wire import refusing
from engine.text_safety import one_line
from mail.errors import NoMail, Unreadable
from mail.reading.chain import Chain, ChainedMail, LeftOver, Remainder, chain_of, merged, name_and_address
from mail.reading.charsets import decoded, words
from mail.reading.html.text import text_of_html
from mail.reading.message import read_mail
from mail.reading.written_times import header_time

MODULE = __name__
MAX_MAILS_OF_A_MAILBOX = 500
OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1")
"""What an OLE2 file begins with (MS-CFB, 2.2)."""
_MAILBOX_LINE = re.compile(rb"^From \S[^\r\n]{0,200}\d{4}[^\r\n]{0,20}\r?$", re.MULTILINE)
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
_OF_MAIL = {"message-id", "mime-version", "received", "content-type", "return-path"}


class SourceKind(StrEnum):
    """What a source is."""

    MAIL = "mail"
    MAILBOX = "mailbox"
    OUTLOOK = "outlook"
    TEXT = "text"


def kind_of(content: bytes) -> SourceKind:
    """Told by the bytes: a pasted chain may begin with “From:”, but has none of a mail's own fields."""
    if content.startswith(OUTLOOK):
        return SourceKind.OUTLOOK
    first, _, rest = content[:2000].partition(b"\n")
    if _MAILBOX_LINE.fullmatch(first) and _FIELD.match(rest):
        return SourceKind.MAILBOX
    if _FIELD.match(first):
        names = {name.lower() for name in message_from_bytes(content[:65536])}
        if names & _OF_MAIL:
            return SourceKind.MAIL
    return SourceKind.TEXT


@refusing(Unreadable)
def reading(emit: Callable[[str], None], content: bytes, zone: str) -> Chain:
    """``read_thread`` as the job of a sandbox's child; ``zone`` by its name."""
    return read_thread(content, ZoneInfo(zone))


def read_thread(content: bytes, zone: tzinfo) -> Chain:
    """The mails of a source, the oldest first, each once. Raises ``Unreadable``."""
    match kind_of(content):
        case SourceKind.MAIL:
            return _of_mail(content, zone)
        case SourceKind.OUTLOOK:
            return _of_outlook(content, zone)
        case SourceKind.MAILBOX:
            return _joined(_of_mailbox(content, zone))
    return chain_of(_text(content), zone)


def _text(content: bytes) -> str:
    for mark, charset in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(charset, "replace")
    return decoded(content, "")


def _of_mailbox(content: bytes, zone: tzinfo) -> Iterator[Chain]:
    """Of each mail its chain (RFC 4155; ``>From`` is a line that began with “From”)."""
    begins = [line.end() + 1 for line in _MAILBOX_LINE.finditer(content) if _begins_a_mail(content, line)]
    ends = [content.rfind(b"\nFrom ", 0, begin) + 1 for begin in begins[1:]] + [len(content)]
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        if number == MAX_MAILS_OF_A_MAILBOX:
            yield Chain([], [Remainder(f"{len(begins) - number}", LeftOver.TOO_MANY)])
            return
        raw = re.sub(rb"^>(>*From )", rb"\1", content[begin:end], flags=re.MULTILINE)
        try:
            yield _of_mail(raw, zone)
        except Unreadable as error:
            yield Chain([], [Remainder(f"{number + 1}: {error}", LeftOver.UNREADABLE)])


def _begins_a_mail(content: bytes, line: re.Match[bytes]) -> bool:
    is_apart = line.start() == 0 or content[max(0, line.start() - 3) : line.start()].endswith(
        (b"\n\n", b"\n\r\n")
    )
    return is_apart and _FIELD.match(content, line.end() + 1) is not None


def _of_mail(content: bytes, zone: tzinfo) -> Chain:
    try:
        mail = read_mail(content)
    except NoMail as error:
        raise Unreadable("it has no header") from error
    name, address = name_and_address(words(mail.sender))
    newest = ChainedMail(
        position=0,
        body="",
        name=name,
        address=address,
        to=words(mail.recipients),
        subject=mail.subject,
        sent_text=mail.date_text,
        sent_at=header_time(mail.date_text, zone) if mail.date_text else None,
        is_quoted=False,
    )
    files = [file.name for file in (*mail.attachments, *mail.pictures)]
    return _with_files(mail.text, newest, files, zone)


def _of_outlook(content: bytes, zone: tzinfo) -> Chain:
    try:
        message = OutlookMessage.load(BytesIO(content))
        page = "" if message.body else message.html_body
        text = message.body or text_of_html(page or "")
        name, address = name_and_address(words(message.sender or ""))
        sent_at = message.sent_date
        newest = ChainedMail(
            position=0,
            body="",
            name=name,
            address=address,
            to="; ".join(f"{recipient.name} <{recipient.email_address}>" for recipient in message.recipients),
            subject=one_line(message.subject),
            sent_text=message.message_headers.get("Date", ""),
            sent_at=sent_at.replace(tzinfo=sent_at.tzinfo or zone) if sent_at else None,
            is_quoted=False,
        )
        files = [attachment.file_name or "" for attachment in message.attachments]
    except Exception as error:  # The library checks little of what it reads.
        raise Unreadable(f"{type(error).__name__} while reading it") from error
    return _with_files(text, newest, files, zone)


def _with_files(text: str, newest: ChainedMail, files: list[str], zone: tzinfo) -> Chain:
    chain = chain_of(text, zone, newest)
    left = [Remainder(name, LeftOver.FILE) for name in files]
    if not any(mail.position == 0 and not mail.is_quoted for mail in chain.mails):
        left.insert(0, Remainder(newest.subject or newest.sent_text, LeftOver.NO_TEXT))
    return replace(chain, remainders=[*chain.remainders, *left])


def _joined(chains: Iterator[Chain]) -> Chain:
    mails: list[ChainedMail] = []
    remainders: list[Remainder] = []
    for chain in chains:
        mails += [replace(mail, position=len(mails) + place) for place, mail in enumerate(chain.mails)]
        remainders += chain.remainders
    return Chain(merged(mails), remainders)
