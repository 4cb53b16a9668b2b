"""What a mail says and carries: its parts as one text in order, its files, and what could not be read.

RFC 2046: every inline part of a multipart/mixed is content, in order (5.1.3); only the parts of one
multipart/alternative stand for each other (5.1.4), and of them the richest that says something is read.
"""

import re
from dataclasses import dataclass, field

from engine.text_safety import without_nul
from mail.reading.charsets import DECLARES_NOTHING, decoded, words
from mail.reading.headers import field as header_field
from mail.reading.html.pictures import PagePictures, looks_like_picture
from mail.reading.html.text import text_of_html
from mail.reading.html.tokens import Tag
from mail.reading.mail import Attachment, Report, Trouble
from mail.reading.mime import smime, tnef
from mail.reading.mime.named_parts import (
    is_envelope,
    is_named_by_nobody,
    is_named_by_program,
    is_resource_fork,
    is_rest_of_page,
    is_signature,
    may_be_text,
)
from mail.reading.parts import Part, message_part
from mail.reading.plain_text import unenriched, unflowed, without_uuencoded

MAX_TEXT_LENGTH = 2**20
MAX_PAGE_LENGTH = 4 * 2**20
MAX_UU_FILES = 100
"""Files within the texts of a message; further ones stay where they stand."""
MAX_NESTED = 3
"""Messages within messages whose text is read; deeper ones stay in their file."""

_REPORTS = frozenset(
    (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
    )
)
_PLAIN = frozenset(("text/plain", "text/markdown", "text/enriched", "text/richtext"))
_TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_FOR_WATCHES = frozenset(("text/x-amp-html", "text/watch-html"))
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{1,40})", re.IGNORECASE
)
_LOOKS_LIKE_PAGE = re.compile(
    rb"\s*(?:<!doctype\s+html|<html|<body|<head|<meta|<div|<p\b|<table)", re.IGNORECASE
)
_CID_MARK = re.compile(r"\[cid:([^\]\s]{1,200})\]")
_PLACE = re.compile("\x00([0-9]{1,6})\x00")


@dataclass
class Bodies:
    """See ``mail.Mail``."""

    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    pictures: list[Attachment] = field(default_factory=list)
    calendar: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


def read_bodies(
    root: Part, *, is_beyond: bool = False, is_shallow: bool = False, is_ours: bool = False
) -> Bodies:
    """All parts of a message; what of it cannot be read is named in ``trouble``. ``is_shallow``, ``is_ours``:
    see ``message.read_mail``."""
    reader = _Bodies(root, is_shallow=is_shallow, is_ours=is_ours)
    reader.bodies.trouble += [Trouble.TOO_MANY_PARTS.value] * is_beyond
    text, pages = reader.read(root, None)
    bodies = reader.bodies
    bodies.text = reader.with_pictures(text)[:MAX_TEXT_LENGTH].strip("\n").rstrip()
    bodies.html = "\n<hr>\n".join(pages)
    bodies.pictures = [*reader.pictures.all()]
    return bodies


class _Bodies:
    def __init__(
        self, root: Part, nested: int = 0, *, is_shallow: bool = False, is_ours: bool = False
    ) -> None:
        self.bodies = Bodies()
        self.nested = MAX_NESTED if is_shallow else nested
        self.is_shallow = is_shallow
        self.is_ours = is_ours
        self.pictures = PagePictures()
        self.has_plain_body = False
        self.uu_left = MAX_UU_FILES
        self.first_leaf: Part | None = None
        self._look_over(root)

    def _look_over(self, root: Part) -> None:
        waiting = [root]
        while waiting:
            part = waiting.pop()
            waiting += reversed(part.parts)
            if not part.parts and self.first_leaf is None:
                self.first_leaf = part
            self.has_plain_body |= not part.parts and _is_text(part) and not part.name
            if part.content_id and part.media_type.startswith(("image/", "application/octet-stream")):
                self.pictures.expect(part.content_id, part.name)

    def read(self, part: Part, parent: Part | None) -> tuple[str, list[str]]:
        """Its text and its pages; a part that breaks what reads it becomes a file."""
        try:
            if part.parts:
                return self._multipart(part)
            return self._leaf(part, parent)
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            self._note(Trouble.BROKEN, f"{part.name or part.media_type} ({type(error).__name__})")
            self._attach(part, part.name)
            return "", []

    def _multipart(self, part: Part) -> tuple[str, list[str]]:
        kind = part.media_type
        if kind == "multipart/encrypted":
            self._note(Trouble.ENCRYPTED, part.parameter("protocol"))
        readings = [(inner, *self.read(inner, part)) for inner in part.parts]
        if kind == "multipart/alternative":
            return _richest(readings)
        texts = [text for _inner, text, _pages in readings if text.strip()]
        return "\n\n".join(text.strip("\n") for text in texts), [
            page for reading in readings for page in reading[2]
        ]

    def _leaf(self, part: Part, parent: Part | None) -> tuple[str, list[str]]:
        kind = part.media_type
        if self.is_ours and (part.is_file or part.disposition == "attachment"):
            self._attach(part, part.name)
            return "", []
        if kind in _FOR_WATCHES or is_signature(part, parent) or is_resource_fork(part):
            return "", []
        if kind.startswith("multipart/"):  # Its boundary is never used.
            return self._text(part, is_page=False)
        if kind == "text/calendar" and part.disposition != "attachment":
            self.bodies.calendar.append(self._decoded(part, part.content(), MAX_TEXT_LENGTH))
            return "", []
        if kind in _REPORTS and not part.name:
            self.bodies.reports.append(Report(kind, self._decoded(part, part.content(), MAX_TEXT_LENGTH)))
            return "", []
        if kind == "message/rfc822":
            return self._message(part), []
        if kind == "message/partial":
            return self._begun(part), []
        if not self.is_shallow and (kind in _TNEF or part.name.lower() == "winmail.dat"):
            return self._unpacked(part)
        if not self.is_shallow and is_envelope(part, parent):
            return self._out_of_envelope(part)
        if kind == "message/external-body":
            self._note(Trouble.ELSEWHERE, part.parameter("name") or part.parameter("url"))
            return "", []
        if (
            kind.startswith("image/")
            and part.disposition != "attachment"
            and (part.content_id or part.disposition)
        ):
            return self._picture(part), []
        if self._is_body(part, parent):
            if self._is_file_as_well(part, parent):
                self._attach(part, part.name)
            return self._text(part, is_page=kind == "text/html")
        self._attach(part, part.name)
        return "", []

    def _is_body(self, part: Part, parent: Part | None) -> bool:
        if not _is_text(part) or (self.is_shallow and part.media_type != "text/plain"):
            return False
        if not part.name or _stand_for_each_other(parent):
            return True
        is_its_text = self._is_main(part) or not part.is_file or is_named_by_program(part)
        return is_its_text and may_be_text(part)

    def _is_main(self, part: Part) -> bool:
        return not self.has_plain_body or part is self.first_leaf

    def _is_file_as_well(self, part: Part, parent: Part | None) -> bool:
        """Of a text that is shown. Apple Mail shows a log in its place; it is a log all the same."""
        if not part.name or _stand_for_each_other(parent) or is_named_by_nobody(part):
            return False
        return (part.is_file and part.media_type == "text/plain") or not self._is_main(part)

    def _text(self, part: Part, *, is_page: bool) -> tuple[str, list[str]]:
        content = part.content()
        if is_page or (part.media_type.startswith("multipart/") and _LOOKS_LIKE_PAGE.match(content)):
            page = self._decoded(part, content, MAX_PAGE_LENGTH)
            text = text_of_html(page, self.pictures.marker)
            return text, [self.pictures.with_content_ids(page)]
        content, files = without_uuencoded(content, self.uu_left)
        self.uu_left -= len(files)
        for name, inner in files:
            self.bodies.attachments.append(Attachment(words(decoded(name, "")), inner))
        text = self._decoded(part, content, MAX_TEXT_LENGTH).replace("\r\n", "\n")
        if part.media_type in {"text/enriched", "text/richtext"}:
            text = unenriched(text)
        elif part.parameter("format").lower() == "flowed":
            text = unflowed(text, deletes_space=part.parameter("delsp").lower() == "yes")
        return _CID_MARK.sub(self._cid_mark, text), []

    def _cid_mark(self, mark: re.Match[str]) -> str:
        return self.pictures.marker(Tag("img", attributes={"src": f"cid:{mark[1]}"})) or mark[0]

    def _decoded(self, part: Part, content: bytes, most: int) -> str:
        """As so many characters at most, of up to four bytes each."""
        charset = part.parameter("charset")
        is_open = charset.lower() in DECLARES_NOTHING
        if is_open and part.media_type == "text/html" and (meta := _META_CHARSET.search(content[:4096])):
            charset = meta[1].decode("ascii", "replace")
        text = decoded(content[: 4 * most], charset)
        if len(text) > most or len(content) > 4 * most:
            self._note(Trouble.CUT, part.name or part.media_type)
        return text[:most]

    def _picture(self, part: Part) -> str:
        """The place of a picture, that is named there unless a page has shown it."""
        number = self.pictures.add(part.content_id, part.name, part.media_type, part.content())
        return f"\x00{number}\x00"

    def with_pictures(self, text: str) -> str:
        """``text`` with the names of those pictures that no page has shown."""
        self._sort_out()
        return re.sub(
            r"\n{3,}", "\n\n", _PLACE.sub(lambda place: self.pictures.left_over(int(place[1])), text)
        )

    def _sort_out(self) -> None:
        """An attachment that a page shows is a picture, whatever it is called."""
        for attachment in [*self.bodies.attachments]:
            if self.pictures.shows(attachment.content_id) and looks_like_picture(attachment.content):
                self.bodies.attachments.remove(attachment)
                self.pictures.add(
                    attachment.content_id, attachment.name, attachment.media_type, attachment.content
                )

    def _message(self, part: Part) -> str:
        """A message within the message is a file; what it says is cited."""
        content = part.content()
        is_copy = len(content) != part.end - part.body
        inner, _is_beyond = message_part(content) if is_copy else message_part(part.raw, part.body, part.end)
        subject = words(header_field(inner.header, "Subject"))
        name = part.name or f"{subject.replace('/', '_')[:100] or 'mail'}.eml"
        self.bodies.attachments.append(Attachment(name, content, part.media_type))
        if self.nested >= MAX_NESTED:
            return ""
        text = self._text_within(inner)
        head = [
            f"{name}: {words(value)[:1000]}"
            for name in ("From", "Date", "To", "Subject")
            if (value := header_field(inner.header, name))
        ]
        lines = [*head, "", *text.strip("\n").split("\n")]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def _begun(self, part: Part) -> str:
        """Each piece of a mail that was cut (RFC 2046, 5.2.2) is a file; the first begins with its text."""
        number, total = (part.parameter(name)[:9] or "?" for name in ("number", "total"))
        name = part.name or f"mail-{number}-of-{total}.eml"
        self._note(Trouble.PARTIAL, f"{number} / {total}")
        self._attach(part, name)
        if number != "1" or self.nested >= MAX_NESTED:
            return ""
        return self._text_within(message_part(part.content())[0])

    def _text_within(self, inner: Part) -> str:
        reader = _Bodies(inner, self.nested + 1)
        return reader.with_pictures(reader.read(inner, None)[0])[:MAX_TEXT_LENGTH]

    def _unpacked(self, part: Part) -> tuple[str, list[str]]:
        """Body and files of a winmail.dat; the body counts where the mail has no other."""
        content = part.content()
        inner = tnef.unpacked(content)
        self.bodies.attachments += inner.attachments
        for attachment in inner.attachments:
            if attachment.content_id and looks_like_picture(attachment.content):
                self.pictures.expect(attachment.content_id, attachment.name)
        if inner.is_broken:
            self._note(Trouble.BROKEN, part.name or part.media_type)
            self.bodies.attachments.append(Attachment(part.name or "winmail.dat", content, part.media_type))
        if self.has_plain_body:
            return "", []
        if not inner.page:
            return without_nul(inner.text.replace("\r\n", "\n"))[:MAX_TEXT_LENGTH], []
        page = without_nul(inner.page)[:MAX_PAGE_LENGTH]
        return text_of_html(page, self.pictures.marker), [self.pictures.with_content_ids(page)]

    def _out_of_envelope(self, part: Part) -> tuple[str, list[str]]:
        content = part.content()
        try:
            inner = smime.inner_message(content)
        except Exception as error:  # asn1crypto raises what it meets.
            self._note(Trouble.BROKEN, f"{part.name or part.media_type} ({type(error).__name__})")
            self._attach(part, part.name or "smime.p7m")
            return "", []
        if inner is None or self.nested >= MAX_NESTED:
            self._note(
                Trouble.ENCRYPTED if inner is None else Trouble.TOO_MANY_PARTS, part.name or "smime.p7m"
            )
            self._attach(part, part.name or "smime.p7m")
            return "", []
        root, _is_beyond = message_part(inner)
        self.nested += 1
        self.first_leaf = None
        try:
            self._look_over(root)
            return self.read(root, None)
        finally:
            self.nested -= 1

    def _attach(self, part: Part, name: str) -> None:
        self.bodies.attachments.append(Attachment(name, part.content(), part.media_type, part.content_id))

    def _note(self, trouble: Trouble, name: str) -> None:
        self.bodies.trouble.append(f"{trouble.value}: {name[:200]}" if name else trouble.value)


def _is_text(part: Part) -> bool:
    is_readable = part.media_type in _PLAIN or part.media_type == "text/html"
    return is_readable and (part.disposition != "attachment" or is_rest_of_page(part))


def _stand_for_each_other(parent: Part | None) -> bool:
    return parent is not None and parent.media_type == "multipart/alternative"


def _richest(readings: list[tuple[Part, str, list[str]]]) -> tuple[str, list[str]]:
    """The page if it says something, else the last text; a page that is a stub loses to the text."""
    saying = [(text, pages) for _part, text, pages in readings if _PLACE.sub("", text).strip()]
    if not saying:
        return next(((text, pages) for _part, text, pages in readings if text), ("", []))
    rich = [reading for reading in saying if reading[1]]
    best = (rich or saying)[-1]
    longest = max(saying, key=lambda reading: len("".join(reading[0].split())))
    is_stub = len("".join(best[0].split())) * 4 < len("".join(longest[0].split())) and not longest[1]
    return longest if is_stub else best
