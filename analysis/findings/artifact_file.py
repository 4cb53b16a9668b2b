"""One file out of a bundle, by the archive's table of contents: nothing else is unpacked.

Names in archives prove nothing, so the file is known by its SHA-256: what is served is byte for byte
what was analysed, or nothing.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from django.conf import settings

from analysis.findings.errors import NotByItself
from analysis.runs.models import Artifact

CHUNK = 1 << 20
MAX_TRIED = 50
"""Entries of the same size that are read before it is given up."""
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What ``zipfile`` raises on damaged, encrypted and unusual entries."""


def open_artifact(artifact: Artifact) -> IO[bytes]:
    """The file's bytes, checked against its SHA-256, ready to be read and sought in.

    Raises ``NotByItself``, ``FileNotFoundError`` where the bundle is gone.
    """
    bundle = artifact.run.bundle
    wanted = artifact.sha256.lower()
    if wanted == bundle.sha256.lower():
        return bundle.file.open("rb")
    with bundle.file.open("rb") as packed:
        try:
            entries = zipfile.ZipFile(packed).infolist()
        except UNREADABLE:
            raise NotByItself() from None
        name = artifact.path.rpartition("/")[2]
        same = [entry for entry in entries if entry.file_size == artifact.size and not entry.is_dir()]
        same.sort(key=lambda entry_of_name: not entry_of_name.filename.endswith(name))
        for entry in same[:MAX_TRIED]:
            content = _extracted(packed, entry, wanted)
            if content is not None:
                return content
    raise NotByItself()


def _extracted(packed: IO[bytes], entry: zipfile.ZipInfo, sha256: str) -> IO[bytes] | None:
    digest, size = hashlib.sha256(), 0
    work = Path(settings.ANJUAN_HOME) / "work"
    work.mkdir(parents=True, exist_ok=True)
    out = tempfile.TemporaryFile(dir=work)  # noqa: SIM115 (it is handed on, open)
    try:
        with zipfile.ZipFile(packed).open(entry) as content:
            # The table of contents may lie about the size: not a byte more than it says.
            while size <= entry.file_size and (chunk := content.read(CHUNK)):
                size += len(chunk)
                digest.update(chunk)
                out.write(chunk)
    except UNREADABLE:
        out.close()
        return None
    if digest.hexdigest() != sha256:
        out.close()
        return None
    out.seek(0)
    return out
