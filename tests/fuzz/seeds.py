"""Whole small files of each kind, by our own writers; mutations begin from these."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import sqlite3
import struct
import tarfile
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path

from backports import zstd

from demo import captures, pe_writer
from demo.evtx.writer import write_log
from engine.messages.captured import SCHEMA
from engine.parsers.baselines import as_json
from engine.parsers.file_state import FileState
from tests.engine import archive_writers, signed_pe
from tests.engine.event_logs import boot, crash, ordinary

SECTOR = 0x200


@lru_cache(maxsize=1)
def logs() -> list[bytes]:
    """A log of one chunk and one of two."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, events in (
            ("one", [boot(0), crash(10, 1), *ordinary(40, start=20)]),
            ("two", [boot(0), *ordinary(150, start=5, filler=100), crash(200, 2)]),
        ):
            file = Path(folder, name)
            write_log(file, events)
            files.append(file.read_bytes())
        return files


@lru_cache(maxsize=1)
def executables() -> list[bytes]:
    """Unsigned with resources and imports; signed; padded."""
    signed = signed_pe.sign(signed_pe.program())
    padded = signed_pe.with_table(signed_pe.program(), signed_pe.message_of(signed), b"hidden" * 20)
    return [rich_program(), signed_pe.sign(rich_program()), signed, padded]


def rich_program() -> bytes:
    """Code, an import table and a version resource, 4 KiB in all."""
    image = bytearray(signed_pe.program(size=SECTOR))
    imports = _imports(0x2000).ljust(SECTOR, b"\0")
    resources = pe_writer._resource_section(0x3000)
    resources = resources.ljust(pe_writer._up(len(resources), SECTOR), b"\0")
    struct.pack_into("<H", image, pe_writer.PE_AT + 6, 3)
    directories = pe_writer.PE_AT + 24 + 96
    struct.pack_into("<4I", image, directories + 8, 0x2000, len(imports), 0x3000, len(resources))
    at = pe_writer.PE_AT + 24 + 224 + 40
    offset = pe_writer.HEADERS + SECTOR
    for name, address, data in ((b".idata", 0x2000, imports), (b".rsrc", 0x3000, resources)):
        struct.pack_into(
            "<8s6I2HI", image, at, name, len(data), address, len(data), offset, 0, 0, 0, 0, 0x40000040
        )
        at, offset = at + 40, offset + len(data)
    struct.pack_into("<I", image, pe_writer.PE_AT + 24 + 56, 0x4000)
    return signed_pe.with_checksum(bytes(image) + imports + resources)


def _imports(address: int) -> bytes:
    """Two functions of one library: descriptor, look-up table, names."""
    table, names, library = address + 40, address + 64, address + 100
    descriptor = struct.pack("<5I", table, 0, 0, library, table) + bytes(20)
    thunks = struct.pack("<6I", names, names + 18, 0, 0, 0, 0)
    hints = (b"\0\0CreateFileW\0".ljust(18, b"\0") + b"\0\0ReadFile\0").ljust(36, b"\0")
    return descriptor + thunks + hints + b"KERNEL32.dll\0"


@lru_cache(maxsize=1)
def texts() -> list[bytes]:
    return [capture.data for capture in captures.capture_files()]


@lru_cache(maxsize=1)
def archives() -> list[bytes]:
    """Every method that is read, Chinese names in both codings, folders, a lost directory."""
    made = []
    for methods in (
        (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED),
        (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED),
    ):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for number, method in enumerate(methods):
                entry = zipfile.ZipInfo(f"日志/{number}.txt", (2020, 11, 27, 15, 2, 10))
                entry.compress_type = method
                archive.writestr(entry, texts()[0][:2000])
        made.append(out.getvalue())
    return [*made, made[0][:-60]]


@lru_cache(maxsize=1)
def other_archives() -> list[bytes]:
    """Each format but zip, plain and locked, and one inside another."""
    files = [("日志/a.txt", texts()[0][:2000]), ("b.txt", texts()[0][:500] * 4)]
    tar = archive_writers.tar(files, archive_writers.special("link", tarfile.SYMTYPE, "/etc/passwd"))
    return [
        archive_writers.seven_zip(files),
        archive_writers.seven_zip(files, password="secret"),
        archive_writers.seven_zip(files, password="secret", hidden=True),
        archive_writers.rar4(files),
        archive_writers.rar5(files),
        archive_writers.cab(files),
        tar,
        gzip.compress(tar, mtime=0),
        bz2.compress(tar),
        lzma.compress(tar),
        zstd.compress(tar),
        archive_writers.mail(files),
        archive_writers.seven_zip([("inner.tar.gz", gzip.compress(tar, mtime=0))]),
    ]


@lru_cache(maxsize=1)
def messages() -> list[bytes]:
    """Templates as captured on a machine."""
    document = {
        "schema": SCHEMA,
        "messages": [
            {
                "provider": "Service Control Manager",
                "id": 7034,
                "qualifiers": 49152,
                "language": "zh-CN",
                "text": "%1 服务意外地终止了，这种情况已经出现了 %2 次。",
            }
        ]
        * 3,
    }
    return [json.dumps(document, ensure_ascii=False).encode()]


@lru_cache(maxsize=1)
def baselines() -> list[bytes]:
    """Baselines in every form: JSON, ``sha256sum``, tables, a database."""
    hashes = [hashlib.sha256(bytes([number])).hexdigest() for number in range(20)]
    rows = "".join(f'"{digest.upper()}","x","y","CodeMeter.exe","4562920"\n' for digest in hashes)
    lines = "".join(f"{digest}  bin/程序.exe\n" for digest in hashes)
    states = [
        FileState("C:\\a.exe", digest.upper(), 12, "2016-04-06T12:20:00", "1.2", "lab") for digest in hashes
    ]
    table = '"sha256","sha1","md5","file_name","file_size"\n' + rows
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE FILE (sha256, sha1, md5, file_name, file_size)")
    database.executemany(
        "INSERT INTO FILE VALUES (?, 'x', 'y', 'a.exe', 12)", [(digest,) for digest in hashes]
    )
    database.commit()
    texts = [as_json(states), lines, table, rows]
    return [*(text.encode() for text in texts), lines.encode("utf-16"), database.serialize()]


@lru_cache(maxsize=1)
def manifests() -> list[bytes]:
    """What the log collector writes of itself."""
    listed = [
        {"path": f"EventLog/{number}.evtx", "sha256": f"{number:064X}", "size": number} for number in range(9)
    ]
    document = {
        "schema": "anjuan.manifest/1",
        "case": "CAS-03282-J6Y6M6",
        "machine": "PC",
        "language": "zh-CN",
        "started": "2026-01-31T08:00:00Z",
        "finished": "2026-01-31T08:01:00Z",
        "elevated": True,
        "files": listed,
        "left_out": {"what": "msinfo32", "why": "拒绝访问"},
    }
    return [json.dumps(document, ensure_ascii=False, indent=1).encode()]
