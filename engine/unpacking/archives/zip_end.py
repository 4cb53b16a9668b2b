"""The end of a zip's directory, wherever it lies: bytes may stand before the archive and behind it.

Source: APPNOTE.TXT 6.3.10, 4.3.16 (end of central directory record), 4.3.15 (its locator of zip64).
"""

import io
import mmap
import struct
from pathlib import Path
from typing import Any

END, END_SIZE = b"PK\x05\x06", 22
LOCATOR, LOCATOR_SIZE = b"PK\x06\x07", 20
DIRECTORY = b"PK\x01\x02"
MAX_TRIED = 64
"""End records that are looked at, from the file's end: stored archives inside have some of their own."""


def directory_end(file: Path) -> int | None:
    """Where the last end record that fits its directory ends, its comment left out; ``None`` for no zip."""
    with file.open("rb") as stream:
        if stream.seek(0, 2) < END_SIZE:
            return None
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = len(data)
            for _ in range(MAX_TRIED):
                at = data.rfind(END, 0, at)
                if at < 0:
                    return None
                if len(data) - at >= END_SIZE and _fits(data, at):
                    return at + END_SIZE
    return None


def _fits(data: mmap.mmap, at: int) -> bool:
    count, size = struct.unpack_from("<HL", data, at + 10)
    if at >= LOCATOR_SIZE and data[at - LOCATOR_SIZE : at - LOCATOR_SIZE + 4] == LOCATOR:
        return True
    return bool(count) and at >= size >= 46 and data[at - size : at - size + 4] == DIRECTORY


class Window(io.RawIOBase):
    """A file's bytes up to ``end``, as if it ended there."""

    def __init__(self, file: Path, end: int) -> None:
        self._stream, self._end = file.open("rb"), end

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            offset, whence = self._end + offset, io.SEEK_SET
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(max(0, min(len(view), self._end - self._stream.tell())))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
