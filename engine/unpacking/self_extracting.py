"""Programs that carry an archive: self-extractors, and installers of which only the maker can be told.

An archive lies behind the last section (7-Zip, WinRAR, zip tools), or, of IExpress, in the resources.
Sources: Microsoft, PE Format; 7zFormat.txt; the RAR notes; APPNOTE.TXT; [MS-CAB] 2.1 (CFHEADER); the public
sources of NSIS (``firstheader``), Inno Setup (``SetupLdrOffsetTable``) and WiX (the section ``.wixburn``).
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

from engine.text import Text, text
from engine.unpacking.archives.formats import CAB
from engine.unpacking.archives.rar import RAR
from engine.unpacking.archives.seven_zip import SEVEN_ZIP
from engine.unpacking.archives.zip_end import directory_end
from engine.unpacking.archives.zip_entries import ZIP

MAX_SECTIONS = 96
MAX_BEFORE = 1 << 20
"""Bytes between the program's end and the archive: 7-Zip's configuration stands there."""

MAX_SEARCHED = 64 * 2**20
HEADERS = 4096
"""Bytes in which the table of sections lies."""

SIGNS = (*SEVEN_ZIP.signs, *RAR.signs)
CABINET, CABINET_VERSION = CAB.signs[0], b"\x03\x01"
NSIS, INNO, WIX, INSTALL_SHIELD = b"\xef\xbe\xad\xdeNullsoftInst", b"rDlPtS", b".wixburn", b"InstallShield"
IEXPRESS = "WEXTRACT".encode("utf-16-le")
"""In the version resource of what IExpress makes."""

OPENED = text(
    "自解压程序：其中的压缩包已展开，文件另行列出。",
    "A self-extracting program: the archive in it was opened, and its files are listed.",
)


@dataclass(frozen=True)
class Carried:
    """The archive begins at ``offset`` of the program; a zip is read from the program as it is (0)."""

    offset: int


def not_unpacked(maker: str) -> Text:
    """Of a program that carries an archive that is not opened here."""
    return text(
        f"自解压程序（{maker}），其中的文件没有解开。如果里面有日志等材料，请解压后以 zip 或 7z 上传。",
        f"It holds a self-extracting archive ({maker}) that was not unpacked. If logs or other evidence are "
        "in it, please unpack it and upload that as zip or 7z.",
    )


def carried(file: Path) -> Carried | str | None:
    """The archive that the program carries, the name of what made an installer of it, or ``None``."""
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = end_of_sections(data)
        if end is None:
            return None
        maker = _maker(data, end)
        if maker is not None:
            return maker
        places = [at for sign in SIGNS if (at := data.find(sign, end, end + MAX_BEFORE)) >= 0]
        if places:
            return Carried(min(places))
        if data.find(ZIP.signs[0], end, end + MAX_BEFORE) >= 0 and directory_end(file) is not None:
            return Carried(0)
        since = 0 if data.find(IEXPRESS, 0, MAX_SEARCHED) >= 0 else end
        cabinet = _cabinet(data, since, MAX_SEARCHED if not since else end + MAX_BEFORE)
        return Carried(cabinet) if cabinet is not None else None


def _maker(data: mmap.mmap, end: int) -> str | None:
    """Whose installer it is."""
    if data.find(WIX, 0, HEADERS) >= 0:
        return "WiX"
    if data.find(INNO, 0, MAX_SEARCHED) >= 0:
        return "Inno Setup"
    if data.find(NSIS, end, end + MAX_SEARCHED) >= 0:
        return "NSIS"
    return "InstallShield" if data.find(INSTALL_SHIELD, end, end + MAX_BEFORE) >= 0 else None


def end_of_sections(data: mmap.mmap) -> int | None:
    """Where the program's last section ends; ``None`` where there are no sections that can be read."""
    if len(data) < 0x40:
        return None
    pe = int.from_bytes(data[0x3C:0x40], "little")
    head = data[pe : pe + 24]
    if len(head) < 24 or not head.startswith(b"PE\0\0"):
        return None
    count, optional = struct.unpack_from("<H", head, 6)[0], struct.unpack_from("<H", head, 20)[0]
    table = data[pe + 24 + optional : pe + 24 + optional + 40 * min(count, MAX_SECTIONS)]
    ends = [sum(struct.unpack_from("<2I", table, at + 16)) for at in range(0, len(table) - 39, 40)]
    return min(max(ends), len(data)) if ends else None


def _cabinet(data: mmap.mmap, since: int, until: int) -> int | None:
    """Where a cabinet begins whose header fits."""
    at = since - 1
    while (at := data.find(CABINET, at + 1, until)) >= 0:
        head = data[at : at + 36]
        if len(head) < 36:
            return None
        size, reserved, _first, more = struct.unpack_from("<4L", head, 8)
        if not reserved and not more and head[24:26] == CABINET_VERSION and 36 < size <= len(data) - at:
            return at
    return None
