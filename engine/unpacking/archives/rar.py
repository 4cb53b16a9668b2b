"""RAR 4 and 5, and their sets of volumes. Sources: the "RAR 4" and "RAR 5.0 archive format" notes."""

from engine.unpacking.archives import libarchive
from engine.unpacking.archives.archive_format import ArchiveFormat

SIGN_4, SIGN_5 = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0"
MAIN_HEADER_4, MAIN_HEADER_5 = 0x73, 1


def is_volume(head: bytes) -> bool:
    """By the flag of the main header (4: 0x0001; 5: archive flags 0x0001)."""
    if head.startswith(SIGN_4) and len(head) >= 12:
        return head[9] == MAIN_HEADER_4 and bool(head[10] & 1)
    if not head.startswith(SIGN_5):
        return False
    try:
        at = 12  # behind the checksum
        _size, at = vint(head, at)
        header, at = vint(head, at)
        flags, at = vint(head, at)
        if flags & 1:
            _extra, at = vint(head, at)
        archive_flags, at = vint(head, at)
    except IndexError:
        return False
    return header == MAIN_HEADER_5 and bool(archive_flags & 1)


def vint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer of RAR 5 and where it ends; raises ``IndexError``."""
    value = 0
    for place in range(10):
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise IndexError("longer than ten bytes")


RAR = ArchiveFormat(
    name="rar",
    source="https://www.rarlab.com/technote.htm",
    entries=libarchive.entries,
    signs=(b"Rar!\x1a\x07",),
    is_part=is_volume,
    switches=("format_rar", "format_rar5"),
    locked_for_good=True,
)
