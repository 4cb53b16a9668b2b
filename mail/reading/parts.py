"""The parts of a message (MIME, RFC 2046) as places in its bytes: nothing is copied until it is wanted.

The standard library reads only the header block of each part. Its own parser keeps a mail of 50 MB several
times in memory, compares each line with the boundaries of all levels, and ends in ``RecursionError`` at
the nesting that is made for that.
"""

import binascii
import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from functools import cached_property

from mail.reading.charsets import from_base64
from mail.reading.headers import field as header_field
from mail.reading.headers import mended_fields
from mail.reading.mime.parameters import parameter

MAX_PARTS = 1000
MAX_DEPTH = 20
MAX_HEADER_BYTES = 2**20
"""Of one part; what is beyond is not read."""

MAX_SKELETON_BYTES = 256 * 1024

_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\r?\n|\r\r")
_BEFORE_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]{0,80}\r?\n){0,80}(?=[A-Za-z-]{2,60}:|From )")
"""What scripts and editors leave above a message."""
_MEDIA_TYPE = re.compile(r"\s*([\w.+-]+)\s*/\s*([\w.+-]+)")
_TOKEN = re.compile(r"[\w.+-]+")
_BOUNDARY_LINE = re.compile(rb"\s*--([^\s].{0,200}?)[ \t]*\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_REST_OF_BOUNDARY = re.compile(rb"(--)?[ \t]{0,80}(?:\r?\n|\r|\Z)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ", re.MULTILINE)


@dataclass
class Part:
    """One part: its header, and where in ``raw`` it and its body stand. ``multipart``: has ``parts``."""

    raw: bytes
    header: Message
    begin: int
    body: int
    end: int
    depth: int
    default_type: str = "text/plain"
    parts: list["Part"] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        """``text/plain`` and the like, in lower case."""
        value = header_field(self.header, "Content-Type")
        match = _MEDIA_TYPE.match(value)
        if match:
            return f"{match[1]}/{match[2]}".lower()
        return self.default_type if not value.strip() else "text/plain"

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or empty."""
        value = header_field(self.header, "Content-Disposition").partition(";")[0].strip().lower()
        return value if value in {"", "inline"} else "attachment" if _TOKEN.fullmatch(value) else ""

    @cached_property
    def name(self) -> str:
        """The file's name as the sender wrote it."""
        return parameter(self.header, "Content-Disposition", "filename") or self.parameter("name")

    @cached_property
    def is_file(self) -> bool:
        """Whether it is a file by its disposition, shown in its place or not."""
        return bool(parameter(self.header, "Content-Disposition", "filename"))

    @property
    def content_id(self) -> str:
        """Without its brackets, as ``cid:`` names it."""
        return header_field(self.header, "Content-ID").strip().strip("<>").strip()

    def parameter(self, name: str) -> str:
        """A parameter of Content-Type."""
        return parameter(self.header, "Content-Type", name)

    def content(self) -> bytes:
        """The body with its transfer encoding undone; what is broken in it is passed over."""
        encoding = header_field(self.header, "Content-Transfer-Encoding").strip().lower()
        with memoryview(self.raw)[self.body : self.end] as body:
            if encoding == "base64":
                return from_base64(body)
            if encoding == "quoted-printable":
                return binascii.a2b_qp(body)
            if encoding in {"x-uuencode", "uuencode", "x-uue"}:
                return _from_uu(bytes(body))
            return bytes(body)


def message_part(raw: bytes, begin: int = 0, end: int | None = None) -> tuple[Part, bool]:
    """The message in ``raw`` as a tree of parts, and whether some of it lies beyond ``MAX_PARTS`` and
    ``MAX_DEPTH`` (then a multipart stays without ``parts``)."""
    reader = _Reader(raw)
    end = len(raw) if end is None else end
    before = _BEFORE_HEADER.match(raw, begin, end)
    root = reader.part(before.end() if before else begin, end, 0, "text/plain")
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.media_type.startswith("multipart/"):
            part.parts = reader.inner_parts(part)
            waiting += reversed(part.parts)
    return root, reader.is_beyond


def skeleton(part: Part) -> Message:
    """The tree as the standard library has it, for whoever asks what kinds of parts there are: of a text or
    report the first ``MAX_SKELETON_BYTES``, of a message within the message its header, of a file nothing."""
    waiting = [part]
    while waiting:
        current = waiting.pop()
        if current.parts:
            current.header.set_payload([inner.header for inner in current.parts])
            waiting += current.parts
        elif current.media_type == "message/rfc822":
            current.header.set_payload(
                [_Reader(current.raw).part(current.body, current.end, 0, "text/plain").header]
            )
        elif current.media_type.startswith(("text/", "message/")):
            body = current.raw[current.body : min(current.end, current.body + MAX_SKELETON_BYTES)]
            # Latin-1, or the standard library asks for the charset, and raises for one that is made for that.
            current.header.set_payload(body.decode("latin-1"))
    return part.header


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.count = 0
        self.is_beyond = False
        self.headers = BytesHeaderParser(policy=compat32)

    def part(self, begin: int, end: int, depth: int, default_type: str) -> Part:
        self.count += 1
        raw = self.raw
        empty = _LINE_END.match(raw, begin, end)
        if empty and depth:
            header, body = b"", empty.end()
        else:
            blank = _BLANK_LINE.search(raw, begin, min(end, begin + MAX_HEADER_BYTES))
            if blank:
                header, body = raw[begin : blank.start()], blank.end()
            elif end - begin > MAX_HEADER_BYTES:
                self.is_beyond = True
                cut = max(raw.rfind(b"\n", begin, begin + MAX_HEADER_BYTES), begin)
                blank = _BLANK_LINE.search(raw, cut, end)
                header, body = raw[begin:cut], blank.end() if blank else end
            else:
                header, body = raw[begin:end], end
        message = self.headers.parsebytes(header)
        rest = message.get_payload()
        if isinstance(rest, str) and rest:
            # A line that is no field ended the header: from there on it is body, blank line or not, unless
            # more fields of a mail follow.
            place = len(header) - len(rest)
            further, length = mended_fields(header[place:], message, of_part=depth > 0)
            message = self.headers.parsebytes(header[:place] + further)
            if length < len(rest):
                body = begin + place + length
        return Part(raw, message, begin, body, end, depth, default_type)

    def inner_parts(self, part: Part) -> list[Part]:
        boundary = part.parameter("boundary").rstrip().encode("utf-8", "replace")
        places = self._places(part, boundary) if boundary else []
        if not places:
            guess = _BOUNDARY_LINE.match(self.raw, part.body, part.end)
            places = self._places(part, guess[1]) if guess else []
        if part.depth >= MAX_DEPTH or self.count + len(places) > MAX_PARTS:
            self.is_beyond |= bool(places)
            places = places[: max(0, MAX_PARTS - self.count)] if part.depth < MAX_DEPTH else []
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        return [self.part(begin, end, part.depth + 1, default) for begin, end in places]

    def _places(self, part: Part, boundary: bytes) -> list[tuple[int, int]]:
        """Where the parts between the boundaries begin and end."""
        raw, delimiter = self.raw, b"--" + boundary
        places: list[tuple[int, int]] = []
        begin, is_open = -1, True
        position = raw.find(delimiter, part.body, part.end)
        while position >= 0 and is_open and len(places) <= MAX_PARTS:
            rest = _REST_OF_BOUNDARY.match(raw, position + len(delimiter), part.end)
            if rest and (position == part.body or raw[position - 1] in b"\r\n"):
                if begin >= 0:
                    places.append((begin, self._without_line_end(begin, position)))
                begin, is_open = rest.end(), not rest[1]
            position = raw.find(delimiter, position + len(delimiter), part.end)
        if begin >= 0 and is_open and len(places) <= MAX_PARTS:
            places.append((begin, part.end))
        return places

    def _without_line_end(self, begin: int, end: int) -> int:
        """The line end before a boundary belongs to the boundary."""
        if end > begin and self.raw[end - 1] == 0x0A:
            end -= 1
        if end > begin and self.raw[end - 1] == 0x0D:
            end -= 1
        return end


def _from_uu(content: bytes) -> bytes:
    start = _UU_BEGIN.search(content)
    lines = content[start.start() :].splitlines()[1:] if start else content.splitlines()
    return b"".join(uu_line(line) or b"" for line in lines)


def uu_line(line: bytes) -> bytes | None:
    """What a line of uuencode holds; ``None`` where it is none."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders count the last group short: keep what the length byte promises.
        if not line:
            return None
        needed = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:needed])
        except binascii.Error:
            return None
