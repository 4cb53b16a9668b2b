"""What a result says of event logs: what each holds, and whether it reaches the incident."""

from enum import StrEnum

import msgspec

from engine.index.values import LogForm
from engine.text import Text

Range = tuple[int, int]
"""First and last record number, both included."""


class LogKind(StrEnum):
    """How the records of an event log came into its file."""

    OWN = "own"
    """As Windows keeps it: the numbers in the headers are the records' own."""
    SAVED = "saved"
    """Saved whole by Event Viewer or wevtutil."""
    FILTERED = "filtered"
    """Saved with a filter: numbers that are not here were left out."""
    MERGED = "merged"
    """Records of several logs, or of exports one after the other, each with the numbers of its own."""
    COLLECTED = "collected"
    """Records of several machines (forwarded or put together), each with the numbers of its own log."""


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event log; times are UTC text, ``None`` in an empty log.

    Records are told by their ``EventRecordID``, as Event Viewer shows it. ``missing`` are ranges of
    numbers within which records are missing that the file should hold, ``missing_records`` how many are;
    ``kind`` says how the records came into the file, ``left_out`` how many numbers a filter left out,
    ``notes`` what of that is to be known, in words; ``no_time`` counts records that bear no time,
    ``checksums`` is whether the log carries any. ``first_record`` is ``None`` where each channel has its
    own numbers, too; ``bad_chunks`` are numbers of damaged chunks (from 0); ``unreadable`` counts records
    and chunks that the parser refused, ``duplicates`` records whose number in the header came twice;
    ``cut`` are the bytes of an incomplete last chunk; ``dirty``: the log was not closed properly.
    ``form`` says what the records are numbered by (``engine.index.values.LogForm``).
    """

    artifact: str
    records: int
    first_record: int | None
    last_record: int | None
    first_time: str | None
    last_time: str | None
    missing: list[Range]
    dirty: bool
    bad_chunks: list[int]
    missing_records: int
    unreadable: int
    duplicates: int
    header_valid: bool
    cut: int
    form: LogForm = LogForm.EVTX
    kind: LogKind = LogKind.OWN
    left_out: int = 0
    no_time: int = 0
    checksums: bool = True
    notes: list[Text] = []


class Reach(StrEnum):
    """Where a log stands to the incident."""

    COVERS = "covers"
    BEGINS_AFTER = "begins_after"
    ENDS_BEFORE = "ends_before"
    EMPTY = "empty"


class LogReach(msgspec.Struct, frozen=True, kw_only=True):
    """One log against the incident. ``gaps`` are ranges of missing record numbers near it."""

    artifact: str
    reach: Reach
    first_time: str | None
    last_time: str | None
    gaps: list[Range]


class IncidentReach(msgspec.Struct, frozen=True, kw_only=True):
    """All logs against the time of the incident (UTC text). ``covered``: at least one log has records
    before and after it."""

    time: str
    covered: bool
    logs: list[LogReach]


class MachineNames(msgspec.Struct, frozen=True, kw_only=True):
    """A machine that events call by several names: the last one, the others, and in ``said`` how they are
    known to be one."""

    name: str
    others: list[str]
    said: Text


class Events(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` records of all logs; ``incident`` is ``None`` where nobody said when it was; ``machines``
    are those of several names."""

    total: int
    logs: list[LogEntry]
    incident: IncidentReach | None
    machines: list[MachineNames] = []
