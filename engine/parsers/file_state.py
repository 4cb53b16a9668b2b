"""The state of one file on one machine at one moment, as a capture or a baseline tells it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileState:
    """A file's facts; ``None`` is "not captured".

    ``path`` as written on the machine; ``sha256`` 64 upper-case hex digits; ``size`` in bytes;
    ``modified`` local time of the machine without zone, ``YYYY-MM-DDTHH:MM:SS``;
    ``label`` what the capture calls this state (a heading, the capture's file name);
    ``artifact`` and ``line`` (from 1) where it stands, both ``None`` for a stored baseline.
    """

    path: str
    sha256: str | None
    size: int | None
    modified: str | None
    version: str | None
    label: str
    artifact: str | None = None
    line: int | None = None
