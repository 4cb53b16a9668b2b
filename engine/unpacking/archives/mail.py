"""Mails saved as files (.eml): their text and what is attached.

Of one text in several forms the richest is taken, as mail programs show it. Sources: RFC 5322, RFC 2045,
RFC 2046 5.1.4.
"""

import codecs
import email
import re
from collections.abc import Callable, Iterable, Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from pathlib import Path

from engine.text import text
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.entry import BROKEN, ArchiveUnreadable, Damaged, Entry

MAX_BYTES = 64 << 20
"""The whole mail is held in memory."""
MAX_PARTS = 1_000
MAX_HEADER = 10_000
"""Characters of a header's field that are read: Python takes the square of that for its parameters."""
TOO_LARGE = text(
    f"邮件超过 {MAX_BYTES >> 20} MB，未展开。请把附件另存后上传。",
    f"The mail is larger than {MAX_BYTES >> 20} MB and was not opened. Please save its attachments and "
    "upload those.",
)
TOO_MANY = text(
    "邮件的部分过多，其余未读取。请把附件另存后上传。",
    "The mail has too many parts; the others were not read. Please save its attachments and upload those.",
)
_FIELD = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60}):", re.MULTILINE)
_OF_MAILS = {
    b"from",
    b"to",
    b"date",
    b"subject",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"received",
    b"return-path",
    b"delivered-to",
    b"authentication-results",
    b"arc-seal",
    b"dkim-signature",
}
"""Of a mail that came through many servers what they wrote fills the first bytes."""
_OF_PROGRAMS = {b"message-id", b"received"}
"""A header that people copied into a text has none of these, nor has a web page saved as a mail."""
_BEFORE = b"\xef\xbb\xbf\r\n"
_ODD = (AssertionError, AttributeError, LookupError, MessageError, RecursionError, TypeError, ValueError)
"""What Python's reader raises of hostile mails."""
_IN_FULL = {"gb2312": "gb18030", "gbk": "gb18030"}
"""What mails call the encoding, and the one that holds all that they write in it."""
_COSTLY = {"punycode", "idna"}
"""Encodings of no text, whose reading takes the square of its length."""


class _Briefly(Compat32):
    """Reads of each field of a header no more than ``MAX_HEADER`` characters."""

    def header_source_parse(self, sourcelines: Iterable[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:MAX_HEADER]


def is_mail(head: bytes) -> bool:
    """By the header that it begins with."""
    fields = head.lstrip(_BEFORE).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    named = {name.lower() for name in _FIELD.findall(fields)} if _FIELD.match(fields) else set()
    return len(named & _OF_MAILS) >= 3 and bool(named & _OF_PROGRAMS)


def entries(
    form: ArchiveFormat, file: Path, name: str, password: str | None, scratch: Path
) -> Iterator[Entry]:
    """The text, then what is attached; a mail within the mail is an entry of its own."""
    if file.stat().st_size > MAX_BYTES:
        raise ArchiveUnreadable(TOO_LARGE)
    try:
        message = email.message_from_bytes(file.read_bytes().lstrip(_BEFORE), policy=_Briefly())
    except _ODD as error:
        raise ArchiveUnreadable(BROKEN) from error
    named: set[str] = set()
    for number, part in enumerate(_parts(message), start=1):
        if number > MAX_PARTS:
            raise ArchiveUnreadable(TOO_MANY)
        name = _name(part, number)
        if name.casefold() in named:  # pictures are all called image.png
            name = f"{number}-{name}"
        named.add(name.casefold())
        yield Entry(name, _content(part))


def _parts(message: Message) -> Iterator[Message]:
    """What is to be read, in its order; hostile mails nest deep, so without recursion."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        children = (
            [child for child in part.get_payload() if isinstance(child, Message)] if _holds(part) else []
        )
        if not children:
            yield part
        elif part.get_content_subtype() == "alternative":
            waiting.append(children[-1])
        else:
            waiting += reversed(children)


def _holds(part: Message) -> bool:
    return part.is_multipart() and part.get_content_maintype() == "multipart"


def _name(part: Message, number: int) -> str:
    """As it is attached; a text of the mail itself and what has no name is called by its type."""
    try:
        words = decode_header(part.get_filename() or "")
        written = str(make_header([(word, _IN_FULL.get(charset or "", charset)) for word, charset in words]))
    except _ODD:
        written = ""
    if written:
        return written.replace("/", "_").replace("\\", "_")
    if part.get_content_maintype() == "message":
        return f"{number}.eml"
    if part.get_content_maintype() == "text":
        return f"{number}.{'html' if part.get_content_subtype() == 'html' else 'txt'}"
    return f"{number}.bin"


def _content(part: Message) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        try:
            if part.is_multipart():
                yield from (child.as_bytes() for child in part.get_payload() if isinstance(child, Message))
                return
            content = part.get_payload(decode=True)
        except _ODD as error:
            raise Damaged(BROKEN) from error
        if isinstance(content, bytes):
            yield _with_mark(content, part)

    return chunks


def _with_mark(content: bytes, part: Message) -> bytes:
    """A text in UTF-8 with its mark where the mail says in which encoding it is: nothing need be guessed."""
    try:
        charset = part.get_content_charset()
        if part.get_content_maintype() != "text" or part.get_filename() or not charset:
            return content
        codec = codecs.lookup(_IN_FULL.get(charset, charset)).name
        return content if codec in _COSTLY else content.decode(codec).encode("utf-8-sig")
    except _ODD:
        return content
