"""The archive formats that are opened, listed one by one, and parts of archives cut in pieces."""

import bz2
import re
import struct

from engine.text import Text
from engine.unpacking.archives import libarchive, mail
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.entry import PART
from engine.unpacking.archives.rar import RAR
from engine.unpacking.archives.seven_zip import SEVEN_ZIP
from engine.unpacking.archives.zip_entries import SPANNED, ZIP

PART_NAME = re.compile(
    r"\.(?:part\d{1,5}\.rar|[rz]\d{2,3}|(?:7z|zip|rar|tar(?:\.\w{2,4})?|cab)\.\d{3,4})$", re.IGNORECASE
)
FIRST_OF_MANY = re.compile(r"\.part0*1\.rar$", re.IGNORECASE)


def _is_cab_of_set(head: bytes) -> bool:
    """Flags 0x0001 and 0x0002: a cabinet goes before, comes after."""
    return len(head) >= 36 and bool(struct.unpack_from("<H", head, 30)[0] & 3)


CAB = ArchiveFormat(
    name="cab",
    source="https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-cab",
    entries=libarchive.entries,
    signs=(b"MSCF\0\0\0\0",),
    is_part=_is_cab_of_set,
    switches=("format_cab",),
)
TAR = ArchiveFormat(
    name="tar",
    source="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html",
    entries=libarchive.entries,
    sign_at=(257, b"ustar"),
    switches=("format_tar",),
)
GZIP = ArchiveFormat(
    name="gz",
    source="https://www.rfc-editor.org/rfc/rfc1952",
    entries=libarchive.entries,
    signs=(b"\x1f\x8b\x08",),
    switches=("filter_gzip",),
    stream_suffixes=("gz", "gzip"),
)
BZIP2 = ArchiveFormat(
    name="bz2",
    source="https://sourceware.org/bzip2/manual/manual.html",
    entries=libarchive.entries,
    signs=(b"BZh",),
    # The wheel is built without bzip2: Python's own does that.
    decompress=bz2.BZ2File,
    stream_suffixes=("bz2", "bzip2"),
)
XZ = ArchiveFormat(
    name="xz",
    source="https://tukaani.org/xz/xz-file-format.txt",
    entries=libarchive.entries,
    signs=(b"\xfd7zXZ\0",),
    switches=("filter_xz",),
    stream_suffixes=("xz",),
)
ZSTD = ArchiveFormat(
    name="zst",
    source="https://www.rfc-editor.org/rfc/rfc8878",
    entries=libarchive.entries,
    signs=(b"\x28\xb5\x2f\xfd",),
    switches=("filter_zstd",),
    stream_suffixes=("zst",),
)
MAIL = ArchiveFormat(
    name="eml",
    source="https://www.rfc-editor.org/rfc/rfc5322",
    entries=mail.entries,
    begins=mail.is_mail,
)

FORMATS = (ZIP, SEVEN_ZIP, RAR, CAB, GZIP, BZIP2, XZ, ZSTD, TAR, MAIL)


def format_of(head: bytes) -> ArchiveFormat | None:
    """The format that these first bytes (at least 300, if the file has them) begin; ``None`` for others."""
    form = next((form for form in FORMATS if form.has_sign(head)), None)
    return None if form is None or form.is_document(head) else form


def part_of_many(head: bytes, name: str) -> Text | None:
    """What to do about a part of a divided archive; ``None`` for a whole file.

    The formats' own flags count, and names as the usual tools give them to parts.
    """
    form = format_of(head)
    if head.startswith(SPANNED) or (form is not None and form.is_part(head)):
        return PART
    if PART_NAME.search(name) is None:
        return None
    # A set of one part is whole; its flag would have said otherwise.
    return None if FIRST_OF_MANY.search(name) and form is RAR else PART
