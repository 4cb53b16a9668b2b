"""One file out of a bundle, by the archive's table of contents: nothing else is unpacked.

Names in archives prove nothing, so the file is known by its SHA-256: what is served is byte for byte
what was analysed, or nothing.
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, cast

from django.conf import settings

from analysis.findings.errors import NotByItself, TooLargeByItself
from analysis.runs.models import Artifact

CHUNK = 1 << 20
MAX_TRIED = 50
"""Entries of the same size that are read before it is given up."""
MAX_DIRECTORY_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 2**30
"""Packed bytes that are read and bytes that are unpacked in one request: somebody waits for it."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The others are slow, and LZMA takes as much memory as the archive says."""
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What ``zipfile`` raises on damaged, encrypted and unusual entries."""


def open_artifact(artifact: Artifact) -> IO[bytes]:
    """The file's bytes, checked against its SHA-256, ready to be read and sought in.

    Raises ``NotByItself``, ``TooLargeByItself``, ``FileNotFoundError`` where the bundle is gone.
    """
    bundle = artifact.run.bundle
    wanted = artifact.sha256.lower()
    if wanted == bundle.sha256.lower():
        return bundle.file.open("rb")
    with bundle.file.open("rb") as file:
        packed = _Bounded(file, MAX_DIRECTORY_BYTES)
        try:
            archive = zipfile.ZipFile(cast("IO[bytes]", packed))
        except UNREADABLE:
            raise NotByItself() from None
        packed.left = left = MAX_UNPACKED_BYTES
        name = artifact.path.rpartition("/")[2]
        same = [
            entry
            for entry in archive.infolist()
            if entry.file_size == artifact.size and entry.compress_type in METHODS and not entry.is_dir()
        ]
        same.sort(key=lambda entry_of_name: not entry_of_name.filename.endswith(name))
        for entry in same[:MAX_TRIED]:
            left -= entry.file_size
            if left < 0:
                raise TooLargeByItself()
            content = _extracted(archive, entry, wanted)
            if content is not None:
                return content
    raise NotByItself()


class _Bounded:
    """What ``zipfile`` reads an archive by; raises ``TooLargeByItself`` after ``left`` more bytes."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        self.left = left
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self.left + 1 if size < 0 else min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise TooLargeByItself()
        return content


def _extracted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sha256: str) -> IO[bytes] | None:
    digest, size = hashlib.sha256(), 0
    work = Path(settings.ANJUAN_HOME) / "work"
    work.mkdir(parents=True, exist_ok=True)
    out = tempfile.TemporaryFile(dir=work)  # noqa: SIM115 (it is handed on, open)
    try:
        with archive.open(entry) as content:
            # The table of contents may lie about the size: not a byte more than it says.
            while size <= entry.file_size and (chunk := content.read(CHUNK)):
                size += len(chunk)
                digest.update(chunk)
                out.write(chunk)
    except TooLargeByItself:
        out.close()
        raise
    except UNREADABLE:
        out.close()
        return None
    if digest.hexdigest() != sha256:
        out.close()
        return None
    out.seek(0)
    return out
