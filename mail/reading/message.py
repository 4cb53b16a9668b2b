"""Reading a mail (RFC 5322, MIME): all of it is somebody else's word, in whatever charset.

The parser is the standard library's with its lenient policy, which hands on 8-bit header bytes;
what those say is decided here (UTF-8 first, then GB18030, which Chinese mailers also send unlabelled).
"""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import NoReturn, cast

from engine.text_safety import one_line, without_nul
from mail.errors import NoMail, Unreadable
from mail.reading.automatic import reason
from mail.reading.charsets import decoded, words
from mail.reading.headers import field, fields
from mail.reading.html_text import text_of_html

MAX_PARTS = 500
MAX_DEPTH = 20
MAX_TEXT_LENGTH = 2**20
MAX_SECONDS = 60
"""For a message that was made to take the parser for ever."""

ONCE = ("From", "Subject", "Message-ID", "To", "Cc", "Content-Type")
"""Fields that stand once in a message (RFC 5322, 3.6; RFC 2045): of two, a signature may cover the other."""

_AS_IT_CAME = compat32.clone(max_line_length=None, mangle_from_=False)
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_ANGLED = re.compile(r"<[^<>\s]{1,500}>")


@dataclass(frozen=True)
class Attachment:
    """One file of a mail; ``name`` as the sender wrote it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What is wanted of a mail, decoded. ``results``: its Authentication-Results, the topmost first.

    ``automatic``: why it counts as written by no person (``Automatic``); else empty. ``pictures``: how many
    stand within the text, left out.
    """

    message_id: str
    sender: str
    subject: str
    recipients: str
    results: list[str]
    automatic: str
    text: str
    attachments: list[Attachment]
    pictures: int


def read_mail(raw: bytes) -> Mail:
    """Reads a message. Raises ``NoMail``, ``Unreadable``."""
    try:
        with _within(MAX_SECONDS):
            return _read(raw)
    except (NoMail, Unreadable):
        raise
    except Exception as error:  # The parser itself fails on some messages that were made for it.
        raise Unreadable(f"{type(error).__name__} while reading it") from error


def _read(raw: bytes) -> Mail:
    message = message_from_bytes(raw)
    if not message.keys():
        raise NoMail
    for name in ONCE:
        if len(fields(message, name)) > 1:
            raise Unreadable(f"{name} stands in it more than once")
    texts: list[str] = []
    pages: list[str] = []
    attachments, pictures = [], 0
    for part in _leaves(message):
        kind, disposition, name = part.get_content_type(), part.get_content_disposition(), _file_name(part)
        if disposition != "attachment" and part.get_content_maintype() == "image" and part["Content-ID"]:
            pictures += 1
        elif kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
            (texts if kind == "text/plain" else pages).append(_text(part))
        elif kind not in _SIGNATURES:
            attachments.append(Attachment(name or _default_name(part), _content(part)))
    plain = "\n\n".join(text for text in texts if text.strip())
    text = (plain or "\n\n".join(map(text_of_html, pages))).strip()
    identifier = _ANGLED.search(field(message, "Message-ID"))
    return Mail(
        message_id=identifier.group() if identifier else "",
        sender=field(message, "From"),
        subject=one_line(words(field(message, "Subject"))),
        recipients=f"{field(message, 'To')}, {field(message, 'Cc')}",
        results=fields(message, "Authentication-Results"),
        automatic=reason(message, text) or "",
        text=text,
        attachments=attachments,
        pictures=pictures,
    )


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that are no containers; a message within the message is one part."""
    waiting, count = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > MAX_PARTS or depth > MAX_DEPTH:
            raise Unreadable(f"more than {MAX_PARTS} parts or {MAX_DEPTH} levels")
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += [(inner, depth + 1) for inner in reversed(_inner(part))]
        else:
            yield part


def _inner(part: Message) -> list[Message]:
    return cast("list[Message]", part.get_payload())


def _content(part: Message) -> bytes:
    if part.is_multipart():
        return b"".join(inner.as_bytes(policy=_AS_IT_CAME) for inner in _inner(part))
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _text(part: Message) -> str:
    text = decoded(_content(part)[: 4 * MAX_TEXT_LENGTH], part.get_content_charset() or "")
    return without_nul(text)[:MAX_TEXT_LENGTH]


def _default_name(part: Message) -> str:
    if part.get_content_maintype() != "message":
        return ""
    subject = words(field(_inner(part)[0], "Subject")) if part.is_multipart() else ""
    return f"{subject.replace('/', '_')[:100] or 'mail'}.eml"


def _file_name(part: Message) -> str:
    """By RFC 2183 and 2231, else the older ``name`` of Content-Type; RFC 2047 in either, against the rule."""
    for header, name in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        raw = field(part, header)
        if not raw:
            continue
        bare: Message = Message()
        bare[header] = raw
        value = bare.get_param(name, header=header)
        if isinstance(value, tuple):
            # Percent signs are resolved already, one character for each byte.
            return decoded(value[2].encode("latin-1", "replace"), value[0] or "")
        if value:
            return words(value)
    return ""


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raises ``TimeoutError`` in the main thread after so many seconds."""

    def stop(*_: object) -> NoReturn:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
