"""What a result says of event logs: what each holds, and whether it reaches the incident."""

from enum import StrEnum

import msgspec

from engine.index.values import LogForm

Range = tuple[int, int]
"""First and last record number, both included."""


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event log; times are UTC text, ``None`` in an empty log.

    ``missing`` are ranges of record numbers that should be there, ``missing_records`` how many numbers
    that is; ``bad_chunks`` numbers of damaged chunks (from 0); ``unreadable`` counts records and chunks
    that the parser refused, ``duplicates`` records whose number came twice; ``cut`` are the bytes of an
    incomplete last chunk; ``dirty``: the log was not closed properly. ``form`` says what the records are
    numbered by (``engine.index.values.LogForm``).
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


class Events(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` records of all logs; ``incident`` is ``None`` where nobody said when it was."""

    total: int
    logs: list[LogEntry]
    incident: IncidentReach | None
