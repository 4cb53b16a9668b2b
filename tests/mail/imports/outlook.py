"""A mail as Outlook saves it (.msg), made by hand: a compound file (MS-CFB) of small streams (MS-OXMSG)."""

import struct
from datetime import UTC, datetime

SECTOR, SMALL = 512, 64
END, FREE, NONE, OF_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFD
STORAGE_ROOT, STREAM = 5, 2
SUBJECT, CLASS, SENDER, ADDRESS, BODY, SUBMITTED = 0x0037, 0x001A, 0x0C1A, 0x0C1F, 0x1000, 0x0039
UNICODE, TIME = 0x001F, 0x0040
YEAR_1601 = datetime(1601, 1, 1, tzinfo=UTC)


def outlook_mail(subject: str, name: str, address: str, sent: datetime, body: str) -> bytes:
    """The file of one mail without recipients and attachments."""
    texts = {CLASS: "IPM.Note", SUBJECT: subject, SENDER: name, ADDRESS: address, BODY: body}
    ticks = int((sent - YEAR_1601).total_seconds()) * 10_000_000
    properties = bytes(32) + struct.pack("<IIQ", SUBMITTED << 16 | TIME, 6, ticks)
    streams = {}
    for tag, written in texts.items():
        streams[f"__substg1.0_{tag:04X}{UNICODE:04X}"] = written.encode("utf-16-le")
        properties += struct.pack("<IIII", tag << 16 | UNICODE, 6, len(written.encode("utf-16-le")) + 2, 0)
    return compound_file({"__properties_version1.0": properties, **streams})


def ansi_mail(body: bytes, *, code_page: int = 0, tag: int = BODY, kind: int = 0x001E) -> bytes:
    """The file of a mail with texts of 8 bits; ``tag`` and ``kind``: of which property its body is."""
    properties = bytes(32)
    for number in (0x3FFD, 0x3FDE) if code_page else ():
        properties += struct.pack("<IIII", number << 16 | 3, 6, code_page, 0)
    streams = {}
    for name, of_kind, written in ((ADDRESS, 0x001E, b"cu@client.example"), (tag, kind, body)):
        streams[f"__substg1.0_{name:04X}{of_kind:04X}"] = written
        properties += struct.pack("<IIII", name << 16 | of_kind, 6, len(written), 0)
    return compound_file({"__properties_version1.0": properties, **streams})


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Streams of less than 4,096 bytes each, all in the small sectors of the root."""
    entries, small, small_fat = [], b"", []
    for number, (name, content) in enumerate(streams.items()):
        first = len(small) // SMALL
        count = -(-len(content) // SMALL)
        small += content.ljust(count * SMALL, b"\0")
        small_fat += [*range(first + 1, first + count), END]
        following = number + 2 if number + 1 < len(streams) else NONE
        entries.append(_entry(name, STREAM, following, NONE, first, len(content)))
    directory_sectors = -(-(len(entries) + 1) // 4)
    fat_of_small = struct.pack(f"<{len(small_fat)}I", *small_fat)
    small_fat_sectors, small_sectors = -(-len(fat_of_small) // SECTOR), -(-len(small) // SECTOR)
    # One sector of FAT, the directory, the FAT of the small sectors, the small sectors.
    lengths = (directory_sectors, small_fat_sectors, small_sectors)
    fat, begins = [OF_FAT], []
    for length in lengths:
        begins.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + length), END]
    root = _entry("Root Entry", STORAGE_ROOT, NONE, 1, begins[2], len(small))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, begins[0], 0, 4096, begins[1],
                          small_fat_sectors, END, 0, 0)  # fmt: skip
    header += struct.pack("<108I", *([FREE] * 108))
    parts = (
        struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff"),
        (root + b"".join(entries)).ljust(directory_sectors * SECTOR, b"\0"),
        fat_of_small.ljust(small_fat_sectors * SECTOR, b"\xff"),
        small.ljust(small_sectors * SECTOR, b"\0"),
    )
    return header + b"".join(parts)


def _entry(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written) + 2, kind, 1, NONE, right, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
