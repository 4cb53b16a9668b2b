"""The states of files side by side, as captures and baselines tell them."""

from enum import StrEnum

import msgspec

from engine.parsers.file_state import FileState


class Verdict(StrEnum):
    """A state held against its baseline."""

    EQUAL = "equal"
    SLIP = "slip"
    OTHER_VERSION = "other_version"
    TAMPERED = "tampered"
    UNKNOWN = "unknown"


class ComparedState(msgspec.Struct, frozen=True, kw_only=True):
    """A ``FileState`` and what its baseline says of it.

    ``by`` is what decides the verdict: an algorithm, ``size``, or empty. ``distance`` counts differing
    digits of that hash, ``digits`` are their places from 1 (of slips only);
    ``delta_bytes`` is how much longer than the baseline it is; ``same_…`` is ``None`` where one side
    lacks the fact; ``file_in_bundle`` is the artifact that is this very file.
    """

    label: str
    path: str
    sha256: str | None
    size: int | None
    modified: str | None
    version: str | None
    artifact: str | None = None
    line: int | None = None
    other_hashes: dict[str, str] = {}
    machine: str = ""
    taken: str | None = None
    heading: str = ""
    absent: bool = False
    cut: bool = False
    verdict: Verdict = Verdict.UNKNOWN
    by: str = ""
    distance: int | None = None
    digits: list[int] = []
    delta_bytes: int | None = None
    same_modified: bool | None = None
    same_version: bool | None = None
    file_in_bundle: str | None = None


class FileMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its baseline, then its states as they stand in the bundle. ``file`` is its own name;
    ``ordered`` says that they stand in the order in which they were taken, by times or numbers that say
    so."""

    file: str
    path: str
    baseline: FileState | None
    states: list[ComparedState]
    ordered: bool = False


class FileCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many files there are of each kind in ``FilesOverview``, however many are listed."""

    differing: int = 0
    equal: int = 0
    same: int = 0
    single: int = 0
    cut: int = 0
    absent: int = 0
    apart: int = 0

    @property
    def total(self) -> int:
        """All files whose states were captured."""
        return self.differing + self.equal + self.same + self.single + self.cut + self.absent + self.apart


class FilesOverview(msgspec.Struct, frozen=True, kw_only=True):
    """All captured files. ``differing`` from their baseline or from themselves, the gravest first;
    the paths of those ``equal`` to the baseline, the ``same`` at every capture, seen a ``single``
    time without a baseline, ``cut`` by the console, ``absent`` wherever they were asked for, and of which
    nothing that was captured can be compared (``apart``)."""

    differing: list[FileMatrix] = []
    equal: list[str] = []
    same: list[str] = []
    single: list[str] = []
    cut: list[str] = []
    absent: list[str] = []
    apart: list[str] = []
    counts: FileCounts = FileCounts()
