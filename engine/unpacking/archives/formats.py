"""Which archive format a file is, told from its first bytes, and parts of archives cut in pieces.

Sources: APPNOTE.TXT 6.3.10 (4.3.7, 8.5), 7zFormat.txt, the RAR 4 and RAR 5.0 archive format notes,
[MS-CAB] 2.1, POSIX.1-1988 ustar, RFC 1952, the xz file format 1.2, RFC 8878, the bzip2 header.
"""

import re
import struct
from enum import StrEnum

from engine.text import Text, text


class Format(StrEnum):
    """The formats that are opened; the last four hold one stream, which may be a tar."""

    ZIP = "zip"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    CAB = "cab"
    TAR = "tar"
    GZIP = "gz"
    BZIP2 = "bz2"
    XZ = "xz"
    ZSTD = "zst"


STREAMS = {Format.GZIP, Format.BZIP2, Format.XZ, Format.ZSTD}

SIGNS = (
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"PK\x07\x08PK\x03\x04", Format.ZIP),
    (b"PK00PK\x03\x04", Format.ZIP),
    (b"7z\xbc\xaf\x27\x1c", Format.SEVEN_ZIP),
    (b"Rar!\x1a\x07", Format.RAR),
    (b"MSCF\0\0\0\0", Format.CAB),
    (b"\x1f\x8b\x08", Format.GZIP),
    (b"BZh", Format.BZIP2),
    (b"\xfd7zXZ\0", Format.XZ),
    (b"\x28\xb5\x2f\xfd", Format.ZSTD),
)
SPANNED = b"PK\x07\x08"

DOCUMENTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"mimetype", b"META-INF/")
"""First entries of office documents, packages and the like: zip files, but not meant as archives."""

PART_NAME = re.compile(
    r"\.(?:part\d{1,5}\.rar|[rz]\d{2,3}|(?:7z|zip|rar|tar(?:\.\w{2,4})?|cab)\.\d{3,4})$", re.IGNORECASE
)
FIRST_OF_MANY = re.compile(r"\.part0*1\.rar$", re.IGNORECASE)

PART = text(
    "这是分卷压缩包的一卷；各卷分开时无法读取。请在本地解压全部分卷，再压缩为一个不分卷的文件上传。",
    "This is one part of an archive cut into several; a part alone cannot be read. Please unpack the whole "
    "set on your side, pack the content as one file (zip, 7z or another, not split) and upload that.",
)


def format_of(head: bytes) -> Format | None:
    """The format that these first bytes (at least 300, if the file has them) begin; ``None`` for others."""
    for sign, form in SIGNS:
        if head.startswith(sign):
            return None if form is Format.ZIP and _is_document(head) else form
    return Format.TAR if head[257:262] == b"ustar" else None


def part_of_many(head: bytes, name: str) -> Text | None:
    """What to do about a part of a divided archive; ``None`` for a whole file.

    The flags of RAR (4: main header 0x0001; 5: archive flags 0x0001) and CAB (0x0001, 0x0002: a
    cabinet before, after) count, and names as the usual tools give them to parts.
    """
    if head.startswith(SPANNED) or _rar_volume(head) or _cab_of_set(head):
        return PART
    if PART_NAME.search(name) is None:
        return None
    # A set of one part is whole; its flag would have said otherwise.
    return None if FIRST_OF_MANY.search(name) and format_of(head) is Format.RAR else PART


def _is_document(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04") and head[30:].startswith(DOCUMENTS)


def _rar_volume(head: bytes) -> bool:
    if head.startswith(b"Rar!\x1a\x07\0") and len(head) >= 12:
        return head[9] == 0x73 and bool(head[10] & 1)
    if not head.startswith(b"Rar!\x1a\x07\x01\0"):
        return False
    try:
        at = 12  # behind the checksum
        _size, at = vint(head, at)
        kind, at = vint(head, at)
        flags, at = vint(head, at)
        if flags & 1:
            _extra, at = vint(head, at)
        archive, at = vint(head, at)
    except IndexError:
        return False
    return kind == 1 and bool(archive & 1)


def vint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer of RAR 5 and where it ends; raises ``IndexError``."""
    value = 0
    for place in range(10):
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise IndexError("longer than ten bytes")


def _cab_of_set(head: bytes) -> bool:
    if not head.startswith(b"MSCF\0\0\0\0") or len(head) < 36:
        return False
    return bool(struct.unpack_from("<H", head, 30)[0] & 3)
