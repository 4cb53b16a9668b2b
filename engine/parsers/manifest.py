"""The list of what the log collector collected: ``anjuan.manifest/1``.

The format is described in docs/formats/collector-manifest.md. Entries that do not fit it are
passed over and counted; a file that is no such document raises ``NotManifest``.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.encodings import decode
from engine.parsers.parser import Parser, Yields
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.text import text

SCHEMA = "anjuan.manifest/1"
MAX_BYTES = 16 << 20
MAX_FILES = 20_000
MAX_LENGTH = 1000

SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class NotManifest(ValueError):
    """The file is not a readable ``anjuan.manifest/1`` document; the message is the engineer's."""


@dataclass(frozen=True)
class Listed:
    """One collected file: ``path`` beside the manifest (``/`` between parts), ``sha256`` 64
    lower-case hex digits, ``size`` in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class LeftOut:
    """Something that was asked for and could not be collected, in the collector's own words."""

    what: str
    why: str


@dataclass(frozen=True)
class Manifest:
    """What the collector says. ``started`` and ``finished`` are ISO 8601 in UTC; all texts are the
    customer's machine's and as hostile as any. ``passed_over`` counts bad entries."""

    case: str
    machine: str
    language: str
    started: str
    finished: str
    elevated: bool
    files: tuple[Listed, ...]
    left_out: tuple[LeftOut, ...]
    passed_over: int


def read_manifest(file: Path) -> Manifest:
    """Reads the document. Raises ``NotManifest``, ``OSError``."""
    if file.stat().st_size > MAX_BYTES:
        raise NotManifest(f"more than {MAX_BYTES >> 20} MiB")
    try:
        document = json.loads(decode(file.read_bytes()).text)
    except (ValueError, RecursionError) as error:
        raise NotManifest(f"no JSON: {error}"[:200]) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise NotManifest(f"its schema is not {SCHEMA}")
    entries, left_out = _list(document, "files"), _list(document, "left_out")
    files = [listed for entry in entries[:MAX_FILES] if (listed := _listed(entry)) is not None]
    gaps = [gap for entry in left_out[:MAX_FILES] if (gap := _left_out(entry)) is not None]
    return Manifest(
        case=_text(document, "case"),
        machine=_text(document, "machine"),
        language=_text(document, "language"),
        started=_text(document, "started"),
        finished=_text(document, "finished"),
        elevated=document.get("elevated") is True,
        files=tuple(files),
        left_out=tuple(gaps),
        passed_over=len(entries) + len(left_out) - len(files) - len(gaps),
    )


def _list(document: dict[str, Any], name: str) -> list[Any]:
    value = document.get(name, [])
    # PowerShell 5.1 writes a list of one as that one.
    return value if isinstance(value, list) else [value]


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    return value[:MAX_LENGTH] if isinstance(value, str) else ""


def _listed(entry: Any) -> Listed | None:
    if not isinstance(entry, dict):
        return None
    path, digest, size = entry.get("path"), entry.get("sha256"), entry.get("size")
    if not isinstance(path, str) or not 0 < len(path) <= MAX_LENGTH:
        return None
    if not isinstance(digest, str) or not SHA256.fullmatch(digest):
        return None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return None
    return Listed(path.replace("\\", "/"), digest.lower(), size)


def _left_out(entry: Any) -> LeftOut | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("what"), str):
        return None
    return LeftOut(_text(entry, "what"), _text(entry, "why"))


# -- As a parser ------------------------------------------------------------------------

KIND = "manifest"


def recognises(sample: Sample) -> bool:
    """By the schema that the document names."""
    return sample.schema == SCHEMA.partition("/")[0]


@refusing(NotManifest)
def parse(emit: Emit, file: Path) -> Manifest:
    """What the log collector says that it collected; raises ``NotManifest``."""
    return read_manifest(file)


PARSER = Parser(
    kind=KIND,
    label=text("采集器清单", "list of the log collector"),
    source="docs/formats/collector-manifest.md",
    yields=Yields.MANIFEST,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
)
