"""An old thread as it lies in a file: one mail, a mailbox of several, a mail of Outlook's, or a text.

``.msg`` is read by python-oxmsg (MIT; source: MS-OXMSG): docs/decisions/0019.
"""

import re
import struct
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import tzinfo
from email import message_from_bytes
from enum import StrEnum
from io import BytesIO
from zoneinfo import ZoneInfo

from compressed_rtf import decompress
from olefile import OleFileIO
from oxmsg import Message as OutlookMessage
from oxmsg.storage import Storage, Stream
from striprtf.striprtf import rtf_to_text

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

MAX_RTF_BYTES = 2**20
_PROPERTIES, _TEXT = "__properties_version1.0", "__substg1.0_"
_STRING8, _UNICODE = 0x001E, 0x001F
_BODY, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_INTERNET_CODE_PAGE, _CODE_PAGE = 0x3FDE, 0x3FFD
_NAMED = {65001: "utf-8", 20127: "", 28591: "iso-8859-1", 50220: "iso-2022-jp", 54936: "gb18030"}


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
    content = _begun(content)
    first, _, rest = content[:2000].partition(b"\n")
    if _MAILBOX_LINE.fullmatch(first) and _FIELD.match(rest):
        return SourceKind.MAILBOX
    if _FIELD.match(first):
        names = {name.lower() for name in message_from_bytes(content[:65536])}
        if names & _OF_MAIL:
            return SourceKind.MAIL
    return SourceKind.TEXT


def _begun(content: bytes) -> bytes:
    """From its first written line on: editors put a byte order mark or blank lines above."""
    return content.removeprefix(BOM_UTF8).lstrip(b" \t\r\n").removeprefix(BOM_UTF8)


@refusing(Unreadable)
def reading(emit: Callable[[str], None], content: bytes, zone: str) -> Chain:
    """``read_thread`` as the job of a sandbox's child; ``zone`` by its name."""
    return read_thread(content, ZoneInfo(zone))


def read_thread(content: bytes, zone: tzinfo) -> Chain:
    """The mails of a source, the oldest first, each once. Raises ``Unreadable``."""
    match kind_of(content):
        case SourceKind.MAIL:
            return _of_mail(_begun(content), zone)
        case SourceKind.OUTLOOK:
            return _of_outlook(content, zone)
        case SourceKind.MAILBOX:
            return _joined(_of_mailbox(_begun(content), zone))
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
        mail = OutlookMail(content)
        message, text = mail.message, mail.text
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


class OutlookMail:
    """A ``.msg`` with all of its texts as Unicode: the library reads 8-bit ones strictly, by names that
    Python does not know, and those of recipients by none. ``text``: its body, of whatever kind."""

    def __init__(self, content: bytes) -> None:
        with OleFileIO(BytesIO(content)) as file:
            storage = Storage.from_ole(file)
        numbers = _code_pages(_stream(storage, _PROPERTIES), 32)
        self._of_page = _charset(numbers.get(_INTERNET_CODE_PAGE) or numbers.get(_CODE_PAGE, 0))
        of_texts = _charset(numbers.get(_CODE_PAGE) or numbers.get(_INTERNET_CODE_PAGE, 0))
        self.message = OutlookMessage(_as_unicode(storage, 32, of_texts, self._of_page))
        self.text = self.message.body or self._of_html() or self._of_rtf()

    def _of_html(self) -> str:
        page = self.message.properties.binary_prop_value(_HTML)
        text = decoded(page, self._of_page) if page else self.message.properties.str_prop_value(_HTML)
        return text_of_html(text) if text else ""

    def _of_rtf(self) -> str:
        packed = self.message.properties.binary_prop_value(_RTF)
        if not packed or len(packed) > MAX_RTF_BYTES:
            return ""
        return str(rtf_to_text(decompress(packed).decode("latin-1"), errors="replace"))


def _stream(storage: Storage, name: str) -> bytes:
    return next((stream.bytes_ for stream in storage.streams if stream.name == name), b"")


def _code_pages(properties: bytes, begin: int) -> dict[int, int]:
    return {
        tag >> 16: value
        for tag, value in (
            struct.unpack_from("<I4xI", properties, place) for place in range(begin, len(properties) - 15, 16)
        )
        if tag >> 16 in {_INTERNET_CODE_PAGE, _CODE_PAGE}
    }


def _charset(code_page: int) -> str:
    """Empty where none is told: then it is guessed."""
    return _NAMED.get(code_page, f"windows-{code_page}" if code_page else "")


def _as_unicode(storage: Storage, begin: int, of_texts: str, of_body: str) -> Storage:
    streams = []
    for stream in storage.streams:
        name, content = stream.name, stream.bytes_
        if name == _PROPERTIES:
            content = _retyped(content, begin)
        elif name.startswith(_TEXT) and name.endswith(f"{_STRING8:04X}"):
            charset = of_body if name.startswith(f"{_TEXT}{_BODY:04X}") else of_texts
            content = decoded(content, charset).encode("utf-16-le")
            name = f"{name[:-4]}{_UNICODE:04X}"
        streams.append(Stream(f"{storage.path}/{name}", content))
    inner = [
        _as_unicode(each, 8, of_texts, of_body) for each in storage.storages if each.name.startswith("__")
    ]
    return Storage(path=storage.path, streams=tuple(streams), storages=tuple(inner))


def _retyped(properties: bytes, begin: int) -> bytes:
    kept = [properties[:begin]]
    for place in range(begin, len(properties) - 15, 16):
        kind, name = struct.unpack_from("<HH", properties, place)
        if name not in {_INTERNET_CODE_PAGE, _CODE_PAGE}:
            kind = _UNICODE if kind == _STRING8 else kind
            kept.append(struct.pack("<HH", kind, name) + properties[place + 4 : place + 16])
    return b"".join(kept)
