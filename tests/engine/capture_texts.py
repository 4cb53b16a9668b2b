"""Builds capture texts and reads them, for the tests of captures."""

from pathlib import Path

from demo import captures
from engine.artifacts import Artifact
from engine.parsers.captures.captures import Capture, read_capture

HASH = "7682DD44179B9956B2BA33A1332B5E13729E9FA74466AF36ED1FD5CE87429BEA"
OTHER_HASH = "972439BB56330B086C62DD7F34F86C9AD955C6EE194837E0155F78715D40E8C2"
VERSION = "Version 6.20 of 2016-Apr-06 (Build 2147)"
MODIFIED = "2016-04-06T12:20:00"
SIZE = 4_562_920
PATH = captures.PATH


def read(folder: Path, content: str | bytes, *, name: str = "capture.txt") -> Capture:
    """The capture of that content."""
    file = folder / "capture"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_capture(Artifact(name, file, "", file.stat().st_size, "capture"))
