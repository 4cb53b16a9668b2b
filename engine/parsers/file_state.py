"""The state of one file on one machine at one moment, as a capture or a baseline tells it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class FileState:
    """A file's facts; ``None`` is "not captured".

    ``path`` as written on the machine; ``sha256`` 64 upper-case hex digits; ``size`` in bytes;
    ``modified`` local time of the machine without zone, ``YYYY-MM-DDTHH:MM:SS``;
    ``label`` what people call this state (``engine.files.moments``);
    ``artifact`` and ``line`` (from 1) where it stands, both ``None`` for a stored baseline.

    ``other_hashes`` are those of other algorithms, by name (``MD5``, ``SHA1``, ``SHA384``, ``SHA512``),
    upper-case hex; ``machine`` is its name where the capture says it; ``taken`` when the capture was
    made, as ``modified`` is written, the day alone where no more is said; ``heading`` what stands above
    the state in the capture; ``absent`` says that the machine found no such file (all facts are ``None``
    then); ``cut`` that the console cut the path, so that which file this is cannot be told.
    """

    path: str
    sha256: str | None
    size: int | None
    modified: str | None
    version: str | None
    label: str
    artifact: str | None = None
    line: int | None = None
    other_hashes: dict[str, str] = field(default_factory=dict)
    machine: str = ""
    taken: str | None = None
    heading: str = ""
    absent: bool = False
    cut: bool = False
