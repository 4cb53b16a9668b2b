"""What is known of an event log once it is read, and of each part of it."""

from dataclasses import dataclass, field

from engine.index.values import LogForm
from engine.parsers.evtx.integrity import ChunkFacts, Integrity, Range
from engine.parsers.evtx.numbering import Numbering
from engine.schema.logs import LogKind

FEW = 0.05


@dataclass
class LogFacts:
    """What is known of one log. Ranges are inclusive ``EventRecordID``s, times UTC text or ``None``.

    ``missing`` are the numbers within which records are missing that the file should hold, as far as they
    are known; ``lost`` is how many that are, where it is another number. ``kind`` says how the records came
    into the file, ``left_out`` how many numbers a filter left out; ``computers`` and ``channels`` count
    whose they are. ``first_record`` and ``last_record`` are ``None`` where each channel has its own numbers.
    ``unreadable`` counts records and chunks that the parser refused; ``duplicates`` records whose number in
    the header came twice; ``no_time`` records that bear no time; ``checksums`` is whether the log carries
    any; ``unlisted`` records that stand behind the end a stale chunk header
    tells and were read none the less; ``form`` what the records are numbered by; ``local``: times stand as
    the machine's local time, without a zone, until ``engine.local_times`` settles them; ``chunks`` where
    each record range lies in the file.
    """

    artifact: str
    records: int = 0
    first_record: int | None = None
    last_record: int | None = None
    first_time: str | None = None
    last_time: str | None = None
    missing: list[Range] = field(default_factory=list)
    dirty: bool = False
    full: bool = False
    header_valid: bool = True
    bad_chunks: list[int] = field(default_factory=list)
    cut: int = 0
    unreadable: int = 0
    unlisted: int = 0
    duplicates: int = 0
    form: LogForm = LogForm.EVTX
    local: bool = False
    chunks: list[ChunkFacts] = field(default_factory=list, repr=False)
    kind: LogKind = LogKind.OWN
    lost: int | None = None
    left_out: int = 0
    computers: int = 1
    channels: int = 1
    no_time: int = 0
    checksums: bool = True

    @property
    def few_left_out(self) -> bool:
        """Whether so few numbers are not in a filtered log that records may have gone before it was saved."""
        return self.left_out < FEW * self.records

    @property
    def missing_records(self) -> int:
        """How many records are known to be missing."""
        return sum(last - first + 1 for first, last in self.missing) if self.lost is None else self.lost


@dataclass(frozen=True)
class Place:
    """Where a part of a log lies: its first chunk (from 0) and how many bytes it has, a cut-off
    chunk at the end of the file included."""

    chunk: int
    size: int


@dataclass
class PartFacts:
    """What is known of one part of a log: ``read`` are the numbers in the headers of its records, ``ends``
    as ``Seen`` tells them, the rest is as in ``LogFacts``; no ``integrity`` means that it is no event log."""

    integrity: Integrity | None
    records: int = 0
    read: list[Range] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    first_time: str | None = None
    last_time: str | None = None
    no_time: int = 0
    unreadable: int = 0
