"""What Outlook packs into ``winmail.dat``: body and files of a mail (MS-OXTNEF, MS-OXCDATA).

The attributes are read by ourselves: tnefparse copies the rest of the file for each of them and gives up the
whole for one it cannot read (docs/decisions/0018). The formatted body is read by compressed-rtf and striprtf.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from compressed_rtf import decompress
from striprtf.striprtf import rtf_to_text

from engine.text_safety import without_nul
from mail.reading.charsets import decoded
from mail.reading.mail import Attachment

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 20_000
MAX_RTF_BYTES = 2**20
MAX_TEXT_BYTES = 2**24
MAX_EMBEDDED = 3

_BODY, _ATTACH_DATA, _ATTACH_TITLE, _BEGINS_ATTACHMENT = 0x800C, 0x800F, 0x8010, 0x9002
_PROPERTIES, _ATTACH_PROPERTIES, _CODE_PAGE = 0x9003, 0x9005, 0x9007
_P_BODY, _P_RTF, _P_HTML, _P_INTERNET_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_P_NAME, _P_DATA, _P_SHORT_NAME, _P_LONG_NAME = 0x3001, 0x3701, 0x3704, 0x3707
_P_MEDIA_TYPE, _P_CONTENT_ID = 0x370E, 0x3712
_STRING, _UNICODE, _OBJECT, _BINARY, _MULTIPLE = 0x001E, 0x001F, 0x000D, 0x0102, 0x1000
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MESSAGE_GUID = bytes.fromhex("0703020000000000c000000000000046")


@dataclass
class Unpacked:
    """``page`` is HTML; ``is_broken``: something of it could not be read."""

    text: str = ""
    page: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    is_broken: bool = False


@dataclass
class _File:
    name: str = ""
    content: bytes = b""
    media_type: str = "application/octet-stream"
    content_id: str = ""


def unpacked(content: bytes, depth: int = 0) -> Unpacked:
    """What is in the file; of a broken one what stands before the fault."""
    result = Unpacked()
    if not content.startswith(SIGNATURE):
        return Unpacked(is_broken=True)
    reader = _Reader(result, depth)
    try:
        for name, data in _attributes(content):
            reader.take(name, data)
    except (struct.error, ValueError):
        result.is_broken = True
    reader.finish()
    return result


def _attributes(content: bytes) -> Iterator[tuple[int, memoryview]]:
    view, offset = memoryview(content), 6
    for _ in range(MAX_ATTRIBUTES):
        if offset + 9 > len(view):
            return
        _level, name, _kind, length = struct.unpack_from("<BHHI", view, offset)
        if offset + 9 + length > len(view):
            raise ValueError("an attribute is cut off")
        yield name, view[offset + 9 : offset + 9 + length]
        offset += 9 + length + 2  # A checksum that nobody needs stands behind it.


class _Reader:
    def __init__(self, result: Unpacked, depth: int) -> None:
        self.result, self.depth = result, depth
        self.files: list[_File] = []
        self.charset = "cp1252"
        self.rtf = b""

    def take(self, name: int, data: memoryview) -> None:
        if name == _CODE_PAGE and len(data) >= 4:
            self.charset = _charset(struct.unpack_from("<I", data)[0])
        elif name == _BODY:
            self.result.text = self._string(bytes(data))
        elif name == _PROPERTIES:
            self._body(dict(_properties(data)))
        elif name == _BEGINS_ATTACHMENT:
            self.files.append(_File())
        elif self.files and name == _ATTACH_TITLE:
            self.files[-1].name = self.files[-1].name or self._string(bytes(data))
        elif self.files and name == _ATTACH_DATA:
            self.files[-1].content = bytes(data)
        elif self.files and name == _ATTACH_PROPERTIES:
            self._file(self.files[-1], dict(_properties(data)))

    def _body(self, properties: dict[int, bytes | str]) -> None:
        code_page = properties.get(_P_INTERNET_CODE_PAGE)
        charset = (
            _charset(struct.unpack("<I", code_page)[0]) if isinstance(code_page, bytes) else self.charset
        )
        if body := properties.get(_P_BODY):
            self.result.text = self._string(body)
        if page := properties.get(_P_HTML):
            self.result.page = decoded(page[:MAX_TEXT_BYTES], charset) if isinstance(page, bytes) else page
        rtf = properties.get(_P_RTF)
        if isinstance(rtf, bytes):
            self.rtf = rtf

    def _file(self, file: _File, properties: dict[int, bytes | str]) -> None:
        for known in (_P_LONG_NAME, _P_SHORT_NAME, _P_NAME):
            if name := properties.get(known):
                file.name = self._string(name)
                break
        file.content_id = self._string(properties.get(_P_CONTENT_ID, "")).strip("<>")
        file.media_type = self._string(properties.get(_P_MEDIA_TYPE, "")).lower() or file.media_type
        data = properties.get(_P_DATA)
        if isinstance(data, bytes) and data.startswith(_MESSAGE_GUID):
            self._embedded(data[len(_MESSAGE_GUID) :])
        elif isinstance(data, bytes):
            file.content = data

    def _embedded(self, content: bytes) -> None:
        """A message in the message: its files are ours, its text stands below."""
        if self.depth >= MAX_EMBEDDED:
            self.result.is_broken = True
            return
        inner = unpacked(content, self.depth + 1)
        self.result.attachments += inner.attachments
        self.result.is_broken |= inner.is_broken
        self.result.text = "\n\n".join(filter(None, (self.result.text, inner.text)))

    def finish(self) -> None:
        self.result.attachments[:0] = [
            Attachment(file.name, file.content, file.media_type, file.content_id)
            for file in self.files
            if file.content or file.name
        ]
        if self.rtf and not (self.result.text.strip() or self.result.page):
            self.result.text = self._of_rtf()

    def _of_rtf(self) -> str:
        if len(self.rtf) > MAX_RTF_BYTES:
            self.result.is_broken = True
            return ""
        try:
            return str(rtf_to_text(decompress(self.rtf).decode("latin-1"), errors="replace"))
        except Exception:  # compressed-rtf raises nothing more exact.
            self.result.is_broken = True
            return ""

    def _string(self, value: bytes | str) -> str:
        if isinstance(value, bytes):
            value = decoded(value[:MAX_TEXT_BYTES].rstrip(b"\0"), self.charset)
        return without_nul(value)


def _properties(data: memoryview) -> Iterator[tuple[int, bytes | str]]:
    """Those with an id of their own that are known here, by id; of several values the first."""
    (count,) = struct.unpack_from("<I", data)
    offset = 4
    for _ in range(min(count, MAX_ATTRIBUTES)):
        kind, identifier = struct.unpack_from("<HH", data, offset)
        offset += 4
        if identifier >= 0x8000:
            offset = _after_name(data, offset)
        values: list[bytes] = []
        base = kind & ~_MULTIPLE
        has_count = bool(kind & _MULTIPLE) or base in {_STRING, _UNICODE, _OBJECT, _BINARY}
        number = 1
        if has_count:
            (number,) = struct.unpack_from("<I", data, offset)
            offset += 4
        for _value in range(min(number, MAX_ATTRIBUTES)):
            if base in _SIZES:
                size = padded = _SIZES[base]
            elif has_count:
                (size,) = struct.unpack_from("<I", data, offset)
                offset += 4
                padded = size + -size % 4
            else:
                raise ValueError("a property of a kind that there is not")
            if offset + size > len(data):
                raise ValueError("a property is cut off")
            if not values:
                values.append(bytes(data[offset : offset + size]))
            offset += padded
        if values and identifier < 0x8000:
            yield identifier, values[0].decode("utf-16-le", "replace") if base == _UNICODE else values[0]


def _after_name(data: memoryview, offset: int) -> int:
    (kind,) = struct.unpack_from("<I", data, offset + 16)
    if kind == 0:
        return offset + 24
    (length,) = struct.unpack_from("<I", data, offset + 20)
    return int(offset + 24 + length + -length % 4)


def _charset(code_page: int) -> str:
    return {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 50220: "iso-2022-jp"}.get(
        code_page, f"cp{code_page}"
    )
