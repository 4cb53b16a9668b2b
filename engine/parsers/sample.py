"""The beginning of a file, by which parsers recognise their format."""

import re
from functools import cached_property
from typing import BinaryIO

from engine.encodings import decode

HEAD_BYTES = 65536
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_SCHEMA = re.compile(r'\{[\s\S]{0,2000}"schema"[ \t]{0,40}:\s{0,40}"(anjuan\.\w{1,40})/')


class Sample:
    """``head`` are the first ``HEAD_BYTES`` bytes of the file."""

    def __init__(self, head: bytes, stream: BinaryIO | None = None) -> None:
        self.head = head
        self._stream = stream

    @classmethod
    def of(cls, stream: BinaryIO) -> "Sample":
        """Of a file opened at its beginning; good for as long as it is open."""
        return cls(stream.read(HEAD_BYTES), stream)

    def at(self, offset: int, size: int) -> bytes:
        """Bytes further on, fewer or none behind the end of the file."""
        if self._stream is None:
            return self.head[offset : offset + size]
        self._stream.seek(offset)
        return self._stream.read(size)

    @cached_property
    def text(self) -> str:
        """The head as text; empty where it is none."""
        decoded = decode(self.head)
        is_text = not decoded.text.count("\0") and decoded.damaged <= len(decoded.text) // 100 + 1
        return decoded.text if is_text else ""

    @cached_property
    def schema(self) -> str:
        """What schema a document of our own collector names, ``anjuan.manifest`` say; empty for others."""
        if self.head.lstrip(_BEFORE_TEXT)[:1] != b"{":
            return ""
        named = _SCHEMA.match(decode(self.head[:4096]).text.lstrip())
        return named[1] if named else ""
