"""What is declared of one archive format; ``formats`` lists them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.unpacking.archives.entry import Entry

SIGN_BYTES = 4096
"""Signs lie within these first bytes."""


def _never(head: bytes) -> bool:
    return False


@dataclass(frozen=True)
class ArchiveFormat:
    """``name`` is the usual suffix, ``source`` where the format is described in public.

    A file is of the format where it begins with one of ``signs``, has one ``sign_at`` an offset, or
    ``begins`` knows its first bytes.
    ``is_document`` tells what has the sign and is not meant as an archive, ``is_part`` one of a set, both
    from the first bytes. ``entries(format, file, name, password, scratch)`` reads it; ``scratch`` is a
    path that may be written for the duration. ``has_directory``: entries can be passed over without
    decoding them.

    For ``libarchive.entries``: ``switches`` is what the library is told to support
    (``archive_read_support_…``), ``decompress`` takes the place of a filter that it lacks. With
    ``stream_suffixes`` the file is one compressed stream, perhaps a tar, and its name less one of these
    is the content's. ``locked_for_good``: no password opens it here.
    """

    name: str
    source: str
    entries: "Callable[[ArchiveFormat, Path, str, str | None, Path], Iterator[Entry]]"
    signs: tuple[bytes, ...] = ()
    sign_at: tuple[int, bytes] | None = None
    begins: Callable[[bytes], bool] = _never
    is_document: Callable[[bytes], bool] = _never
    is_part: Callable[[bytes], bool] = _never
    has_directory: bool = False
    switches: tuple[str, ...] = ()
    decompress: Callable[[Path], IO[bytes]] | None = None
    stream_suffixes: tuple[str, ...] = ()
    locked_for_good: bool = False

    def has_sign(self, head: bytes) -> bool:
        """Whether the format's sign is in these first bytes."""
        offset, sign = self.sign_at or (0, b"")
        return (
            head.startswith(self.signs)
            or bool(sign and head[offset:].startswith(sign))
            or self.begins(head[:SIGN_BYTES])
        )
