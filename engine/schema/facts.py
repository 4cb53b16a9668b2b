"""The structured facts behind a finding's sentences, for tables and charts."""

from typing import Any

import msgspec

from engine.parsers.file_state import FileState
from engine.schema.executables import Executable, ExecutableComparison
from engine.schema.files import ComparedState, FileMatrix
from engine.schema.logs import LogReach, Range
from engine.text import Text


class ServiceEnd(msgspec.Struct, frozen=True, kw_only=True):
    """One unexpected end of a service: UTC text, seconds since the machine's start, and the number that
    Windows itself counts."""

    record_id: int
    time: str | None
    seconds_after_boot: float | None
    counter: int | None


class ServiceRun(msgspec.Struct, frozen=True, kw_only=True):
    """From one start of the machine (UTC text; ``None``: not in the log) to the next: how often the
    service ended, the first ends, and how many more Windows counted than the log holds."""

    boot: str | None
    count: int
    ends: list[ServiceEnd]
    unrecorded: int = 0


class EventBurst(msgspec.Struct, frozen=True, kw_only=True):
    """Events that stand close together; times are UTC text, ``None`` of events without a time."""

    first_time: str | None
    last_time: str | None
    count: int


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One of several conclusions on a matter that is told once: its rule, what it says, and of how many
    events when (UTC text)."""

    rule: str
    severity: str
    title: Text
    meaning: Text
    first_time: str | None
    last_time: str | None
    count: int | None


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """The captured state (by its label) whose hash was mistyped, in which digits (from 1), and of which
    algorithm the hash is."""

    label: str
    digits: list[int]
    algorithm: str = "SHA256"


class ChangedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is not the one of the collector's manifest: the SHA-256 listed and the one found."""

    path: str
    listed: str
    found: str


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule has to tell is set; the rest is ``None`` or empty, and absent from the JSON.

    For every rule: ``meaning``, ``causes``, ``false_alarms``, ``references`` (addresses), and of a matter
    that several rules tell of its ``stages`` in order of time.

    Events: ``count`` of them, ``event_ids`` (numbers, or number → how often), ``first_time`` and
    ``last_time`` (UTC text), ``evidence_shown`` of the records, ``second_parser`` (verdict → records).
    Of Sigma rules ``identity`` (what they group by) and ``incidents``; of services ``service`` (its
    key), ``name``, ``log``, ``events_in_log``, ``record_ids`` and ``runs``; of a clock that goes back
    ``log``, ``steps`` and ``record_ids``; of a damaged log the fields of ``logs.LogEntry``; of the
    incident those of ``logs.IncidentReach``.

    Files: ``file``, ``path``, ``baseline``, ``states`` and ``ordered`` (``files.FileMatrix``), ``slip``,
    ``executable`` and ``comparison``; of signatures their ``state`` and ``files`` (``Executable``); of
    YARA rules ``rule``, ``namespace``, ``tags``, ``meta``, ``count`` and ``files`` (``artifact``,
    ``sha256``); of the manifest files ``changed`` and ``lost``.
    """

    meaning: Text | None = None
    causes: Text | None = None
    false_alarms: Text | None = None
    references: list[str] = []
    stages: list[Stage] = []

    count: int | None = None
    event_ids: list[int] | dict[str, int] | None = None
    first_time: str | None = None
    last_time: str | None = None
    evidence_shown: int | None = None
    second_parser: dict[str, int] = {}
    identity: dict[str, str] = {}
    incidents: list[EventBurst] = []

    service: str | None = None
    name: str | None = None
    log: str | None = None
    events_in_log: int | None = None
    record_ids: list[int] = []
    runs: list[ServiceRun] = []
    steps: int | None = None

    records: int | None = None
    missing: list[Range] = []
    missing_records: int | None = None
    bad_chunks: list[int] = []
    unreadable: int | None = None
    cut: int | None = None

    time: str | None = None
    covered: bool | None = None
    logs: list[LogReach] = []

    file: str | None = None
    path: str | None = None
    baseline: FileState | None = None
    states: list[ComparedState] = []
    ordered: bool = False
    slip: Slip | None = None
    executable: Executable | None = None
    comparison: ExecutableComparison | None = None

    state: str | None = None
    files: list[dict[str, Any]] = []

    rule: str | None = None
    namespace: str | None = None
    tags: list[str] = []
    meta: dict[str, str] = {}

    changed: list[ChangedFile] = []
    lost: list[str] = []

    @property
    def matrix(self) -> FileMatrix | None:
        """The states of one file; ``None`` where the finding compares none."""
        if not self.states:
            return None
        return FileMatrix(
            file=self.file or "",
            path=self.path or "",
            baseline=self.baseline,
            states=self.states,
            ordered=self.ordered,
        )
